import { describe, expect, it } from "vitest";
import { parseSettings, redirectUris } from "../../../model/index.ts";
import { withChanges } from "../../../model/testing/sample.ts";
import { contracts } from "../registry.ts";
import { customContract } from "./contract.ts";

const minimal = { image: "contoso.azurecr.io/reports:1.4.0", access: { reader: ["analysts"] } };
const settings = (changes: object = {}) => customContract.settings.parse({ ...minimal, ...changes });
const check = (changes: object) => customContract.check?.(settings(changes)) ?? [];

describe("the contract of own web apps", () => {
  it("is registered, and needs an image and who may open it", () => {
    expect(contracts).toContain(customContract);
    expect(settings()).toEqual({
      version: "1",
      host: "<name>.<domain>",
      namespace: "<name>",
      access: { reader: ["analysts"] },
      egress: [],
      image: minimal.image,
      port: 8080,
      replicas: { min: 2, max: 4 },
      resources: { cpu: "100m", memory: "256Mi" },
      roles: {},
      env: {},
    });
  });

  it("always stands behind the proxy, which signs in without a secret", () => {
    expect(customContract.proxied?.(settings())).toBe(true);
    expect(redirectUris(customContract, settings({ host: "reports.data.contoso.com" }))).toEqual({
      web: ["https://reports.data.contoso.com/oauth2/callback"],
      spa: [],
    });
    expect(customContract.callbacks(settings()).map(({ credential, by }) => [credential, by])).toEqual([
      ["federated", "proxy"],
    ]);
  });

  it("speaks an app's own name, and stays itself", () => {
    expect(customContract.named?.("sales-portal")).toMatchObject({ id: "custom", displayName: "Sales portal" });
  });

  it("offers the roles that access names, where none are declared", () => {
    const roles = customContract.roles(settings({ access: { reader: ["analysts"], Administrator: ["bi-admins"] } }));
    expect(roles).toEqual([
      {
        value: "reader",
        displayName: "Reader",
        description: "Reader of the app.",
        admin: false,
        toolRoles: ["reader"],
      },
      {
        value: "Administrator",
        displayName: "Administrator",
        description: "Administrator of the app.",
        admin: true,
        toolRoles: ["Administrator"],
      },
    ]);
  });

  it("offers exactly the declared roles, in a short form or with details", () => {
    const roles = { reader: "Reads all reports.", "chief-editor": { displayName: "Editor in chief", admin: true } };
    expect(customContract.roles(settings({ roles, access: {} }))).toEqual([
      {
        value: "reader",
        displayName: "Reader",
        description: "Reads all reports.",
        admin: false,
        toolRoles: ["reader"],
      },
      {
        value: "chief-editor",
        displayName: "Editor in chief",
        description: "Editor in chief of the app.",
        admin: true,
        toolRoles: ["chief-editor"],
      },
    ]);
  });

  it.each([
    ["no role at all", { access: {} }, ["access"]],
    ["the variable PORT", { env: { PORT: "80" } }, ["env", "PORT"]],
    ["the variable HOME", { env: { HOME: "/data" } }, ["env", "HOME"]],
  ])("finds %s", (_, changes, path) => {
    expect(check(changes)).toMatchObject([{ path }]);
  });

  it.each([
    ["a health path with a query", { health: "/healthz?full=1" }],
    ["a variable in lower case", { env: { level: "info" } }],
    ["memory without a unit", { resources: { memory: "512" } }],
    ["an unknown key of a role", { roles: { reader: { rights: "all" } } }],
    ["an unknown key", { debug: true }],
  ])("refuses %s", (_, changes) => {
    expect(customContract.settings.safeParse({ ...minimal, ...changes }).success).toBe(false);
  });

  it.each([
    ["a secret-looking name", { DB_PASSWORD: "correct-horse" }],
    ["a secret-looking value", { DATABASE: "postgres://reports:correct-horse@db.contoso.com/reports" }],
  ])("is refused by the parser with %s among the variables", (_, env) => {
    const custom = { reports: { image: minimal.image, access: { reader: ["admins"] }, env } };
    const proxy = { image: "contoso.azurecr.io/oauth2-proxy:7.15.3-alpine", redis: { host: "redis.contoso.com" } };
    const parsed = parseSettings(withChanges({ proxy, tools: { custom } }), contracts);
    const [name = ""] = Object.keys(env);
    expect(parsed.ok ? [] : parsed.problems.map(({ path }) => path)).toEqual([`tools.custom.reports.env.${name}`]);
  });
});
