import type { Context } from "hono";

/**
 * The answer to what the emulator does not do: 501, which no client retries, with the route by name.
 * `what` goes before the route, for example "the grant type password at".
 */
export function notImplemented(c: Context, what = ""): Response {
  const { hostname, pathname } = new URL(c.req.url);
  const host = c.req.header("host") ?? hostname;
  const route = `${c.req.method} https://${host}${pathname}`;
  const message = `The sandbox does not emulate ${what === "" ? "" : `${what} `}${route}.`;
  return c.json({ error: { code: "NotImplemented", message } }, 501);
}
