import { Hono } from "hono";
import { notImplemented } from "./not-implemented.ts";

/** The emulator's hosts: an exact name, or `*.suffix` for any one label before the suffix. */
export type Hosts = Readonly<Record<string, Hono>>;

/** The app of a host name, or undefined. */
export function findHost(hosts: Hosts, name: string): Hono | undefined {
  const host = name.toLowerCase();
  if (Object.hasOwn(hosts, host)) return hosts[host];
  const dot = host.indexOf(".");
  const wildcard = `*${host.slice(dot)}`;
  return dot > 0 && Object.hasOwn(hosts, wildcard) ? hosts[wildcard] : undefined;
}

/** Answers every request to a host that nobody serves. */
const nowhere = new Hono().all("*", (c) => notImplemented(c));

/**
 * Hands a request to its host's app. A fault of an app is told as a 501 too: clients retry any other 5xx for minutes, and
 * what they asked for is then indeed not emulated.
 */
export async function dispatch(hosts: Hosts, request: Request): Promise<Response> {
  const app = findHost(hosts, new URL(request.url).hostname) ?? nowhere;
  const response = await app.fetch(request);
  if (response.status < 500 || response.status === 501) return response;
  const { host, pathname } = new URL(request.url);
  const message = `The sandbox failed at ${request.method} https://${host}${pathname}; its log says why.`;
  return Response.json({ error: { code: "NotImplemented", message } }, { status: 501 });
}
