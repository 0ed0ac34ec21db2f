import type { IncomingMessage } from "node:http";
import type { PathMatch, Redirect } from "./read-route.ts";
import { withoutSlash } from "./table.ts";

/** What a request asks for. */
export interface Target {
  /** Lower case, without a port. */
  readonly host: string;
  readonly path: string;
  /** With its question mark, or empty. */
  readonly query: string;
}

const HOST = /^([a-z0-9.-]+)(?::\d{1,5})?$/i;

/**
 * Where a request goes. Undefined when its host is missing, given twice or no name: a tool and this gateway could then
 * read different hosts (RFC 9112, 3.2).
 */
export function targetOf(request: IncomingMessage): Target | undefined {
  const hosts = request.headersDistinct.host ?? [];
  if (hosts.length !== 1) return undefined;
  // In the absolute form the request line's host counts, and Host is ignored (RFC 9112, 3.2.2).
  const absolute = /^https?:\/\/([^/?#]*)(.*)$/i.exec(request.url ?? "");
  const host = HOST.exec(absolute?.[1] ?? hosts[0] ?? "")?.[1];
  if (host === undefined) return undefined;
  const rest = absolute?.[2] ?? request.url ?? "/";
  const question = rest.indexOf("?");
  const path = question < 0 ? rest : rest.slice(0, question);
  return {
    host: host.toLowerCase(),
    path: withoutDotSegments(path === "" ? "/" : path),
    query: question < 0 ? "" : rest.slice(question),
  };
}

/**
 * `/public/../admin` is `/admin` for the tool, so it has to be that for the route as well; Istio normalises in the same way
 * (`pathNormalization: BASE`), and passes the result on.
 */
function withoutDotSegments(path: string): string {
  if (!path.startsWith("/") || !/\\|\/(\.|%2e){1,2}([/\\]|$)/i.test(path)) return path;
  return new URL(`http://host${path}`).pathname;
}

/** The `Location` of a redirect. */
export function locationOf(redirect: Redirect, match: PathMatch, { host, path, query }: Target): string {
  const scheme = redirect.scheme ?? "https";
  const standard = { http: 80, https: 443 }[scheme];
  // Without a port of its own: the scheme's. The listener's is 443, as people see it.
  const port = redirect.port === undefined || redirect.port === standard ? "" : `:${redirect.port}`;
  return `${scheme}://${redirect.hostname ?? host}${port}${newPath(redirect, match, path)}${query}`;
}

function newPath({ path: change }: Redirect, match: PathMatch, path: string): string {
  if (change === undefined) return path;
  if ("full" in change) return change.full;
  const joined = `${withoutSlash(change.prefix)}${path.slice(withoutSlash(match.value).length)}`;
  return joined === "" ? "/" : joined;
}
