import type { FollowedRoute, PathMatch, Rule } from "./read-route.ts";

/** A request's rule, and by which of its matches it was found. */
export interface Found {
  /** `namespace/name` of the HTTPRoute. */
  readonly route: string;
  readonly rule: Rule;
  readonly path: PathMatch;
}

export interface RouteTable {
  /** Host names of all routes, sorted. Routes without any cover every host, and add none here. */
  readonly hosts: readonly string[];
  /** The host name of a route that covers this one: the name itself, or a wildcard. */
  hostname(host: string): string | undefined;
  find(host: string, path: string): Found | undefined;
}

interface Entry extends Found {
  readonly hostname: string;
}

/**
 * Orders all rules by the precedence that the Gateway API gives (HTTPRouteSpec.hostnames, HTTPRouteRule.matches): the longest
 * host name that is no wildcard, the longest wildcard, an exact path, the longest prefix, the oldest route, the first by
 * `namespace/name`, the first in its route. A refused rule goes before others with its path: the conditions that
 * it was refused for would have given it precedence.
 */
export function routeTable(routes: readonly FollowedRoute[]): RouteTable {
  const ordered = [...routes].sort(
    (one, other) => compare(one.created, other.created) || compare(one.name, other.name),
  );
  const entries: Entry[] = ordered.flatMap(({ name, hostnames, rules }) =>
    hostnames.flatMap((hostname) =>
      rules.flatMap((rule) => rule.paths.map((path) => ({ route: name, hostname, rule, path }))),
    ),
  );
  // The sort is stable: what is equal here stays in the routes' order.
  entries.sort(
    (one, other) =>
      hostRank(other.hostname) - hostRank(one.hostname) ||
      pathRank(other.path) - pathRank(one.path) ||
      Number(isRefused(other)) - Number(isRefused(one)),
  );
  const hosts = [...new Set(routes.flatMap(({ hostnames }) => hostnames))].filter((host) => host !== "*").sort();
  const byRank = [...hosts].sort((one, other) => hostRank(other) - hostRank(one));
  return {
    hosts,
    hostname: (host) => byRank.find((hostname) => coversHost(hostname, host)),
    find: (host, path) => entries.find((entry) => coversHost(entry.hostname, host) && coversPath(entry.path, path)),
  };
}

function coversHost(hostname: string, host: string): boolean {
  if (hostname === "*") return true;
  // The star stands for one label or more.
  return hostname.startsWith("*.")
    ? host.length > hostname.length - 1 && host.endsWith(hostname.slice(1))
    : hostname === host;
}

function coversPath({ type, value }: PathMatch, path: string): boolean {
  if (type === "Any") return true;
  if (type === "Exact") return path === value;
  const prefix = withoutSlash(value);
  return path === prefix || path.startsWith(`${prefix}/`);
}

/** A prefix counts without its trailing slash, and element by element: `/abc` covers `/abc/d`, not `/abcd`. */
export function withoutSlash(prefix: string): string {
  return prefix.replace(/\/$/, "");
}

function hostRank(hostname: string): number {
  // Host names have at most 253 characters.
  return hostname.length + (hostname.startsWith("*") ? 0 : 1000);
}

function pathRank({ type, value }: PathMatch): number {
  // Paths of matches have at most 1024 characters.
  return { Any: 20_000, Exact: 10_000, PathPrefix: 0 }[type] + withoutSlash(value).length;
}

function isRefused({ rule }: Entry): boolean {
  return rule.action.kind === "refuse";
}

function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}
