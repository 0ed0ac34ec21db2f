import { isIP } from "node:net";
import type { ProxyTarget } from "../network/proxy.ts";

/** Hosts that others than the emulator serve on this machine: the runner's gateway, and tests that stand between. */
export interface ProxyRoutes {
  /**
   * Takes `{owner, routes: {host: port}}`, the body of `POST /routes`, in place of all routes of that owner.
   *
   * @throws Error with every problem of the body; the table is then as before.
   */
  replace(body: unknown): void;
  /** Where the proxy finds a host; undefined for hosts that nobody brought, and for every port but 443. */
  route(host: string, port: number): ProxyTarget | undefined;
}

const HTTPS_PORT = 443;
const OWNER = /^[a-z0-9][a-z0-9-]{0,62}$/;
const LABEL = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";
const HOST = new RegExp(`^(?=.{1,253}$)(\\*\\.)?${LABEL}(\\.${LABEL})*$`);

/** An empty table. A host has one owner; an exact name goes before a wildcard, a longer wildcard before a shorter one. */
export function proxyRoutes(): ProxyRoutes {
  const owners = new Map<string, Map<string, number>>();
  const portOf = (host: string) => {
    for (const routes of owners.values()) {
      const port = routes.get(host);
      if (port !== undefined) return port;
    }
    return undefined;
  };
  return {
    replace(body) {
      const { owner, routes } = read(
        body,
        (host, asking) => [...owners].find(([other, held]) => other !== asking && held.has(host))?.[0],
      );
      if (routes.size === 0) owners.delete(owner);
      else owners.set(owner, routes);
    },
    route(host, port) {
      if (port !== HTTPS_PORT) return undefined;
      for (let name = host; name !== ""; name = wider(name)) {
        const found = portOf(name);
        if (found !== undefined) return { host: "127.0.0.1", port: found };
      }
      return undefined;
    },
  };
}

/** `a.b.c` → `*.b.c` → `*.c` → nothing: a wildcard covers every name below it, as in an HTTPRoute. */
function wider(name: string): string {
  const dot = name.indexOf(".", name.startsWith("*.") ? 2 : 0);
  return dot < 0 ? "" : `*${name.slice(dot)}`;
}

function read(
  body: unknown,
  holder: (host: string, asking: string) => string | undefined,
): { owner: string; routes: Map<string, number> } {
  const { owner, routes } = (isObject(body) ? body : {}) as { owner?: unknown; routes?: unknown };
  const problems: string[] = [];
  if (typeof owner !== "string" || !OWNER.test(owner))
    problems.push(`owner is ${shown(owner)}; it has to be a short name of a-z, 0-9 and "-", as in "runner".`);
  if (!isObject(routes)) problems.push(`routes is ${shown(routes)}; it has to map hosts to ports, {} for none.`);
  const entries = isObject(routes) ? Object.entries(routes) : [];
  for (const [host, port] of entries) {
    if (!HOST.test(host) || isIP(host) > 0)
      problems.push(`The host ${shown(host)} is no name in lower case; write it as in "superset.data.contoso.com".`);
    else if (typeof owner === "string") {
      const other = holder(host, owner);
      if (other !== undefined)
        problems.push(`The host ${host} is ${other}'s; end that first, or send {"owner": "${other}", "routes": {}}.`);
    }
    if (!Number.isInteger(port) || (port as number) < 1 || (port as number) > 65_535)
      problems.push(`The port of ${shown(host)} is ${shown(port)}; it has to be a number from 1 to 65535.`);
  }
  if (problems.length > 0) throw new Error(`These routes cannot be taken. ${problems.join(" ")}`);
  return { owner: owner as string, routes: new Map(entries as [string, number][]) };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function shown(value: unknown): string {
  return JSON.stringify(value) ?? "missing";
}
