import { describe, expect, it } from "vitest";
import { sampleContract, sampleRaw, sampleSettings, withChanges } from "../testing/sample.ts";
import { parseSettings } from "./parse.ts";
import { toolSettings } from "./schema.ts";

const contracts = [sampleContract(), sampleContract("maps")];
const image = "contoso.azurecr.io/charts:2.0.0";

/** The problems of the sample with some top-level keys replaced, as path and found. */
function problems(changes: Record<string, unknown>): string[][] {
  const parsed = parseSettings(withChanges(changes), contracts);
  return parsed.ok ? [] : parsed.problems.map(({ path, found }) => [path, found]);
}

describe("parseSettings", () => {
  it("fills in every default", () => {
    expect(sampleSettings()).toEqual({
      ...sampleRaw(),
      teams: {
        admins: { privileged: true, owners: ["ana.lima"], members: ["ana.lima"], teams: [] },
      },
      people: {
        "ana.lima": { displayName: "Ana Lima", enabled: true, guest: false, methods: ["authenticator"] },
        "jon.berg": { displayName: "Jon Berg", enabled: true, guest: false, methods: ["authenticator"] },
      },
      tools: {
        charts: {
          version: "2.0.0",
          host: "charts.data.contoso.com",
          namespace: "charts",
          image,
          access: { Owner: ["admins"] },
          egress: [],
        },
      },
      cluster: {
        oidcIssuer: "https://oidc.contoso.com/cluster-1",
        gateway: { name: "public", namespace: "gateway" },
        egress: "names",
      },
      keyVault: {
        name: expect.stringMatching(/^kv-sandbox-[0-9a-f]{6}$/),
        publicAccess: false,
        allowedIps: [],
        retentionDays: 90,
      },
      secrets: { lifetimeDays: 90, anchor: "2026-01-01" },
      sessions: { maximum: "8h", revocation: "1h" },
      partners: {},
      conditionalAccess: {
        state: "report-only",
        breakGlass: [],
        countries: [],
        offices: {},
        admins: "phishing-resistant",
        frequency: { people: "12h", admins: "4h", unmanaged: "1h" },
        devices: "short-session",
        baseline: {},
        strengths: {},
        policies: {},
        deployers: [],
      },
    });
  });

  it("names the vault the same at every run, in at most 24 characters, and differently per environment", () => {
    const name = (environment: string) => sampleSettings({ environment, people: undefined }).keyVault.name;
    expect(name("dev-west-europe")).toBe(name("dev-west-europe"));
    expect(name("dev")).not.toBe(name("staging"));
    for (const environment of ["a1", "abcdefghijklmnop", "abcdefghijklm-op"]) {
      expect(name(environment)).toMatch(/^(?=.{3,24}$)[a-z](-?[a-z0-9])*$/);
    }
    expect(sampleSettings({ keyVault: { name: "kv-contoso" } }).keyVault.name).toBe("kv-contoso");
  });

  it("takes a day that a YAML reader has turned into a moment", () => {
    expect(sampleSettings({ secrets: { anchor: "2026-03-01T00:00:00Z" } }).secrets.anchor).toBe("2026-03-01");
  });

  it("gives a tool's settings with the tool's own type", () => {
    expect(toolSettings(sampleSettings(), sampleContract())?.image).toBe(image);
    expect(toolSettings(sampleSettings(), sampleContract("maps"))).toBeUndefined();
  });

  it.each([[undefined], [null], ["text"], [[]], [42]])("refuses %j as a whole", (raw) => {
    const parsed = parseSettings(raw, contracts);
    expect(parsed).toMatchObject({ ok: false, problems: [{ path: "(the settings)" }] });
  });

  it("wants a host and a namespace of its own for every tool", () => {
    const charts = { image, host: "bi.data.contoso.com", namespace: "bi" };
    const maps = { ...charts, image: "contoso.azurecr.io/maps:2.0.0" };
    expect(problems({ tools: { charts, maps } })).toEqual([
      ["tools.maps.host", '"bi.data.contoso.com", which charts has'],
      ["tools.maps.namespace", '"bi", which charts has'],
    ]);
  });

  it("reports in the order of the file", () => {
    const paths = problems({ subscriptionId: "x", cluster: {}, teams: { admins: {} }, tools: { charts: {} } }).map(
      ([path]) => path,
    );
    expect(paths).toEqual([
      "subscriptionId",
      "cluster.gateway",
      "cluster.oidcIssuer",
      "teams.admins",
      "teams.admins.owners",
      "tools.charts.image",
    ]);
  });

  it("does not blame hosts, images and names for what is wrong with domain, registry and people", () => {
    expect(problems({ domain: "nonsense" })).toEqual([["domain", '"nonsense"']]);
    expect(problems({ registry: "https://x" })).toEqual([["registry", '"https://x"']]);
    expect(problems({ people: "everybody" })).toEqual([["people", '"everybody"']]);
  });

  it("finds a pasted secret in any value, once, and shows none in a path either", () => {
    const token = `ghp_${"a1B2".repeat(9)}`;
    const parsed = parseSettings(withChanges({ organization: token, [token]: 1, location: token }), contracts);
    expect(JSON.stringify(parsed)).not.toContain(token);
    const hidden = "a value that looks like a secret (not shown)";
    expect(parsed.ok ? [] : parsed.problems.map(({ path, found }) => [path, found])).toEqual([
      ["organization", hidden],
      ["location", hidden],
      ["[hidden]", "an unknown key"],
    ]);
  });
});
