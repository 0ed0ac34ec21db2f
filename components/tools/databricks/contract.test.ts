import { describe, expect, it } from "vitest";
import { contains, isPrivate, overlap, startsItsRange } from "../../../model/address-ranges.ts";
import { descriptionOf, schemaAt } from "../../../model/settings/described.ts";
import { keysAt } from "../../../model/settings/structure.ts";
import { databricksContract } from "./contract.ts";
import { databricksSettings } from "./settings.ts";
import { ACCOUNT, databricksSettingsOf, IDENTITY } from "./tests/fixtures.ts";

const problems = (changes: Record<string, unknown>) => {
  const found = databricksContract.check?.(databricksSettingsOf(changes)) ?? [];
  return found.map(({ path, found: text }) => `${path.join(".")}: ${text}`);
};

describe("Databricks' settings", () => {
  it("need an account, and are closed and short-lived where nothing is said", () => {
    expect(databricksSettings.safeParse({}).error?.issues.map(({ path }) => path.join("."))).toEqual(["accountId"]);
    expect(databricksSettings.parse({ accountId: ACCOUNT })).toEqual({
      version: "premium",
      host: "databricks.<domain>",
      namespace: "databricks",
      access: {},
      egress: [],
      accountId: ACCOUNT,
      accountAdmin: true,
      network: { addressSpace: "10.139.0.0/16", publicSubnet: "10.139.0.0/18", privateSubnet: "10.139.64.0/18" },
      allowedIps: [],
      deployerIps: [],
      tokens: "off",
      clusterCreation: false,
      grants: {},
      services: {},
      logs: { retentionDays: 90 },
    });
  });

  it.each([
    ["tokens", { maxDays: 91 }],
    ["tokens", "on"],
    ["allowedIps", ["2001:db8::/32"]],
    ["allowedIps", ["300.1.1.1"]],
    ["network", { addressSpace: "10.0.0.0" }],
    ["grants", { analysts: { schemas: { main: ["SELECT"] } } }],
    ["grants", { analysts: { schemas: { "main.sales": ["ALL_PRIVILEGES"] } } }],
    ["grants", { analysts: { models: { "main.ml.churn": [] } } }],
    ["services", { scorer: { secret: "x" } }],
    ["logs", { retentionDays: 29 }],
  ])("refuse %s %j", (key, value) => {
    expect(databricksSettings.safeParse({ accountId: ACCOUNT, [key]: value }).success).toBe(false);
  });

  it("have a description and an example that they take, at every key", () => {
    const keys = keysAt(databricksSettings, []);
    expect(keys).toHaveLength(15);
    for (const key of keys) {
      const place = schemaAt(databricksSettings, [key]);
      const { description, allowed, example } = descriptionOf(place);
      expect(description).toMatch(/\.$/);
      expect(allowed).toMatch(/[^.]$/);
      expect(place?.safeParse(example).error?.issues).toBeUndefined();
    }
  });
});

describe("Databricks' rules", () => {
  it("take settings with one of everything", () => {
    expect(problems({})).toEqual([]);
  });

  it.each([
    [{ deployerIps: [] }, ["deployerIps: nothing, though allowedIps closes the workspace"]],
    [{ allowedIps: [] }, ["allowedIps: nothing, though deployerIps closes the workspace"]],
    [{ allowedIps: [], deployerIps: [] }, []],
    [{ deployerIps: ["10.1.2.3"] }, ["deployerIps.0: 10.1.2.3, which no service on the internet ever sees"]],
    [{ allowedIps: ["0.0.0.0/0"] }, ["allowedIps.0: 0.0.0.0/0, which no service on the internet ever sees"]],
  ])("keep the deployer inside the IP access list: %j", (changes, expected) => {
    expect(problems(changes)).toEqual(expected);
  });

  it("count the addresses of both lists together", () => {
    const allowedIps = Array.from(
      { length: 999 },
      (_, index) => `198.51.${100 + Math.floor(index / 256)}.${index % 256}`,
    );
    expect(problems({ allowedIps })).toEqual(["allowedIps: 1000 addresses"]);
    expect(problems({ allowedIps: allowedIps.slice(1) })).toEqual([]);
  });

  it.each([
    [
      { addressSpace: "10.139.0.0/15" },
      ["network.addressSpace: a network of /15", "network.addressSpace: 10.139.0.0/15"],
    ],
    [{ publicSubnet: "10.140.0.0/18" }, ["network.publicSubnet: 10.140.0.0/18, outside of 10.139.0.0/16"]],
    [{ publicSubnet: "10.139.0.0/27" }, ["network.publicSubnet: a subnet of /27"]],
    [{ publicSubnet: "10.139.64.0/20" }, ["network.privateSubnet: 10.139.64.0/18, which overlaps 10.139.64.0/20"]],
  ])("check the network %j", (network, expected) => {
    expect(problems({ network })).toEqual(expected);
  });

  it("keep consumer access apart from other entitlements of one team", () => {
    expect(problems({ access: { analyst: ["analysts"], viewer: ["sales", "analysts"] } })).toEqual([
      "access.viewer.1: the team analysts, which has another role too",
    ]);
  });

  it("give rights to teams of the workspace, and only where they open something", () => {
    const grants = {
      sales: { schemas: { "main.sales": ["SELECT"] } },
      strangers: { catalogs: { main: ["USE_CATALOG"] } },
      analysts: { catalogs: { main: ["USE_CATALOG", "USE_SCHEMA"] }, models: { "main.ml.churn": ["EXECUTE"] } },
    };
    expect(problems({ grants })).toEqual([
      "grants.strangers: a team without a role in the workspace",
      "grants.sales.schemas.main.sales: rights on main.sales without USE_CATALOG on main, which open nothing",
      "grants.sales.schemas.main.sales: rights on main.sales without USE_SCHEMA on main.sales, which open nothing",
    ]);
  });

  it("ask one identity of its own of every program", () => {
    const federation = { namespace: "scoring", serviceAccount: "scorer" };
    expect(
      problems({
        services: {
          none: {},
          both: { federation, managedIdentity: IDENTITY },
          first: { federation },
          second: { federation },
        },
      }),
    ).toEqual([
      "services.none: no identity",
      "services.both: two identities",
      "services.second: the identity of first",
    ]);
  });

  it("promise nothing about egress", () => {
    expect(problems({ egress: ["warehouse.contoso.com"] })).toEqual(["egress: hosts that clusters may reach"]);
  });
});

describe("Databricks' contract", () => {
  it("registers nothing and counts nested teams", () => {
    expect(databricksContract.callbacks(databricksSettingsOf())).toEqual([]);
    expect(databricksContract.membership).toBe("transitive");
  });

  it("says rights in Databricks' own words, cluster creation by setting", () => {
    const rights = (clusterCreation: boolean) =>
      Object.fromEntries(
        databricksContract
          .roles(databricksSettingsOf({ clusterCreation }))
          .map(({ value, admin, toolRoles }) => [value, `${admin ? "admin: " : ""}${toolRoles.join(" ")}`]),
      );
    expect(rights(false)).toEqual({
      admin: "admin: ADMIN workspace-access databricks-sql-access allow-cluster-create allow-instance-pool-create",
      engineer: "USER workspace-access databricks-sql-access",
      analyst: "USER databricks-sql-access",
      viewer: "USER workspace-consume",
    });
    expect(rights(true).engineer).toBe("USER workspace-access databricks-sql-access allow-cluster-create");
  });

  it("tells a reader of the access report what settings leave open", () => {
    const remarks = (changes: Record<string, unknown>) =>
      databricksContract.remarks?.(databricksSettingsOf(changes))?.slice(2) ?? [];
    expect(remarks({})).toEqual([]);
    expect(remarks({ accountAdmin: false, allowedIps: [], tokens: { maxDays: 7 } })).toEqual([
      expect.stringContaining("account admin"),
      expect.stringContaining("whole internet"),
      expect.stringContaining("7 days"),
    ]);
  });
});

describe("ranges of addresses", () => {
  it("are compared by number", () => {
    expect(contains("10.139.0.0/16", "10.139.255.255")).toBe(true);
    expect(contains("10.139.0.0/16", "10.140.0.0/24")).toBe(false);
    expect(overlap("10.0.0.0/25", "10.0.0.128/25")).toBe(false);
    expect(overlap("0.0.0.0/0", "223.255.255.255")).toBe(true);
    expect(startsItsRange("10.0.0.128/25")).toBe(true);
    expect(startsItsRange("10.0.0.129/25")).toBe(false);
    expect(isPrivate("172.31.0.1")).toBe(true);
    expect(isPrivate("172.32.0.1")).toBe(false);
  });
});
