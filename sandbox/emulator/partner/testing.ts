import { createHash } from "node:crypto";
import type { Hono } from "hono";
import { createLocalJWKSet, type JSONWebKeySet, type JWTPayload, jwtVerify } from "jose";
import { type SigningKeys, temporarySigningKeys } from "../entra/keys.ts";
import { createPartnerApp } from "./app.ts";
import { endpointsOf, type PartnerProvider } from "./provider.ts";

/** Acme's provider with one client, for tests of it alone. */
export const ACME = "https://acme.okta.com";
export const CLIENT = "0oa1acmesuperset";
export const SECRET = "Acme-test-secret-1";
export const CALLBACK = "https://superset.data.contoso.com/oauth-authorized/acme";
export const VERIFIER = "v".repeat(43);
export const CHALLENGE = createHash("sha256").update(VERIFIER).digest("base64url");

export function acme(changes: Partial<PartnerProvider> = {}): PartnerProvider {
  return {
    key: "acme",
    displayName: "Acme",
    issuer: ACME,
    groupsClaim: "groups",
    people: [
      { key: "kai.larsen", displayName: "Kai Larsen", mail: "kai@acme.com", groups: ["acme-viewers"], enabled: true },
      { key: "lou.gone", displayName: "Lou Gone", mail: "lou@acme.com", groups: ["acme-viewers"], enabled: false },
      { key: "max.none", displayName: "Max None", mail: "max@acme.com", groups: [], enabled: true },
    ],
    clients: [
      { tool: "superset", clientId: CLIENT, redirectUris: [CALLBACK] },
      { tool: "airflow", clientId: "0oa1acmeairflow", redirectUris: ["https://airflow.data.contoso.com/back"] },
    ],
    ...changes,
  };
}

// Making RSA keys takes up to a second, and no test depends on whose they are.
let shared: Promise<SigningKeys> | undefined;

export interface TestPartner {
  readonly app: Hono;
  /** Replaces a part of the provider's settings while it runs. */
  change(changes: Partial<PartnerProvider>): void;
  wait(milliseconds: number): void;
  authorize(options?: { changes?: Changes; as?: string; cookie?: string }): Promise<Response>;
  code(changes?: Changes, as?: string): Promise<string>;
  token(changes?: Changes, headers?: Record<string, string>): Promise<TokenResult>;
  /** The whole flow. */
  signIn(as: string, changes?: Changes): Promise<TokenResult>;
}

export type Changes = Readonly<Record<string, string | undefined>>;

export interface TokenResult {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  readonly headers: Headers;
  /** Claims of the ID token, verified with the keys that the provider serves. */
  readonly id: JWTPayload;
}

export async function testPartner(start: Partial<PartnerProvider> = {}): Promise<TestPartner> {
  shared ??= temporarySigningKeys();
  let provider = acme(start);
  let now = Date.parse("2026-03-02T09:00:00Z");
  const app = createPartnerApp({
    provider: () => provider,
    secretOf: (tool) => (tool === "superset" ? SECRET : `${SECRET}-${tool}`),
    now: () => new Date(now),
    keys: await shared,
  });
  const endpoints = endpointsOf(provider.issuer);

  const authorize: TestPartner["authorize"] = async ({ changes = {}, as, cookie } = {}) => {
    const query = form({
      client_id: CLIENT,
      response_type: "code",
      redirect_uri: CALLBACK,
      scope: "openid profile email groups",
      state: "xyz",
      nonce: "n-1",
      code_challenge: CHALLENGE,
      code_challenge_method: "S256",
      ...changes,
    });
    const url = `${endpoints.authorize}?${query}`;
    const headers: Record<string, string> = cookie === undefined ? {} : { cookie };
    if (as === undefined) return app.request(url, { headers });
    headers["content-type"] = "application/x-www-form-urlencoded";
    return app.request(url, { method: "POST", headers, body: form({ username: as }) });
  };
  const code: TestPartner["code"] = async (changes, as = "kai@acme.com") => {
    const answer = await authorize({ changes, as });
    const found = redirected(answer).get("code");
    if (found === null) throw new Error(`no code: ${answer.status} ${answer.headers.get("location")}`);
    return found;
  };
  const token: TestPartner["token"] = async (changes = {}, headers = {}) => {
    const response = await app.request(endpoints.token, {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded", ...headers },
      body: form({
        grant_type: "authorization_code",
        client_id: CLIENT,
        client_secret: SECRET,
        redirect_uri: CALLBACK,
        code_verifier: VERIFIER,
        ...changes,
      }),
    });
    const body = (await response.json()) as Record<string, unknown>;
    const keys = (await (await app.request(endpoints.keys)).json()) as JSONWebKeySet;
    const id =
      typeof body.id_token === "string"
        ? (
            await jwtVerify(body.id_token, createLocalJWKSet(keys), {
              issuer: provider.issuer,
              audience: CLIENT,
              currentDate: new Date(now),
            })
          ).payload
        : {};
    return { status: response.status, body, headers: response.headers, id };
  };
  return {
    app,
    authorize,
    code,
    token,
    change: (changes) => {
      provider = { ...provider, ...changes };
    },
    wait: (milliseconds) => {
      now += milliseconds;
    },
    signIn: async (as, changes = {}) => token({ code: await code(changes, as) }),
  };
}

/** The answer that a redirect carries. */
export function redirected(response: Response): URLSearchParams {
  return new URL(response.headers.get("location") ?? "missing:").searchParams;
}

function form(values: Changes): string {
  const defined = Object.entries(values).filter((pair): pair is [string, string] => pair[1] !== undefined);
  return new URLSearchParams(defined).toString();
}
