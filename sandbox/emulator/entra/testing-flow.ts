import { decodeJwt, type JWTPayload } from "jose";
import { findAadsts } from "./errors.ts";
import { ANA, ASSERTION_TYPE, CHALLENGE, REDIRECT, TENANT, type TestTenant, TOOL, VERIFIER } from "./testing.ts";

/** Parameters of a request: what stands here replaces the right ones, `undefined` leaves one out. */
export type Changes = Readonly<Record<string, string | undefined>>;

export interface AuthorizeOptions {
  readonly changes?: Changes;
  /** Who is picked on the sign-in page. Without it the page itself (or the session) answers. */
  readonly as?: string;
  readonly cookie?: string;
  /** What else is posted: conditions, or the method that answers the second page. */
  readonly fields?: Changes;
  readonly userAgent?: string;
  /** First segment of the path. */
  readonly tenant?: string;
}

const AUTHORIZE: Changes = {
  client_id: TOOL,
  response_type: "code",
  redirect_uri: REDIRECT,
  scope: "openid profile email",
  state: "xyz",
  nonce: "n-1",
  code_challenge: CHALLENGE,
  code_challenge_method: "S256",
};

export async function authorize({ app }: TestTenant, options: AuthorizeOptions = {}): Promise<Response> {
  const query = form({ ...AUTHORIZE, ...options.changes });
  const headers: Record<string, string> = options.cookie === undefined ? {} : { cookie: options.cookie };
  const url = `https://login.microsoftonline.com/${options.tenant ?? TENANT}/oauth2/v2.0/authorize?${query}`;
  if (options.userAgent !== undefined) headers["user-agent"] = options.userAgent;
  if (options.as === undefined && options.fields === undefined) return app.request(url, { headers });
  headers["content-type"] = "application/x-www-form-urlencoded";
  return app.request(url, { method: "POST", headers, body: form({ username: options.as, ...options.fields }) });
}

/** The answer that a redirect carries, from the query or the fragment. */
export function redirected(response: Response): URLSearchParams {
  const location = new URL(response.headers.get("location") ?? "missing:");
  return location.hash === "" ? location.searchParams : new URLSearchParams(location.hash.slice(1));
}

/** Number of the error on a page; a redirect is no page. */
export async function pageError(response: Response): Promise<number | undefined> {
  return response.headers.has("location") ? undefined : findAadsts(await response.text());
}

export function sessionCookie(response: Response): string {
  return (response.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
}

export async function codeFor(tenant: TestTenant, options: AuthorizeOptions = {}): Promise<string> {
  const response = await authorize(tenant, { as: ANA, ...options });
  const code = redirected(response).get("code");
  if (code === null) throw new Error(`no code: ${response.status} ${response.headers.get("location")}`);
  return code;
}

export interface TokenResult {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  /** Number of the error. */
  readonly code: number | undefined;
  readonly id: JWTPayload;
  readonly access: JWTPayload;
  readonly headers: Headers;
}

/** Asks the token endpoint with a federated assertion, unless the changes say otherwise. */
export async function redeem(
  tenant: TestTenant,
  changes: Changes,
  headers: Record<string, string> = {},
  segment = TENANT,
): Promise<TokenResult> {
  const assertion = { client_assertion: await tenant.issuer.token(), client_assertion_type: ASSERTION_TYPE };
  const body = form({
    client_id: TOOL,
    grant_type: "authorization_code",
    redirect_uri: REDIRECT,
    code_verifier: VERIFIER,
    ...assertion,
    ...changes,
  });
  const response = await tenant.app.request(`https://login.microsoftonline.com/${segment}/oauth2/v2.0/token`, {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded", ...headers },
    body,
  });
  const answer = (await response.json()) as Record<string, unknown>;
  const codes = answer.error_codes as number[] | undefined;
  return {
    status: response.status,
    body: answer,
    code: codes?.[0],
    id: claims(answer.id_token),
    access: claims(answer.access_token),
    headers: response.headers,
  };
}

/** No proof of the client: what a single-page application or a forgetful tool sends. */
export const UNPROVEN: Changes = { client_assertion: undefined, client_assertion_type: undefined };

export async function signIn(tenant: TestTenant, as: string, changes: Changes = {}): Promise<TokenResult> {
  return redeem(tenant, { code: await codeFor(tenant, { as, changes }) });
}

function claims(token: unknown): JWTPayload {
  return typeof token === "string" ? decodeJwt(token) : {};
}

export function form(values: Changes): string {
  const defined = Object.entries(values).filter((pair): pair is [string, string] => pair[1] !== undefined);
  return new URLSearchParams(defined).toString();
}
