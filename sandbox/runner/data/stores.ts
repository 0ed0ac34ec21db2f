import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Authority } from "../../network/authority.ts";
import type { ProxyTarget } from "../../network/proxy.ts";
import { ensurePostgres, type Postgres } from "../../toolchain/postgres.ts";
import { ensureRedis } from "../../toolchain/redis.ts";
import { PostgresServer } from "./postgres-server.ts";
import { RedisServer } from "./redis-server.ts";
import type { WantedUser } from "./redis-users.ts";
import { addressOf, checkRequests, type RedisRequest, type ServerRequest, type StoreRequest } from "./request.ts";
import { PASSWD } from "./server-process.ts";
import type { ServerSurroundings } from "./surroundings.ts";

export type { DatabaseRequest, PostgresRequest, RedisRequest, RedisUserRequest, StoreRequest } from "./request.ts";

/** The real PostgreSQL and Redis servers of a sandbox. */
export interface Stores {
  /** Where a host of the settings is served on this machine. */
  route(host: string, port: number): ProxyTarget | undefined;
  /** Every host and port it serves. */
  readonly served: readonly { readonly host: string; readonly port: number }[];
  /** Starts what does not run, makes users, databases and passwords as asked. Again, or with more: changes what differs only. */
  ensure(request: StoreRequest): Promise<void>;
  stop(): Promise<void>;
}

export interface StoresOptions {
  /** Where databases stay. Private. */
  readonly folder: string;
  /** Where sockets and keys are for as long as the servers run. Private; short, as sockets' paths have a limit. */
  readonly runtime: string;
  readonly logs: string;
  /** Issues the certificates of the servers' hosts. */
  readonly authority: Authority;
  /** Path of bubblewrap. */
  readonly bwrap: string;
  /** A secret's value from the vault. */
  readonly readSecret: (name: string) => Promise<string>;
  readonly log: (line: string) => void;
  /** Where the servers' programs come from. Default: PATH, the system, the cache, the registries. */
  readonly software?: { readonly postgres: () => Promise<Postgres>; readonly redis: () => Promise<string> };
}

/**
 * Servers that start when they are first asked for: one for each host and port of the settings, under the name of its host, with
 * the users and passwords that an operator would take from the vault. They end with this process, whatever ends it.
 */
export function createStores(options: StoresOptions): Stores {
  const { readSecret, log } = options;
  const software = options.software ?? {
    postgres: () => ensurePostgres({ log }),
    redis: () => ensureRedis({ log }),
  };
  const postgres = new Map<string, PostgresServer>();
  const redis = new Map<string, { server: RedisServer; users: Map<string, WantedUser> }>();
  const asked: StoreRequest[] = [];

  async function ensure(request: StoreRequest): Promise<void> {
    checkRequests([...asked, request]);
    for (const { databases, ...server } of request.postgres) {
      const known = postgres.get(addressOf(server)) ?? new PostgresServer(server, at("pg", server), software.postgres);
      postgres.set(addressOf(server), known);
      await known.ensure(
        await Promise.all(
          databases.map(async ({ secretName, ...rest }) => ({ ...rest, password: await readSecret(secretName) })),
        ),
      );
    }
    for (const { users, ...server } of request.redis) await ensureRedisServer(server, users);
    asked.push(request);
  }

  async function ensureRedisServer(server: ServerRequest, users: RedisRequest["users"]): Promise<void> {
    const known = redis.get(addressOf(server)) ?? {
      server: new RedisServer(server, at("redis", server), software.redis),
      users: new Map<string, WantedUser>(),
    };
    redis.set(addressOf(server), known);
    // Users of before belong to the request: a server that has ended has forgotten them.
    for (const { secretName, ...rest } of users) {
      known.users.set(`${rest.name ?? ""} ${secretName}`, { ...rest, password: await readSecret(secretName) });
    }
    await known.server.ensure([...known.users.values()]);
  }

  function at(kind: string, server: ServerRequest): ServerSurroundings {
    const name = `${server.host}-${server.port}`;
    const short = createHash("sha256").update(addressOf(server)).digest("hex").slice(0, 8);
    return {
      folder: join(options.folder, kind, name),
      runtime: join(options.runtime, `${kind}-${short}`),
      logFile: join(options.logs, `${kind}-${name}.log`),
      bwrap: options.bwrap,
      passwdFile: passwdFile(options.runtime),
      certificate: () => options.authority.issue({ commonName: kind, dnsNames: [server.host], ipAddresses: [] }),
      log,
    };
  }

  const running = () => [...postgres.values(), ...[...redis.values()].map(({ server }) => server)];
  // One at a time: two tools that start together may want the same server.
  let last: Promise<void> = Promise.resolve();
  const inTurn = (work: () => Promise<void>) => {
    const turn = last.then(work);
    last = turn.catch(() => {});
    return turn;
  };
  return {
    route: (host, port) => (postgres.get(`${host}:${port}`) ?? redis.get(`${host}:${port}`)?.server)?.target,
    get served() {
      return running().flatMap(({ request: { host, port }, target }) => (target === undefined ? [] : [{ host, port }]));
    },
    ensure: (request) => inTurn(() => ensure(request)),
    stop: () =>
      inTurn(async () => {
        await Promise.all(running().map((server) => server.stop()));
        postgres.clear();
        redis.clear();
        asked.length = 0;
      }),
  };
}

/** The servers' /etc/passwd. */
function passwdFile(runtime: string): string {
  mkdirSync(runtime, { recursive: true, mode: 0o700 });
  const file = join(runtime, "servers.passwd");
  writeFileSync(file, PASSWD, { mode: 0o600 });
  return file;
}
