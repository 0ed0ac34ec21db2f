import { describe, expect, it } from "vitest";
import { logoutUrl, redirectUris } from "../../../model/index.ts";
import { airflowContract } from "./contract.ts";
import { airflowSettings, CELERY } from "./tests/fixtures.ts";

const minimal = {
  image: "contoso.azurecr.io/airflow:3.3.2",
  database: { host: "contoso.postgres.database.azure.com" },
};
const settings = (changes: object = {}) => airflowContract.settings.parse({ ...minimal, ...changes });
const check = (changes: object) => airflowContract.check?.(settings(changes)) ?? [];

describe("Airflow's contract", () => {
  it("needs an image and a database, and has defaults for the rest", () => {
    expect(settings()).toEqual({
      version: "3.3.2",
      host: "airflow.<domain>",
      namespace: "airflow",
      access: {},
      egress: [],
      image: minimal.image,
      replicas: { min: 2, max: 4 },
      executor: "kubernetes",
      roles: {},
      triggers: {},
      tokens: { lifetime: "15m" },
      connections: [],
      database: { host: minimal.database.host, port: 5432, name: "airflow", user: "airflow", tls: true },
      session: { lifetime: "8h" },
      logLevel: "INFO",
    });
  });

  it("takes Celery with a Redis and workers that are scaled", () => {
    expect(settings(CELERY).executor).toEqual({
      celery: {
        redis: { host: "contoso.redis.cache.windows.net", port: 6380, tls: true },
        workers: { min: 2, max: 8 },
      },
    });
  });

  it.each(airflowContract.versions)(
    "registers exactly the path that version %s sends, and needs no secret",
    (version) => {
      const tool = settings({ version, host: "airflow.data.contoso.com" });
      expect(redirectUris(airflowContract, tool)).toEqual({
        web: ["https://airflow.data.contoso.com/auth/oauth-authorized/azure"],
        spa: [],
      });
      expect(airflowContract.callbacks(tool).map(({ credential }) => credential)).toEqual(["federated"]);
      expect(logoutUrl(airflowContract, tool)).toBe("https://airflow.data.contoso.com/auth/logout");
      expect(airflowContract.partners).toBe(true);
    },
  );

  it("offers Airflow's roles, declared ones, and one for programs of each role that a trigger has", () => {
    const roles = airflowContract.roles(airflowSettings());
    expect(roles.map(({ value, admin, toolRoles, holders }) => [value, admin, toolRoles, holders])).toEqual([
      ["Admin", true, ["Admin"], undefined],
      ["Op", false, ["Op"], undefined],
      ["User", false, ["User"], undefined],
      ["Viewer", false, ["Viewer"], undefined],
      ["sales-runner", false, ["sales-runner"], undefined],
      ["trigger-Op", false, ["Op"], ["Application"]],
      ["trigger-sales-runner", false, ["sales-runner"], ["Application"]],
    ]);
  });

  it("writes triggers out in full: the short form is a service account in a namespace of its own", () => {
    expect(airflowSettings().triggers).toEqual({
      "nightly-loader": { role: "Op", serviceAccount: { namespace: "nightly-loader", name: "nightly-loader" } },
      crm: { role: "sales-runner", serviceAccount: { namespace: "crm", name: "sync" } },
      billing: { role: "Op", application: "44444444-4444-4444-8444-444444444444" },
    });
    expect(airflowContract.remarks?.(airflowSettings())).toEqual([
      "The program nightly-loader triggers DAGs as Op (service account nightly-loader/nightly-loader).",
      "The program crm triggers DAGs as sales-runner (service account crm/sync).",
      "The program billing triggers DAGs as Op (application 44444444-4444-4444-8444-444444444444).",
    ]);
  });

  it("finds nothing wrong with the settings of the other tests", () => {
    expect(airflowContract.check?.(airflowSettings())).toEqual([]);
  });

  it.each(["Admin", "op", "USER", "viewer", "public"])(
    "refuses the declared role %s, which Airflow has itself",
    (role) => {
      const roles = { [role]: { permissions: { DAGs: ["can_read"] } } };
      expect(check({ roles, access: { [role]: ["sales"] } })).toMatchObject([
        { path: ["roles", role], fix: "Rename the role here and in access." },
      ]);
    },
  );

  it("refuses a declared role with a program's name, with a right to change rights, and one that nobody holds", () => {
    const one = (permissions: object) => ({ permissions });
    expect(
      check({ roles: { "trigger-x": one({ DAGs: ["can_read"] }) }, access: { "trigger-x": ["a"] } }),
    ).toMatchObject([{ path: ["roles", "trigger-x"] }, { path: ["access", "trigger-x"] }]);
    const guarded = one({ Users: ["can_edit"], Connections: ["can_read"], DAGs: ["can_read"] });
    expect(check({ roles: { helper: guarded }, access: { helper: ["sales"] } })).toMatchObject([
      { path: ["roles", "helper", "permissions", "Users"], found: "a right on Users" },
      { path: ["roles", "helper", "permissions", "Connections"], found: "a right on Connections" },
    ]);
    expect(check({ roles: { helper: one({ DAGs: ["can_read"] }) } })).toMatchObject([
      { path: ["roles", "helper"], found: "a role that access gives to no team and no trigger has" },
    ]);
  });

  it("refuses a trigger with an admin's role or one that is not there, and a program's role for people", () => {
    expect(
      check({ triggers: { a: "Admin", b: "Public", c: { role: "none", application: crypto.randomUUID() } } }),
    ).toMatchObject([
      { path: ["triggers", "a"], found: "the role Admin", allowed: "one of Op, User, Viewer" },
      { path: ["triggers", "b"], found: "the role Public" },
      { path: ["triggers", "c"], found: "the role none" },
    ]);
    expect(check({ triggers: { a: "Op" }, access: { "trigger-Op": ["sales"] } })).toMatchObject([
      { path: ["access", "trigger-Op"], fix: "Write Op for people; programs stand under triggers." },
    ]);
  });

  it("refuses an image of another version", () => {
    expect(check({ image: "contoso.azurecr.io/airflow:3.3.1" })).toMatchObject([{ path: ["image"] }]);
    expect(check({ version: "3.2.2" })).toMatchObject([{ path: ["image"], found: "an image of version 3.3.2" }]);
    expect(settings({ image: "contoso.azurecr.io/airflow:3.2.2-dags.7" }).version).toBe("3.2.2");
  });

  it.each([
    ["a resource that Airflow has not", { roles: { r: { permissions: { Dags: ["can_read"] } } } }],
    ["an action that Airflow has not", { roles: { r: { permissions: { DAGs: ["can_write"] } } } }],
    ["a role without permissions", { roles: { r: { permissions: { DAGs: [] } } } }],
    [
      "a trigger that is both",
      { triggers: { a: { role: "Op", application: crypto.randomUUID(), serviceAccount: {} } } },
    ],
    ["a trigger that is nobody", { triggers: { a: { role: "Op" } } }],
    ["a connection that is no vault secret's name", { connections: ["ware_house"] }],
    ["a token that lasts longer than an hour", { tokens: { lifetime: "2h" } }],
    ["Celery without Redis", { executor: { celery: {} } }],
    ["a password", { database: { ...minimal.database, password: "x" } }],
    ["an unknown key", { debug: true }],
  ])("refuses %s", (_, changes) => {
    expect(airflowContract.settings.safeParse({ ...minimal, ...changes }).success).toBe(false);
  });
});
