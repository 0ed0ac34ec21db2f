import { createPublicKey, verify } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

/** One of OpenMetadata's users, with what the jobs look at. */
export interface ApiUser {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  isAdmin: boolean;
  readonly isBot: boolean;
  deleted?: boolean;
  roles?: { readonly id: string; readonly name: string; readonly type: "role" }[];
}

/** What the stand-in holds; a test changes it before or after a run. */
export interface ApiState {
  /** Key ids and PEM texts of what `/system/config/jwks` serves. */
  keys: { readonly kid: string; readonly publicKeyPem: string }[];
  readonly issuer: string;
  users: ApiUser[];
  /** Names of roles. */
  roles: string[];
  /** What `/system/security/config` shows. */
  security: Record<string, unknown>;
  /** Status of a sign-in with a password. */
  loginStatus: number;
  /** Whether deletions are answered and not done. */
  keepsDeleted?: boolean;
  /** How many requests are answered 503 first. */
  startingFor?: number;
}

/** A request, as `METHOD path?query`, with what it brought. */
export interface ApiCall {
  readonly request: string;
  readonly claims: Record<string, unknown> | undefined;
  readonly body: unknown;
}

export interface ApiServer {
  readonly url: string;
  readonly calls: readonly ApiCall[];
  close(): Promise<void>;
}

/** An answer other than 200 with its body. */
class Answer extends Error {
  readonly status: number;

  constructor(status: number, text: string) {
    super(text);
    this.status = status;
  }
}

const PAGE = 2;

/**
 * The part of OpenMetadata's API that the jobs use, as strict as its source: tokens are verified by OpenSSL (signature, issuer, end), only administrators may act, and whatever it does not know is answered 404.
 */
export async function startApi(state: ApiState): Promise<ApiServer> {
  const calls: ApiCall[] = [];
  const server = createServer(async (request, response) => {
    const reply = (status: number, body: unknown) =>
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    try {
      reply(200, await answer(state, request, calls));
    } catch (error) {
      if (error instanceof Answer) reply(error.status, { code: error.status, message: error.message });
      else reply(500, { message: String(error) });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    calls,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

async function answer(state: ApiState, request: IncomingMessage, calls: ApiCall[]): Promise<unknown> {
  const url = new URL(request.url ?? "", "http://api");
  const route = `${request.method} ${url.pathname}`;
  const body = await bodyOf(request);
  const claims = claimsOf(state, request);
  calls.push({ request: `${request.method} ${request.url}`, claims, body });
  if ((state.startingFor ?? 0) > 0) {
    state.startingFor = (state.startingFor ?? 0) - 1;
    throw new Answer(503, "starting");
  }
  switch (route) {
    case "GET /api/v1/system/version":
      return { version: "2.0.7" };
    case "GET /api/v1/system/config/jwks":
      return { keys: state.keys.map(servedKey) };
    case "POST /api/v1/users/login":
      if (state.loginStatus === 200) return { accessToken: "given" };
      throw new Answer(state.loginStatus, "Not Implemented");
  }
  const caller = callerOf(state, claims);
  if (route === "GET /api/v1/users/loggedInUser") return caller;
  if (!caller.isAdmin) throw new Answer(403, `Principal: CatalogPrincipal{name='${caller.name}'} is not admin`);
  return administer(state, route, url, body);
}

function administer(state: ApiState, route: string, { pathname, searchParams }: URL, body: unknown): unknown {
  const last = decodeURIComponent(pathname.slice(pathname.lastIndexOf("/") + 1));
  if (route === "GET /api/v1/system/security/config") return state.security;
  if (route === "GET /api/v1/users") return page(state, searchParams);
  if (route.startsWith("GET /api/v1/roles/name/")) {
    if (!state.roles.includes(last)) throw new Answer(404, `role instance for ${last} not found`);
    return { id: `id-of-${last}`, name: last };
  }
  if (route === "PUT /api/v1/users/restore") return restore(state, body);
  const user = state.users.find(({ id }) => id === last);
  if (user === undefined || !pathname.startsWith("/api/v1/users/")) throw new Answer(404, `no ${route}`);
  if (route.startsWith("DELETE ")) {
    if (!state.keepsDeleted) remove(state, user, searchParams.get("hardDelete") === "true");
    return user;
  }
  if (route.startsWith("PATCH ")) return patch(user, body);
  throw new Answer(404, `no ${route}`);
}

function page({ users }: ApiState, query: URLSearchParams): unknown {
  const known = ["limit", "include", "after", "fields"];
  const unknown = [...query.keys()].filter((key) => !known.includes(key));
  if (unknown.length > 0) throw new Answer(400, `unknown parameters ${unknown.join(", ")}`);
  const listed = users.filter(({ deleted }) => query.get("include") === "all" || !deleted);
  const withRoles = query.get("fields")?.split(",").includes("roles");
  const start = Number(query.get("after") ?? 0);
  const data = listed.slice(start, start + PAGE).map(({ roles, ...user }) => (withRoles ? { ...user, roles } : user));
  const after = start + PAGE < listed.length ? { after: String(start + PAGE) } : {};
  return { data, paging: { total: listed.length, ...after } };
}

function remove(state: ApiState, user: ApiUser, hard: boolean): void {
  if (hard) state.users = state.users.filter((other) => other !== user);
  else user.deleted = true;
}

function restore({ users }: ApiState, body: unknown): ApiUser {
  const user = users.find(({ id, deleted }) => id === (body as { id: string }).id && deleted);
  if (user === undefined) throw new Answer(404, "nothing to restore");
  user.deleted = false;
  return user;
}

/** JSON Patch, as far as a user's mark and roles are concerned. */
function patch(user: ApiUser, body: unknown): ApiUser {
  if (user.deleted) throw new Answer(404, `user instance for ${user.id} not found`);
  for (const { op, path, value } of body as { op: string; path: string; value: unknown }[]) {
    if (op === "replace" && path === "/isAdmin" && typeof value === "boolean") user.isAdmin = value;
    else if ((op === "add" || op === "replace") && path === "/roles") user.roles = value as ApiUser["roles"];
    else throw new Answer(400, `cannot ${op} ${path}`);
  }
  return user;
}

/** The claim that says who somebody is comes first in the server's `jwtPrincipalClaims`. */
function callerOf({ users }: ApiState, claims: Record<string, unknown> | undefined): ApiUser {
  if (claims === undefined) throw new Answer(401, "Not Authorized! Token not present");
  const [name = "", domain] = String(claims.preferred_username).split("@");
  const found = users.find((user) => user.name === name && !user.deleted);
  if (found === undefined) throw new Answer(404, `user instance for ${name} not found`);
  if (found.email !== `${name}@${domain}`) throw new Answer(401, "the address is another one");
  return found;
}

/** What a token says, once OpenSSL has found the signature to be one of the served keys'. */
function claimsOf(state: ApiState, { headers }: IncomingMessage): Record<string, unknown> | undefined {
  const token = /^Bearer (.+)$/.exec(headers.authorization ?? "")?.[1];
  if (token === undefined) return undefined;
  const [header = "", payload = "", signature = "", ...rest] = token.split(".");
  const { alg, kid } = decoded(header);
  const key = state.keys.find((served) => served.kid === kid);
  const signed = Buffer.from(`${header}.${payload}`);
  if (alg !== "RS256" || key === undefined || rest.length > 0) throw new Answer(401, "Invalid token.");
  if (!verify("sha256", signed, key.publicKeyPem, Buffer.from(signature, "base64url"))) {
    throw new Answer(401, "Invalid token. Token verification failed. Public key mismatch.");
  }
  const claims = decoded(payload);
  if (Number(claims.exp) * 1000 <= Date.now()) throw new Answer(401, "Expired token!");
  if (claims.iss !== state.issuer) throw new Answer(401, "Invalid token. Another issuer.");
  return claims;
}

function decoded(part: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(part, "base64url").toString()) as Record<string, unknown>;
}

/** As Java writes it: the modulus with a zero in front, because its numbers have a sign, and with padding. */
function servedKey({ kid, publicKeyPem }: ApiState["keys"][number]) {
  const { n = "", e = "" } = createPublicKey(publicKeyPem).export({ format: "jwk" });
  const modulus = Buffer.concat([Buffer.from([0]), Buffer.from(n, "base64url")]).toString("base64");
  return { kty: "RSA", kid, n: modulus.replaceAll("+", "-").replaceAll("/", "_"), e };
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString();
  const expected = request.method === "PATCH" ? "application/json-patch+json" : "application/json";
  if (text !== "" && request.headers["content-type"] !== expected) throw new Answer(415, "Unsupported Media Type");
  return text === "" ? undefined : JSON.parse(text);
}
