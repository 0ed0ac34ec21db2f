import { proxyAccount } from "../components/proxy/callback.ts";
import { partnerGates } from "../components/proxy/partners.ts";
import { contracts } from "../components/tools/registry.ts";
import { type DeclaredTool, declaredTools, partnersOf, type Settings } from "../model/index.ts";
import type { DatabaseRequest, RedisUserRequest, StoreRequest } from "../sandbox/runner/data/stores.ts";

interface Place {
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
}

/** What tools' settings say of servers, under the keys that all tools use for it. */
interface Servers {
  readonly database?: Place & { readonly name: string; readonly user: string };
  readonly redis?: Place;
  /** Airflow's: Redis comes with Celery. */
  readonly executor?: string | { readonly celery?: { readonly redis?: Place } };
}

/**
 * The PostgreSQL and Redis servers that tools need, with users, databases and the vault's secrets with their passwords: what an
 * operator reads out of the settings and docs/tools.
 *
 * @param tools ids; other tools of the settings are left out
 */
export function storesOf(settings: Settings, tools: readonly string[]): StoreRequest {
  const declared = declaredTools(settings, contracts).filter(({ id }) => tools.includes(id));
  const postgres: (Place & { databases: DatabaseRequest[] })[] = [];
  const redis: (Place & { users: RedisUserRequest[] })[] = [];
  for (const { id, tool, contract } of declared) {
    const { database, redis: own, executor } = tool as Servers;
    if (database !== undefined) {
      const { host, port, tls, name, user } = database;
      at(postgres, { host, port, tls }, { databases: [] }).databases.push({
        name,
        user,
        secretName: `${id}-database-password`,
      });
    }
    const celery = typeof executor === "object" ? executor.celery?.redis : undefined;
    for (const place of [own, celery]) {
      if (place !== undefined) at(redis, place, { users: [] }).users.push({ secretName: `${id}-redis-password` });
    }
    if (settings.proxy === undefined || !contract.callbacks(tool).some(({ by }) => by === "proxy")) continue;
    at(redis, settings.proxy.redis, { users: [] }).users.push(...proxyUsers(settings, id));
  }
  return { postgres, redis };
}

/** Each proxy's user, held to the sessions of its own cookie. */
function proxyUsers(settings: Settings, id: DeclaredTool["id"]): RedisUserRequest[] {
  const gates = partnerGates(id, settings.domain, partnersOf(settings, id));
  return [proxyAccount(id), ...gates.map(({ key }) => `${proxyAccount(id)}-${key}`)].map((name) => ({
    name,
    keys: `__Host-${name}-`,
    secretName: `${name}-redis-password`,
  }));
}

/** The list's server at this place, added with nothing on it where there is none. Servers that differ in TLS stay apart. */
function at<T extends Place>(servers: T[], { host, port, tls }: Place, empty: Omit<T, keyof Place>): T {
  const known = servers.find((server) => server.host === host && server.port === port && server.tls === tls);
  if (known !== undefined) return known;
  const added = { host, port, tls, ...empty } as T;
  servers.push(added);
  return added;
}
