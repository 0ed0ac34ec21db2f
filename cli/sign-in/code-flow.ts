import { createHash, randomBytes } from "node:crypto";
import { type JWTPayload, jwtVerify } from "jose";
import type { PlayedConditions } from "../../model/index.ts";
import { explain, type Issuer, type IssuerQuestion, openIssuer, readJson } from "./issuer.ts";
import type { SandboxFetch, SandboxResponse } from "./network.ts";
import { answerSignInPage } from "./sign-in-page.ts";

/** What proves the client in the token request. */
export interface Proof {
  readonly parameters?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What a sign-in at Entra is played with, beside who signs in to what. */
export interface Attempt {
  /** Where, with what device, how. Default: an ordinary day at home. */
  readonly played?: PlayedConditions;
  /** A GUID under which Entra's log keeps the sign-in. */
  readonly correlationId?: string;
  /** As a question to an issuer has it. */
  readonly issuers?: Map<string, Issuer>;
}

/** One sign-in by the authorization code flow. */
export interface CodeFlow extends Attempt, IssuerQuestion {
  readonly clientId: string;
  readonly redirectUri: string;
  /** Space-separated, `openid` among them. */
  readonly scope: string;
  /** Who is picked on the sign-in page. */
  readonly person: string;
  /** @default true */
  readonly pkce?: boolean;
  /** Origin of the page whose script redeems the code; absent where a server does. */
  readonly origin?: string;
  /** Asked for when the token request is made. */
  readonly proof: () => Promise<Proof>;
}

interface Secrets {
  readonly verifier: string;
  readonly nonce: string;
}

const FORM = { "content-type": "application/x-www-form-urlencoded" };

/** What a sign-in brings. */
export interface SignInTokens {
  /** The ID token's claims, verified. */
  readonly claims: JWTPayload;
  /** For the API that the scope names; not for the client to read. */
  readonly accessToken: string;
}

/**
 * Plays the flow as a tool does: discovery, authorize, the person picked on the page, the code redeemed, and the ID token
 * verified (signature, issuer, audience, nonce, time).
 * @returns the ID token's claims.
 * @throws SignInRefused when the provider says no.
 */
export async function codeFlow(fetch: SandboxFetch, flow: CodeFlow): Promise<JWTPayload> {
  return (await codeFlowTokens(fetch, flow)).claims;
}

/** The same flow, with the access token for an API. */
export async function codeFlowTokens(fetch: SandboxFetch, flow: CodeFlow): Promise<SignInTokens> {
  const { issuer, clientId, refuse } = flow;
  const { metadata, keys } = await openIssuer(fetch, flow);
  const secrets: Secrets = {
    verifier: randomBytes(32).toString("base64url"),
    nonce: randomBytes(16).toString("base64url"),
  };
  const code = await authorize(fetch, metadata, flow, secrets);
  const { id_token: idToken, access_token: accessToken } = await readJson<{ id_token: string; access_token: string }>(
    await redeem(fetch, metadata, flow, secrets, code),
    refuse,
  );
  const { payload } = await jwtVerify(idToken, keys, { issuer, audience: clientId });
  if (payload.nonce !== secrets.nonce)
    throw refuse({ text: "The ID token carries another nonce than the one that was sent." });
  return { claims: payload, accessToken };
}

async function authorize(
  fetch: SandboxFetch,
  metadata: Issuer["metadata"],
  { clientId, redirectUri, scope, person, pkce = true, refuse, played, correlationId }: CodeFlow,
  { verifier, nonce }: Secrets,
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
    ...(correlationId === undefined ? {} : { "client-request-id": correlationId }),
    ...(pkce
      ? {
          code_challenge: createHash("sha256").update(verifier).digest("base64url"),
          code_challenge_method: "S256",
        }
      : {}),
  });
  const url = `${metadata.authorization_endpoint}?${query}`;
  const picked = await answerSignInPage(fetch, url, person, played);
  if (picked.headers.get("location") === null) throw refuse(await explain(picked));
  const answer = new URL(picked.headers.get("location") ?? "").searchParams;
  const code = answer.get("code");
  if (code === null || answer.get("state") !== state) throw refuse(await explain(picked));
  return code;
}

async function redeem(
  fetch: SandboxFetch,
  metadata: Issuer["metadata"],
  { clientId, redirectUri, pkce = true, origin, proof, refuse }: CodeFlow,
  { verifier }: Secrets,
  code: string,
): Promise<SandboxResponse> {
  const { parameters = {}, headers = {} } = await proof();
  const response = await fetch(metadata.token_endpoint, {
    method: "POST",
    headers: { ...FORM, ...headers, ...(origin === undefined ? {} : { origin }) },
    body: new URLSearchParams({
      grant_type: "authorization_code",
      client_id: clientId,
      code,
      redirect_uri: redirectUri,
      ...(pkce ? { code_verifier: verifier } : {}),
      ...parameters,
    }).toString(),
  });
  // What a browser does: an answer that is not shared with the page's origin is one that its script never sees.
  const shared = response.headers.get("access-control-allow-origin");
  if (origin !== undefined && shared !== "*" && shared !== origin)
    throw refuse({ text: `The token endpoint does not share its answer with ${origin}.` });
  return response;
}
