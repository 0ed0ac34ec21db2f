import * as runtime from "@pulumi/pulumi/runtime/index.js";
import { beforeAll, describe, expect, it } from "vitest";
import { type Run, runProgram } from "../components/testing/mocks.ts";
import { contracts } from "../components/tools/registry.ts";
import program from "../infra/index.ts";
import { formatProblems, parseSettings, type Settings, settingsFromConfig } from "../model/index.ts";
import { checkRequests } from "../sandbox/runner/data/request.ts";
import { readConfig, stackFile } from "./project.ts";
import { storesOf } from "./stores.ts";

const SAMPLE = readConfig(stackFile("sandbox"));
const POSTGRES = "contoso-sandbox.postgres.database.azure.com";
const REDIS = "contoso-sandbox.redis.cache.windows.net";

function settingsOf(config: Readonly<Record<string, string>>): Settings {
  const parsed = parseSettings(settingsFromConfig(config), contracts);
  if (!parsed.ok) throw new Error(formatProblems(parsed.problems));
  return parsed.settings;
}

/** The sample with the tools' other choices: names, ports, Celery, the open-source Metabase, a partner with two roles. */
function otherConfig(): Record<string, string> {
  const tools = JSON.parse(SAMPLE["entrada:tools"] ?? "{}");
  const partners = JSON.parse(SAMPLE["entrada:partners"] ?? "{}");
  const host = "other.postgres.database.azure.com";
  partners.acme.tools.reports.access = { Reader: ["contoso-reports"], Author: ["contoso-authors"] };
  return {
    ...SAMPLE,
    "entrada:partners": JSON.stringify(partners),
    "entrada:tools": JSON.stringify({
      ...tools,
      superset: { ...tools.superset, database: { host, port: 6432, name: "bi", user: "bi_owner", tls: false } },
      airflow: {
        ...tools.airflow,
        executor: { celery: { redis: { host: "queue.contoso.com", port: 6379, tls: false } } },
      },
      metabase: {
        ...tools.metabase,
        edition: "oss",
        image: "contoso.azurecr.io/metabase:v0.65.4",
        mail: { host: "mail.contoso.com", from: "metabase@contoso.com" },
        database: { host, name: "questions", user: "asker" },
      },
      openmetadata: { ...tools.openmetadata, proxy: { off: "The proxy's Redis is not there yet." } },
    }),
  };
}

describe("the servers of the sample company's tools", () => {
  const settings = settingsOf(SAMPLE);

  it("are one PostgreSQL with a database for each, and one Redis with a user for each proxy", () => {
    const database = (id: string) => ({ name: id, user: id, secretName: `${id}-database-password` });
    const proxy = (name: string) => ({ name, keys: `__Host-${name}-`, secretName: `${name}-redis-password` });
    expect(storesOf(settings, Object.keys(settings.tools))).toEqual({
      postgres: [
        {
          host: POSTGRES,
          port: 5432,
          tls: true,
          databases: ["airflow", "metabase", "openmetadata", "superset"].map(database),
        },
      ],
      redis: [
        {
          host: REDIS,
          port: 6380,
          tls: true,
          users: [
            proxy("reports-proxy"),
            proxy("reports-proxy-acme"),
            proxy("openmetadata-proxy"),
            { secretName: "superset-redis-password" },
          ],
        },
      ],
    });
  });

  it("are those of the asked tools alone", () => {
    expect(storesOf(settings, ["airflow"])).toEqual({
      postgres: [expect.objectContaining({ databases: [expect.objectContaining({ name: "airflow" })] })],
      redis: [],
    });
    expect(storesOf(settings, ["databricks"])).toEqual({ postgres: [], redis: [] });
  });
});

describe.each([
  ["the sample", SAMPLE],
  ["the tools' other choices", otherConfig()],
])("what the operator is asked for, of %s", (_, config) => {
  const settings = settingsOf(config);
  const asked = storesOf(settings, Object.keys(settings.tools));
  let run: Run;
  let texts: string[];

  beforeAll(async () => {
    runtime.setAllConfig(config);
    run = await runProgram(program);
    texts = ofType("kubernetes:core/v1:ConfigMap").flatMap(({ data }) =>
      Object.values((data ?? {}) as Record<string, string>),
    );
  }, 60_000);
  const ofType = (type: string) => run.resources.filter((one) => one.type === type).map(({ inputs }) => inputs);

  it("can be given", () => {
    expect(() => checkRequests([asked])).not.toThrow();
  });

  it("has its passwords in the vault, every one of them", () => {
    const made = ofType("azure-native:keyvault:Secret").map(({ secretName }) => String(secretName));
    const used = [
      ...asked.postgres.flatMap(({ databases }) => databases),
      ...asked.redis.flatMap(({ users }) => users),
    ];
    expect(used.map(({ secretName }) => secretName).sort()).toEqual(
      made.filter((name) => /-(database|redis)-password$/.test(name)).sort(),
    );
    expect(used.length).toBeGreaterThan(6);
  });

  it("is what the proxies are told of Redis", () => {
    const value = (text: string, key: string) => new RegExp(`^${key} = "(.*)"$`, "m").exec(text)?.[1];
    const told = texts
      .filter((text) => value(text, "redis_username") !== undefined)
      .map((text) => ({
        url: value(text, "redis_connection_url"),
        name: value(text, "redis_username"),
        keys: `${value(text, "cookie_name")}-`,
      }));
    const wanted = asked.redis.flatMap(({ host, port, tls, users }) =>
      users
        .filter(({ name }) => name !== undefined)
        .map(({ name, keys }) => ({ url: `${tls ? "rediss" : "redis"}://${host}:${port}`, name, keys })),
    );
    const byName = (a: { name?: string }, b: { name?: string }) => `${a.name}`.localeCompare(`${b.name}`);
    expect(wanted.sort(byName)).toEqual(told.sort(byName));
    expect(told.length).toBeGreaterThan(2);
  });

  it("is what Superset and Airflow are told of their servers", () => {
    type Told = { database: { host?: string; name: string; user: string }; redis?: object | null };
    const told = texts
      .filter((text) => text.startsWith("{"))
      .map((text) => JSON.parse(text) as Partial<Told>)
      .flatMap(({ database, redis }) => (database?.host === undefined ? [] : [{ database, redis }]));
    expect(told.map(({ database }) => secretOf(database)).sort()).toEqual([
      "airflow-database-password",
      "superset-database-password",
    ]);
    for (const { database, redis } of told) {
      if (redis === undefined || redis === null) continue;
      const users = asked.redis.find((server) => agrees(redis, server))?.users;
      expect(users).toContainEqual({ secretName: secretOf(database)?.replace("database", "redis") });
    }
  });
  /** The secret of a database with a host, name and user of its own. */
  const secretOf = (told: { name: string; user: string }) =>
    asked.postgres
      .flatMap(({ databases, ...server }) => databases.map((database) => ({ ...server, ...database })))
      .find((wanted) => agrees(told, wanted))?.secretName;

  it("is what Metabase and OpenMetadata are told of their databases", () => {
    const all = JSON.stringify(run.resources.map(({ inputs }) => inputs));
    for (const id of ["metabase", "openmetadata"]) {
      const [server, database] =
        asked.postgres.flatMap((one) =>
          one.databases
            .filter(({ secretName }) => secretName.startsWith(`${id}-`))
            .map((found) => [one, found] as const),
        )[0] ?? [];
      expect(all).toContain(`${server?.host}:${server?.port}/${database?.name}`);
    }
  });
});

function agrees(told: object, wanted: object): boolean {
  return Object.entries(told).every(([key, value]) => (wanted as Record<string, unknown>)[key] === value);
}
