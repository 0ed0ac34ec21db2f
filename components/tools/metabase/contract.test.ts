import { describe, expect, it } from "vitest";
import { parseSettings, redirectUris } from "../../../model/index.ts";
import { sampleRaw } from "../../../model/testing/sample.ts";
import { metabaseContract } from "./contract.ts";
import { ossSettings, proSettings } from "./tests/fixtures.ts";

const check = (changes: object, settings = proSettings) => metabaseContract.check?.(settings({ ...changes })) ?? [];

/** Problems of a whole stack file whose Metabase is `tool`. */
function problems(tool: unknown): (string | undefined)[][] {
  const parsed = parseSettings({ ...sampleRaw(), tools: { metabase: tool } }, [metabaseContract]);
  return parsed.ok ? [] : parsed.problems.map(({ path, found, allowed }) => [path, found, allowed]);
}

const pro = {
  edition: "pro",
  image: "contoso.azurecr.io/metabase-enterprise:v1.65.4",
  database: { host: "contoso.postgres.database.azure.com" },
  jobs: { image: "contoso.azurecr.io/python:3.12.11" },
  access: { admin: ["admins"] },
};

describe("Metabase's contract", () => {
  it("needs an edition, two images and a database, and has defaults for the rest", () => {
    const parsed = parseSettings({ ...sampleRaw(), tools: { metabase: pro } }, [metabaseContract]);
    expect(parsed).toMatchObject({ ok: true });
    expect(parsed.ok && parsed.settings.tools.metabase).toEqual({
      edition: "pro",
      version: "0.65.4",
      host: "metabase.data.contoso.com",
      namespace: "metabase",
      access: { admin: ["admins"] },
      egress: [],
      image: pro.image,
      replicas: { min: 2, max: 2 },
      data: {},
      database: { host: pro.database.host, port: 5432, name: "metabase", user: "metabase", tls: true },
      session: { lifetime: "8h" },
      logLevel: "INFO",
      jobs: pro.jobs,
      reconcile: { every: "10m", removalLimit: 25 },
      licence: { secretName: "metabase-licence" },
    });
  });

  it("signs in by itself with a secret (pro), or at the proxy without one (oss)", () => {
    expect(metabaseContract.callbacks(proSettings())).toEqual([
      { path: "/auth/sso/entra/callback", platform: "web", credential: "secret" },
    ]);
    expect(redirectUris(metabaseContract, proSettings())).toEqual({
      web: ["https://metabase.data.contoso.com/auth/sso/entra/callback"],
      spa: [],
    });
    expect(redirectUris(metabaseContract, ossSettings())).toEqual({
      web: ["https://metabase.data.contoso.com/oauth2/callback"],
      spa: [],
    });
    expect(metabaseContract.callbacks(ossSettings())).toMatchObject([{ credential: "federated", by: "proxy" }]);
    expect([proSettings(), ossSettings()].map((settings) => metabaseContract.proxied?.(settings))).toEqual([
      false,
      true,
    ]);
  });

  it("offers three roles and one for each further one that may query something", () => {
    const roles = metabaseContract.roles(proSettings());
    expect(roles.map(({ value, admin, toolRoles, description }) => [value, admin, toolRoles, description])).toEqual([
      ["admin", true, ["Administrators"], "Runs Metabase: databases, rights and every collection."],
      ["query", false, ["entrada-query"], "Asks questions of every database (with SQL) and keeps dashboards."],
      ["view", false, ["entrada-view"], "Sees dashboards and questions that others made; queries nothing."],
      [
        "sales-query",
        false,
        ["entrada-sales-query"],
        "Asks questions of warehouse (sales, returns) and keeps dashboards.",
      ],
    ]);
    const narrow = proSettings({ data: { query: { warehouse: ["*"], lake: ["public"], "*": ["*"] } }, access: {} });
    expect(metabaseContract.roles(narrow).find(({ value }) => value === "query")?.description).toBe(
      "Asks questions of warehouse (with SQL), lake (public), every other database (with SQL) and keeps dashboards.",
    );
  });

  it("says the second sign-in, and when somebody is out", () => {
    expect(metabaseContract.remarks?.(proSettings())).toEqual([
      "Who is disabled or loses the role is out of Metabase after at most 10m, when the reconciler runs; without it sessions would last 8h.",
    ]);
    const [second, out] = metabaseContract.remarks?.(ossSettings({ reconcile: { every: "5m" } })) ?? [];
    expect(second).toMatch(/^People sign in twice: with Entra at the identity-aware proxy, then with a password/);
    expect(out).toMatch(/after at most 5m/);
  });

  it.each(["admin", "View", "QUERY"])("refuses rights for %s, which is Metabase's own word", (role) => {
    const changes = { data: { [role]: { warehouse: ["sales"] } }, access: { [role]: ["sales"] } };
    expect(check(changes)).toMatchObject([{ path: ["data", role], allowed: /query, or a name other/ }].map(pathOnly));
  });

  it("refuses a role that nobody holds, a star among schemas, and schemas of every database", () => {
    expect(check({ data: { reader: { a: ["sales", "*"], "*": ["sales"] } } })).toMatchObject([
      { path: ["data", "reader"], found: "a role that access gives to no team" },
      { path: ["data", "reader", "a"], found: '["sales","*"]' },
      { path: ["data", "reader", "*"], found: '["sales"]', allowed: '["*"]' },
    ]);
    expect(check({ data: { query: { warehouse: ["sales"] } } })).toEqual([]);
  });

  it.each([
    ["v1.65.4", proSettings, true],
    ["1.65.4-2", proSettings, true],
    ["v0.65.4", proSettings, false],
    ["v1.65.40", proSettings, false],
    ["v0.65.4", ossSettings, true],
    ["v1.65.4", ossSettings, false],
  ] as const)("checks the image's version and edition: %s", (tag, settings, fits) => {
    const found = check({ image: `contoso.azurecr.io/metabase:${tag}` }, settings);
    expect(found).toMatchObject(fits ? [] : [{ path: ["image"] }]);
    expect(found).toHaveLength(fits ? 0 : 1);
  });
});

function pathOnly({ path }: { path: string[] }) {
  return { path };
}

describe("Metabase's settings", () => {
  it("names the editions where one is missing or wrong", () => {
    const { edition: _, ...without } = pro;
    expect(problems(without)).toEqual([["tools.metabase.edition", "nothing", "pro or oss"]]);
    expect(problems({ ...pro, edition: "cloud" })).toEqual([["tools.metabase.edition", '"cloud"', "pro or oss"]]);
  });

  it("asks for what the edition needs, and takes nothing of the other", () => {
    expect(problems({ ...pro, edition: "oss", image: "contoso.azurecr.io/metabase:v0.65.4" })).toEqual([
      ["tools.metabase.mail", "nothing", "the keys host, port, security, from, user and passwordSecret"],
      ["proxy", "nothing", "the settings of the identity-aware proxy, behind which metabase stands"],
    ]);
    expect(problems({ ...pro, mail: { host: "mail.contoso.com", from: "m@contoso.com" } })).toMatchObject([
      ["tools.metabase.mail", expect.any(String), expect.any(String)],
    ]);
  });

  it.each([
    ["a schedule that does not divide the hour", { reconcile: { every: "7m" } }, "tools.metabase.reconcile.every"],
    ["no limit", { reconcile: { removalLimit: 0 } }, "tools.metabase.reconcile.removalLimit"],
    ["a password", { database: { ...pro.database, password: "x" } }, "tools.metabase.database.password"],
    ["a session of two days", { session: { lifetime: "48h" } }, "tools.metabase.session.lifetime"],
    ["an address with a quote", { administrator: 'a"b@contoso.com' }, "tools.metabase.administrator"],
  ])("refuses %s at its place", (_, changes, path) => {
    expect(problems({ ...pro, ...changes }).map(([place]) => place)).toEqual([path]);
  });
});
