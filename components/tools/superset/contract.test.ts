import { describe, expect, it } from "vitest";
import { logoutUrl, redirectUris } from "../../../model/index.ts";
import { contracts } from "../registry.ts";
import { supersetContract } from "./contract.ts";

const minimal = {
  image: "contoso.azurecr.io/superset:6.1.0",
  database: { host: "contoso.postgres.database.azure.com" },
  redis: { host: "contoso.redis.cache.windows.net" },
};
const settings = (changes: object = {}) => supersetContract.settings.parse({ ...minimal, ...changes });
const check = (changes: object) => supersetContract.check?.(settings(changes)) ?? [];

describe("Superset's contract", () => {
  it("is registered under its own id", () => {
    expect(contracts).toContain(supersetContract);
    expect(new Set(contracts.map(({ id }) => id)).size).toBe(contracts.length);
  });

  it("needs an image and two servers, and has defaults for the rest", () => {
    expect(settings()).toEqual({
      version: "6.1.0",
      host: "superset.<domain>",
      namespace: "superset",
      access: {},
      egress: [],
      image: minimal.image,
      replicas: { min: 2, max: 4 },
      workers: { min: 1, max: 4 },
      datasets: {},
      database: { host: minimal.database.host, port: 5432, name: "superset", user: "superset", tls: true },
      redis: { host: minimal.redis.host, port: 6380, tls: true },
      session: { lifetime: "8h" },
      logLevel: "INFO",
    });
  });

  it.each(supersetContract.versions)(
    "registers exactly the path that version %s sends, for the web platform",
    (version) => {
      expect(redirectUris(supersetContract, settings({ version, host: "superset.data.contoso.com" }))).toEqual({
        web: ["https://superset.data.contoso.com/oauth-authorized/azure"],
        spa: [],
      });
    },
  );

  it("signs out at /logout/ and needs no secret", () => {
    expect(logoutUrl(supersetContract, settings({ host: "superset.data.contoso.com" }))).toBe(
      "https://superset.data.contoso.com/logout/",
    );
    expect(supersetContract.callbacks(settings()).map(({ credential }) => credential)).toEqual(["federated"]);
  });

  it("offers Superset's roles and one for each declared dataset role", () => {
    const datasets = { "sales-reader": { warehouse: ["sales"], archive: ["*"] } };
    const roles = supersetContract.roles(settings({ datasets }));
    expect(roles.map(({ value, admin, toolRoles }) => [value, admin, toolRoles])).toEqual([
      ["Admin", true, ["Admin"]],
      ["Alpha", false, ["Alpha", "sql_lab"]],
      ["Gamma", false, ["Gamma"]],
      ["sales-reader", false, ["Gamma", "sales-reader"]],
    ]);
    expect(roles.at(-1)?.description).toBe("Sees dashboards on warehouse (sales), archive only.");
  });

  it.each(["Admin", "alpha", "GAMMA", "public", "sql_lab"])(
    "refuses the dataset role %s, which Superset has itself",
    (role) => {
      const problems = check({ datasets: { [role]: { warehouse: ["sales"] } }, access: { [role]: ["sales"] } });
      expect(problems).toMatchObject([{ path: ["datasets", role], fix: "Rename the role here and in access." }]);
    },
  );

  it("refuses a dataset role that nobody holds, and a star among schemas", () => {
    expect(check({ datasets: { reader: { warehouse: ["sales", "*"] } } })).toMatchObject([
      { path: ["datasets", "reader"], found: "a role that access gives to no team" },
      { path: ["datasets", "reader", "warehouse"], found: '["sales","*"]' },
    ]);
  });

  it.each([
    ["6.0.0", "6.0.0"],
    ["v6.0.0-2", "6.0.0"],
    ["6.1.0", "6.1.0"],
    ["6.2.0", "6.1.0"],
  ])("has the version of an image tagged %s without its being named", (tag, version) => {
    expect(settings({ image: `contoso.azurecr.io/superset:${tag}` }).version).toBe(version);
  });

  it("refuses a named version that the image has not", () => {
    expect(check({ version: "6.0.0" })).toMatchObject([{ path: ["image"], found: "an image of version 6.1.0" }]);
    expect(supersetContract.settings.safeParse({ ...minimal, version: "5.0.0" }).success).toBe(false);
  });

  it.each(["6.1.0", "v6.1.0", "6.1.0-2", "6.1.0.entrada", "6.0.0"])("takes an image tagged %s", (tag) => {
    expect(check({ image: `contoso.azurecr.io/superset:${tag}` })).toEqual([]);
  });

  it.each(["6.0.2", "6.1.01", "6.1.10"])("refuses an image tagged %s", (tag) => {
    expect(check({ image: `contoso.azurecr.io/superset:${tag}` })).toMatchObject([{ path: ["image"] }]);
  });

  it.each([
    ["a schema with a bracket, which would end the permission's name", { datasets: { r: { warehouse: ["a]"] } } }],
    ["a schema with a dot", { datasets: { r: { warehouse: ["a.b"] } } }],
    ["no schema at all", { datasets: { r: { warehouse: [] } } }],
    ["a password", { database: { ...minimal.database, password: "x" } }],
    ["an unknown key", { debug: true }],
  ])("refuses %s", (_, changes) => {
    expect(supersetContract.settings.safeParse({ ...minimal, ...changes }).success).toBe(false);
  });
});
