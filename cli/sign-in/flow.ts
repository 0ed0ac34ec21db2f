import { createHash, randomBytes } from "node:crypto";
import { createLocalJWKSet, type JSONWebKeySet, type JWTPayload, jwtVerify } from "jose";
import { aadsts, findAadsts, PERSON_FIELD } from "../../sandbox/emulator/entra/index.ts";
import type { SandboxFetch, SandboxResponse } from "./network.ts";

/** What a tool sends to Entra, as its own settings make it. */
export interface SignInRequest {
  readonly tenantId: string;
  readonly clientId: string;
  readonly redirectUri: string;
  /** Space-separated, `openid` among them. */
  readonly scope: string;
  /** User principal name or object id of who is picked on the sign-in page. */
  readonly person: string;
  /** The pod's projected service-account token, asked for when the token request is made. */
  readonly assertion: () => Promise<string>;
}

/** A refusal as Entra words it. */
export class SignInRefused extends Error {
  /** `AADSTS…`, or `unknown` for an answer without a number. */
  readonly code: string;
  readonly #number: number | undefined;
  constructor(text: string) {
    super(readable(text));
    this.#number = findAadsts(text);
    this.code = this.#number === undefined ? "unknown" : `AADSTS${this.#number}`;
  }

  /** What to change, in one line, with this request's own values. */
  fix({ redirectUri, clientId, person }: SignInRequest): string {
    const values = { redirect: redirectUri, client: clientId, user: person };
    const known = this.#number === undefined ? undefined : aadsts(this.#number, values);
    return known?.fix ?? "Look the number up in Microsoft's list of AADSTS error codes.";
  }
}

/**
 * The authorization code flow with PKCE as a server-side tool without a secret does it: discovery, authorize, the person
 * picked on the page, the code redeemed with the pod's token as client assertion, and the ID token verified (signature,
 * issuer, audience, nonce, time).
 * @returns the ID token's claims.
 * @throws SignInRefused when Entra says no.
 */
export async function signInFlow(fetch: SandboxFetch, request: SignInRequest): Promise<JWTPayload> {
  const authority = `https://login.microsoftonline.com/${request.tenantId}/v2.0`;
  const metadata = await readJson<Metadata>(await fetch(`${authority}/.well-known/openid-configuration`));
  const verifier = randomBytes(32).toString("base64url");
  const nonce = randomBytes(16).toString("base64url");
  const code = await authorize(fetch, metadata, request, { verifier, nonce });
  const token = await fetch(metadata.token_endpoint, {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({
      grant_type: "authorization_code",
      client_id: request.clientId,
      code,
      redirect_uri: request.redirectUri,
      code_verifier: verifier,
      client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
      client_assertion: await request.assertion(),
    }).toString(),
  });
  const { id_token: idToken } = await readJson<{ id_token: string }>(token);
  const keys = await readJson<JSONWebKeySet>(await fetch(metadata.jwks_uri));
  const { payload } = await jwtVerify(idToken, createLocalJWKSet(keys), {
    issuer: authority,
    audience: request.clientId,
  });
  if (payload.nonce !== nonce)
    throw new SignInRefused("The ID token carries another nonce than the one that was sent.");
  return payload;
}

interface Metadata {
  readonly authorization_endpoint: string;
  readonly token_endpoint: string;
  readonly jwks_uri: string;
}

async function authorize(
  fetch: SandboxFetch,
  metadata: Metadata,
  { clientId, redirectUri, scope, person }: SignInRequest,
  { verifier, nonce }: { verifier: string; nonce: string },
): Promise<string> {
  const state = randomBytes(16).toString("base64url");
  const query = new URLSearchParams({
    client_id: clientId,
    response_type: "code",
    response_mode: "query",
    redirect_uri: redirectUri,
    scope,
    state,
    nonce,
    code_challenge: createHash("sha256").update(verifier).digest("base64url"),
    code_challenge_method: "S256",
  });
  const url = `${metadata.authorization_endpoint}?${query}`;
  const page = await fetch(url);
  if (page.status !== 200) throw new SignInRefused(await explain(page));
  const picked = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({ [PERSON_FIELD]: person }).toString(),
  });
  const location = picked.headers.get("location");
  if (location === null) throw new SignInRefused(await explain(picked));
  const answer = new URL(location).searchParams;
  const code = answer.get("code");
  if (code === null || answer.get("state") !== state)
    throw new SignInRefused(answer.get("error_description") ?? location);
  return code;
}

async function readJson<T>(response: SandboxResponse): Promise<T> {
  if (response.status !== 200) throw new SignInRefused(await explain(response));
  return (await response.json()) as T;
}

/** The words of a refusal: a redirect's description, a JSON error, an error page. */
async function explain(response: SandboxResponse): Promise<string> {
  const location = response.headers.get("location");
  if (location !== null) return new URL(location).searchParams.get("error_description") ?? location;
  const text = await response.text();
  try {
    return (JSON.parse(text) as { error_description?: string }).error_description ?? text;
  } catch {
    return text;
  }
}

/** The sentence that starts with the number, without the page around it and the support ids behind it. */
function readable(text: string): string {
  const sentence = /AADSTS\d+:[^<\r\n]*/.exec(text)?.[0] ?? text.slice(0, 300);
  return sentence.replaceAll("&#39;", "'").replaceAll("&quot;", '"').replaceAll("&amp;", "&");
}
