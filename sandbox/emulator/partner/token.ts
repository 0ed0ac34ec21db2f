import { createHash } from "node:crypto";
import type { Context } from "hono";
import { authenticateClient } from "./client-auth.ts";
import { PartnerError } from "./errors.ts";
import type { PartnerSignIn } from "./grants.ts";
import { findPartnerPerson, type PartnerClient } from "./provider.ts";
import { readPartnerScopes } from "./scopes.ts";
import type { PartnerState } from "./state.ts";
import { partnerAccessToken, partnerIdToken, TOKEN_SECONDS } from "./tokens.ts";

/** `POST …/v1/token`. */
export function partnerToken(state: PartnerState) {
  return async (c: Context): Promise<Response> => {
    c.header("Cache-Control", "no-cache, no-store");
    c.header("Pragma", "no-cache");
    const authorization = c.req.header("authorization");
    try {
      if (!(c.req.header("content-type") ?? "").startsWith("application/x-www-form-urlencoded"))
        throw new PartnerError("invalid_request", "The request body was not form-encoded.");
      const body = new URLSearchParams(await c.req.text());
      const client = authenticateClient(state, body, authorization);
      return c.json(await grant(state, client, body));
    } catch (error) {
      if (!(error instanceof PartnerError)) throw error;
      // RFC 6749 5.2: who tried HTTP authentication is told of it.
      if (error.status === 401 && authorization !== undefined) c.header("WWW-Authenticate", "Basic");
      return c.json(error.body(), error.status);
    }
  };
}

async function grant(state: PartnerState, client: PartnerClient, body: URLSearchParams): Promise<object> {
  switch (body.get("grant_type")) {
    case "authorization_code":
      return redeemCode(state, client, body);
    case "refresh_token":
      return refresh(state, client, body);
    default:
      throw new PartnerError(
        "unsupported_grant_type",
        "The authorization grant type is not supported by the authorization server. Configured grant types: [authorization_code, refresh_token].",
      );
  }
}

async function redeemCode(state: PartnerState, client: PartnerClient, body: URLSearchParams): Promise<object> {
  const text = body.get("code") ?? "";
  const code = state.grants.readCode(text);
  if (code.clientId !== client.clientId)
    throw new PartnerError("invalid_grant", "The authorization code is invalid or has expired.");
  if (code.redirectUri !== body.get("redirect_uri"))
    throw new PartnerError(
      "invalid_grant",
      "The 'redirect_uri' does not match the redirection URI used in the authorization request.",
    );
  checkVerifier(code.challenge, body.get("code_verifier"));
  state.grants.spendCode(text);
  const refreshToken = code.scopes.includes("offline_access") ? state.grants.issueRefreshToken(code) : undefined;
  return tokens(state, code, refreshToken);
}

/** The refresh token stays the same. Whoever was deactivated gets nothing more, and groups are read anew. */
async function refresh(state: PartnerState, client: PartnerClient, body: URLSearchParams): Promise<object> {
  const text = body.get("refresh_token") ?? "";
  const signIn = state.grants.readRefreshToken(text);
  if (signIn.clientId !== client.clientId)
    throw new PartnerError("invalid_grant", "The refresh token is invalid or expired.");
  const asked = body.get("scope");
  const scopes = asked === null ? signIn.scopes : readPartnerScopes(asked);
  if (scopes.some((scope) => !signIn.scopes.includes(scope)))
    throw new PartnerError("invalid_scope", "The scopes are more than the refresh token was given for.");
  return tokens(state, { ...signIn, scopes }, text);
}

async function tokens(state: PartnerState, signIn: PartnerSignIn, refreshToken: string | undefined): Promise<object> {
  const provider = state.provider();
  const person = activePerson(state, signIn);
  const now = state.now();
  const accessToken = await state.keys.sign(partnerAccessToken(provider, person, signIn, now));
  return {
    token_type: "Bearer",
    expires_in: TOKEN_SECONDS,
    access_token: accessToken,
    scope: signIn.scopes.join(" "),
    ...(refreshToken === undefined ? {} : { refresh_token: refreshToken }),
    id_token: await state.keys.sign(partnerIdToken(provider, person, signIn, accessToken, now)),
  };
}

function activePerson(state: PartnerState, { person }: PartnerSignIn) {
  try {
    return findPartnerPerson(state.provider(), person);
  } catch (error) {
    if (!(error instanceof PartnerError)) throw error;
    throw new PartnerError("invalid_grant", "The refresh token is invalid or expired.");
  }
}

/** Throws unless the verifier is the challenge's, or both are missing. */
function checkVerifier(challenge: string | undefined, verifier: string | null): void {
  const matches =
    challenge === undefined
      ? verifier === null
      : verifier !== null && createHash("sha256").update(verifier).digest("base64url") === challenge;
  if (!matches) throw new PartnerError("invalid_grant", "PKCE verification failed.");
}
