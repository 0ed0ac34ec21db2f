import { spawn } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { createClient } from "@redis/client";
import pg from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Authority, openAuthority } from "../../network/authority.ts";
import { identify, isRunning } from "../../processes.ts";
import { ensurePostgres } from "../../toolchain/postgres.ts";
import { ensureSystemProgram } from "../../toolchain/system-program.ts";
import { createStores, type StoreRequest, type Stores } from "./stores.ts";

const HOST = "contoso.postgres.database.azure.com";
const OTHER = "other.postgres.database.azure.com";
const CACHE = "contoso.redis.cache.windows.net";
const database = (name: string) => ({ name, user: name, secretName: `${name}-database-password` });
const request: StoreRequest = {
  postgres: [
    { host: HOST, port: 5432, tls: true, databases: [database("charts"), database("flows")] },
    { host: OTHER, port: 5432, tls: false, databases: [database("maps")] },
  ],
  redis: [
    {
      host: CACHE,
      port: 6380,
      tls: true,
      users: [
        { secretName: "charts-redis-password" },
        { name: "reports-proxy", keys: "__Host-reports-proxy-", secretName: "reports-proxy-redis-password" },
      ],
    },
    { host: CACHE, port: 6379, tls: false, users: [{ secretName: "maps-redis-password" }] },
  ],
};

let bwrap: string;
let root: string;
let authority: Authority;
let secrets: Map<string, string>;
let lines: string[];
let stores: Stores;

/** Short enough for sockets, wherever temporary files are. */
const newRoot = () => mkdtempSync(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "ent-"));
const open = (runtime = "run") =>
  createStores({
    folder: join(root, "data"),
    runtime: join(root, runtime),
    logs: join(root, "logs"),
    authority,
    bwrap,
    readSecret: async (name) => {
      const known = secrets.get(name) ?? `${name.replaceAll("-", "")}Begin4711`;
      secrets.set(name, known);
      return known;
    },
    log: (line) => lines.push(line),
  });

beforeAll(async () => {
  bwrap = await ensureSystemProgram({ program: "bwrap", package: "bubblewrap", purpose: "runs servers" });
});
beforeEach(async () => {
  root = newRoot();
  mkdirSync(join(root, "logs"));
  authority = await openAuthority(join(root, "network"));
  secrets = new Map();
  lines = [];
  stores = open();
});
afterEach(async () => {
  await stores.stop();
  rmSync(root, { recursive: true, force: true });
});

/** Signs in to PostgreSQL as tools do: by password, over TLS, and only to whom the name belongs. */
async function sql(name: string, options: { user?: string; host?: string; as?: string; tls?: boolean } = {}) {
  const { user = name, host = HOST, as = host, tls = true } = options;
  const client = new pg.Client({
    ...stores.route(host, 5432),
    user,
    database: name,
    password: secrets.get(`${user}-database-password`),
    ssl: tls ? { ca: authority.caPem, servername: as } : false,
  });
  client.on("error", () => {});
  await client.connect();
  return client;
}

async function redis(user: { username?: string; secretName: string }, port = 6380, as = CACHE) {
  const target = stores.route(CACHE, port);
  if (target === undefined) throw new Error("Redis is not served.");
  const place = { ...target, reconnectStrategy: false } as const;
  const tls = { ca: authority.caPem, servername: as, tls: true } as const;
  const client = createClient({
    RESP: 2,
    username: user.username,
    password: secrets.get(user.secretName),
    socket: port === 6380 ? { ...place, ...tls } : place,
  });
  client.on("error", () => {});
  await client.connect();
  return client;
}

describe("servers for tools", () => {
  it("are PostgreSQL with a database for each tool, over TLS under the name of its host", async () => {
    await stores.ensure(request);
    expect(stores.served).toEqual([
      { host: HOST, port: 5432 },
      { host: OTHER, port: 5432 },
      { host: CACHE, port: 6380 },
      { host: CACHE, port: 6379 },
    ]);
    expect(stores.route(HOST, 5433)).toBeUndefined();

    const charts = await sql("charts");
    const { rows } = await charts.query(
      "SELECT ssl, version, current_setting('fsync') AS fsync, current_setting('server_encoding') AS encoding FROM pg_stat_ssl WHERE pid = pg_backend_pid()",
    );
    expect(rows).toEqual([{ ssl: true, version: "TLSv1.3", fsync: "off", encoding: "UTF8" }]);
    await charts.query("CREATE TABLE mine AS SELECT lower('ÉTÉ') AS word");
    expect((await charts.query("SELECT word FROM mine")).rows).toEqual([{ word: "été" }]);
    await expect(charts.query("CREATE DATABASE another")).rejects.toThrow(/permission denied to create database/);
    await charts.end();

    await expect(sql("charts", { as: OTHER })).rejects.toThrow(/does not match certificate's altnames/);
    await expect(sql("charts", { tls: false })).rejects.toThrow(/no pg_hba.conf entry.*no encryption/);
    await expect(sql("flows", { user: "charts" })).rejects.toThrow(/permission denied for database "flows"/);
    await expect(sql("postgres", { user: "charts" })).rejects.toThrow(/permission denied for database "postgres"/);
    await expect(sql("postgres", { user: "entrada operator" })).rejects.toThrow(/pg_hba.conf rejects/);
    // A server of its own, where the settings ask for none of this.
    await (await sql("maps", { host: OTHER, tls: false })).end();
    await expect(sql("charts", { host: OTHER })).rejects.toThrow(/password authentication failed/);
  });

  it("are Redis with a default user for a tool, and users that keep to their own keys", async () => {
    await stores.ensure(request);
    const tool = await redis({ secretName: "charts-redis-password" });
    await tool.set("any", "thing");
    expect(await tool.sendCommand(["INFO", "server"])).toContain("redis_version");
    expect(await tool.sendCommand(["KEYS", "*"])).toEqual(["any"]);
    await expect(tool.sendCommand(["CONFIG", "GET", "*"])).rejects.toThrow(/NOPERM/);

    const proxy = await redis({ username: "reports-proxy", secretName: "reports-proxy-redis-password" });
    await proxy.set("__Host-reports-proxy-1", "session");
    await expect(proxy.get("any")).rejects.toThrow(/NOPERM/);
    await expect(proxy.sendCommand(["FLUSHDB"])).rejects.toThrow(/NOPERM/);
    for (const client of [tool, proxy]) client.destroy();

    const wrong = { username: "reports-proxy", secretName: "charts-redis-password" };
    await expect(redis(wrong)).rejects.toThrow(/WRONGPASS/);
    await expect(redis({ secretName: "charts-redis-password" }, 6380, HOST)).rejects.toThrow(/altnames/);
    (await redis({ secretName: "maps-redis-password" }, 6379)).destroy();
  });

  it("change what differs when they are asked again, and leave connections open", async () => {
    await stores.ensure({ postgres: request.postgres.slice(0, 1), redis: request.redis.slice(0, 1) });
    const [target, cache] = [stores.route(HOST, 5432), stores.route(CACHE, 6380)];
    const [charts, tool] = [await sql("charts"), await redis({ secretName: "charts-redis-password" })];
    const before = lines.length;
    await stores.ensure(request);
    expect(lines.slice(before).filter((line) => line.includes(HOST) || line.includes(`${CACHE}:6380`))).toEqual([]);

    secrets.set("charts-database-password", "another1Password");
    secrets.set("charts-redis-password", "another2Password");
    const rotated = lines.length;
    await stores.ensure(request);
    expect(lines.slice(rotated)).toEqual([
      `PostgreSQL ${HOST}:5432: user charts has a new password`,
      `Redis ${CACHE}:6380: user default is as asked`,
    ]);
    expect([stores.route(HOST, 5432), stores.route(CACHE, 6380)]).toEqual([target, cache]);
    expect((await charts.query("SELECT 1 AS one")).rows).toEqual([{ one: 1 }]);
    expect(await tool.ping()).toBe("PONG");
    await charts.end();
    tool.destroy();
    await (await sql("charts")).end();
    (await redis({ secretName: "charts-redis-password" })).destroy();
    secrets.set("charts-database-password", "chartsdatabasepasswordBegin4711");
    await expect(sql("charts")).rejects.toThrow(/password authentication failed/);
  });

  it("keep databases over a stop, say so when a server ends by itself, and refuse two masters of one folder", async () => {
    const one = { postgres: request.postgres.slice(0, 1), redis: request.redis.slice(0, 1) };
    await stores.ensure(one);
    const first = await sql("charts");
    await first.query("CREATE TABLE kept (word text)");
    await first.end();
    const second = open("run2");
    await expect(second.ensure(one)).rejects.toThrow(/does not start.*shared memory block/s);
    await second.stop();

    await stores.stop();
    expect(stores.served).toEqual([]);
    expect(readFileSync(join(root, "logs", `pg-${HOST}-5432.log`), "utf8")).toContain("database system is shut down");
    await stores.ensure(one);
    await (await sql("charts")).query("INSERT INTO kept VALUES ('yes')");
    expect(readFileSync(join(root, "logs", `pg-${HOST}-5432.log`), "utf8")).not.toContain("not properly shut down");

    for (const pid of serverPids(root)) process.kill(pid, "SIGKILL");
    while (stores.served.length > 0) await delay(20);
    expect(lines.filter((line) => / ended \(/.test(line))).toHaveLength(2);
    await stores.ensure(one);
    const again = await sql("charts");
    expect((await again.query("SELECT word FROM kept")).rows).toEqual([{ word: "yes" }]);
    await again.end();
    (await redis({ secretName: "charts-redis-password" })).destroy();
  });

  it("show no password: not in files, not in arguments", async () => {
    await stores.ensure(request);
    await expect(sql("flows", { user: "charts" })).rejects.toThrow();
    const values = [...secrets.values()];
    expect(values).toHaveLength(6);
    const files = readdirSync(root, { recursive: true, encoding: "utf8" })
      .map((name) => join(root, name))
      .filter((file) => statSync(file).isFile());
    expect(files.length).toBeGreaterThan(100);
    expect(files.filter((file) => values.some((value) => readFileSync(file).includes(value)))).toEqual([]);
    const pids = serverPids(root);
    expect(pids.length).toBe(4);
    for (const pid of pids) {
      const seen = `${readFileSync(`/proc/${pid}/cmdline`)}${readFileSync(`/proc/${pid}/environ`)}`;
      expect(values.filter((value) => seen.includes(value))).toEqual([]);
    }
    expect(statSync(join(root, "run", readdirSync(join(root, "run"))[0] ?? "")).mode & 0o077).toBe(0);
  });
});

describe("when the process that started them is killed", () => {
  it("they end with it, and the next start recovers what they held", async () => {
    const script = join(root, "master.mts");
    const here = (file: string) => JSON.stringify(new URL(file, import.meta.url).href);
    writeFileSync(
      script,
      `import { createStores } from ${here("./stores.ts")};
       import { openAuthority } from ${here("../../network/authority.ts")};
       const at = (name: string) => ${JSON.stringify(root)} + "/" + name;
       const stores = createStores({ folder: at("data"), runtime: at("run"), logs: at("logs"), log: () => {},
         authority: await openAuthority(at("network")), bwrap: ${JSON.stringify(bwrap)},
         readSecret: async (name) => name.replaceAll("-", "") + "Begin4711" });
       await stores.ensure(${JSON.stringify(request)});
       process.stdout.write("up");
       setInterval(() => {}, 1000);`,
    );
    const master = spawn(process.execPath, ["--import", "tsx", script], { stdio: ["ignore", "pipe", "inherit"] });
    await new Promise<void>((resolve, reject) => {
      master.stdout.once("data", () => resolve());
      master.once("exit", (code) => reject(new Error(`The process ended before its servers ran (${code}).`)));
    });
    const servers = serverPids(root).flatMap((pid) => identify(pid) ?? []);
    expect(servers).toHaveLength(4);
    master.kill("SIGKILL");
    const until = Date.now() + 5_000;
    while (servers.some(isRunning) && Date.now() < until) await delay(20);
    expect(servers.filter(isRunning)).toEqual([]);

    await stores.ensure(request);
    const log = readFileSync(join(root, "logs", `pg-${HOST}-5432.log`), "utf8");
    expect(log).toContain("database system was not properly shut down");
    expect(lines.filter((line) => line.includes("made"))).toEqual([]);
    await (await sql("charts")).end();
  });
});

describe("the PostgreSQL that is fetched where the machine has none", () => {
  const cache = newRoot();
  afterAll(() => rmSync(cache, { recursive: true, force: true }));

  it("serves the same, and a folder of another version is refused", async () => {
    const path = `${process.env.PATH}`.split(":").filter((folder) => !existsSync(join(folder, "postgres")));
    const env = { ...process.env, PATH: path.join(":") };
    const fetched = await ensurePostgres({ env, systemFolder: join(cache, "none") });
    expect(fetched).toMatchObject({ major: 18, server: expect.stringMatching(/postgres-[0-9a-f]{12}-linux-amd64/) });
    await stores.stop();
    stores = createStores({
      folder: join(root, "data"),
      runtime: join(root, "run"),
      logs: join(root, "logs"),
      authority,
      bwrap,
      readSecret: async (name) => {
        secrets.set(name, "fetched4711");
        return "fetched4711";
      },
      log: (line) => lines.push(line),
      software: { postgres: async () => fetched, redis: async () => "" },
    });
    const one = { postgres: request.postgres.slice(0, 1), redis: [] };
    await stores.ensure(one);
    const charts = await sql("charts");
    expect((await charts.query("SHOW server_version")).rows[0]?.server_version).toMatch(/^18\./);
    expect((await charts.query("SELECT lower('ÉTÉ') AS word")).rows).toEqual([{ word: "été" }]);
    await charts.end();

    await stores.stop();
    writeFileSync(join(root, "data", "pg", `${HOST}-5432`, "data", "PG_VERSION"), "13\n");
    await expect(stores.ensure(one)).rejects.toThrow(/were made by PostgreSQL 13, and here is 18/);
  });
});

/** The servers that were started with something of the folder; bubblewrap, which started them, is not meant. */
function serverPids(folder: string): number[] {
  return readdirSync("/proc")
    .map(Number)
    .filter((pid) => pid > 0)
    .filter((pid) => {
      try {
        const [program = "", ...args] = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
        return /(postgres|redis-server)( |$)/.test(program) && [program, ...args].join(" ").includes(folder);
      } catch {
        return false;
      }
    });
}
