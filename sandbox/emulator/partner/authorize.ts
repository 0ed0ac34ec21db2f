import type { Context } from "hono";
import { getCookie, setCookie } from "hono/cookie";
import { PERSON_FIELD } from "../entra/played-form.ts";
import type { Session } from "../entra/session.ts";
import { formPostPage, show } from "../page.ts";
import { findPartnerClient } from "./client-auth.ts";
import { PartnerError } from "./errors.ts";
import { partnerErrorPage, partnerSignInPage } from "./pages.ts";
import { findPartnerPerson, type PartnerClient } from "./provider.ts";
import { readPartnerScopes } from "./scopes.ts";
import type { PartnerState } from "./state.ts";

export const PARTNER_COOKIE = "idx";

interface Target {
  readonly client: PartnerClient;
  readonly redirectUri: string;
}

interface Request {
  readonly scopes: string[];
  readonly prompt?: string;
  readonly nonce?: string;
  readonly challenge?: string;
}

/**
 * `GET` and `POST …/v1/authorize`: the code flow. The sign-in page posts the chosen person to the same address, under the
 * same field name as Entra's, so that one script can do both.
 */
export function partnerAuthorize(state: PartnerState) {
  return async (c: Context): Promise<Response> => {
    const form = c.req.method === "POST" ? new URLSearchParams(await c.req.text()) : new URLSearchParams();
    const person = form.get(PERSON_FIELD);
    const parameters = new URLSearchParams([
      ...new URL(c.req.url).searchParams,
      ...[...form].filter(([name]) => name !== PERSON_FIELD),
    ]);
    try {
      const target = readTarget(state, parameters);
      return await answer(c, state, target, parameters, person);
    } catch (error) {
      if (!(error instanceof PartnerError)) throw error;
      return show(c, partnerErrorPage(state.provider(), error), error.code === "E0000004" ? 401 : 400);
    }
  };
}

/** What decides whether the redirect URI may be trusted with an answer; what this throws is shown as a page. */
function readTarget(state: PartnerState, parameters: URLSearchParams): Target {
  const client = findPartnerClient(state, parameters.get("client_id") ?? "");
  const redirectUri = parameters.get("redirect_uri") ?? "";
  if (!client.redirectUris.includes(redirectUri))
    throw new PartnerError(
      "invalid_request",
      `The 'redirect_uri' parameter must be a Login redirect URI in the client app settings: ${redirectUri}`,
    );
  return { client, redirectUri };
}

async function answer(
  c: Context,
  state: PartnerState,
  target: Target,
  parameters: URLSearchParams,
  person: string | null,
): Promise<Response> {
  let request: Request;
  let session: Session | undefined;
  try {
    request = readRequest(parameters);
    session = person === null ? rememberedSession(c, state, request) : startSession(c, state, person);
  } catch (error) {
    // A failed authentication stays with the person; all else goes to the tool.
    if (!(error instanceof PartnerError) || error.code === "E0000004") throw error;
    return send(c, target, parameters, { error: error.code, error_description: error.message });
  }
  if (session === undefined)
    return show(c, partnerSignInPage(state.provider(), target.client, withoutPrompt(parameters)));
  const { scopes, nonce, challenge } = request;
  const code = state.grants.issueCode({
    clientId: target.client.clientId,
    person: session.userId,
    scopes,
    authTime: session.authTime,
    redirectUri: target.redirectUri,
    ...(nonce === undefined ? {} : { nonce }),
    ...(challenge === undefined ? {} : { challenge }),
  });
  return send(c, target, parameters, { code });
}

function readRequest(parameters: URLSearchParams): Request {
  const invalid = (description: string) => new PartnerError("invalid_request", description);
  if (parameters.get("response_type") !== "code")
    throw new PartnerError(
      "unsupported_response_type",
      "The response type is not supported by the authorization server. Configured response types: [code].",
    );
  if (!parameters.get("state")) throw invalid("The authentication request has an invalid 'state' parameter.");
  if (!["query", "form_post", null].includes(parameters.get("response_mode")))
    throw invalid("The authentication request has an invalid 'response_mode' parameter.");
  const prompt = parameters.get("prompt") ?? undefined;
  if (prompt !== undefined && !["none", "login"].includes(prompt))
    throw invalid("The authentication request has an invalid 'prompt' parameter.");
  const challenge = parameters.get("code_challenge") ?? undefined;
  if (challenge !== undefined && parameters.get("code_challenge_method") !== "S256")
    throw invalid("The 'code_challenge_method' must be 'S256'.");
  if (challenge !== undefined && !/^[A-Za-z0-9_-]{43}$/.test(challenge))
    throw invalid("The 'code_challenge' is not the base64url SHA-256 of a verifier.");
  const nonce = parameters.get("nonce") ?? undefined;
  return {
    scopes: readPartnerScopes(parameters.get("scope")),
    ...(prompt === undefined ? {} : { prompt }),
    ...(nonce === undefined ? {} : { nonce }),
    ...(challenge === undefined ? {} : { challenge }),
  };
}

function startSession(c: Context, state: PartnerState, name: string): Session {
  const person = findPartnerPerson(state.provider(), name);
  const { cookie, session } = state.sessions.start(person.key);
  setCookie(c, PARTNER_COOKIE, cookie, { path: "/", secure: true, httpOnly: true, sameSite: "None" });
  return session;
}

/** The session to go on with; undefined when a person has to be picked. Somebody who was deactivated has none. */
function rememberedSession(c: Context, state: PartnerState, { prompt }: Request): Session | undefined {
  const session = prompt === "login" ? undefined : state.sessions.find(getCookie(c, PARTNER_COOKIE));
  const isActive = state.provider().people.some(({ key, enabled }) => enabled && key === session?.userId);
  if (session !== undefined && isActive) return session;
  if (prompt === "none")
    throw new PartnerError("login_required", "The client specified not to prompt, but the user is not logged in.");
  return undefined;
}

function send(
  c: Context,
  { redirectUri }: Target,
  parameters: URLSearchParams,
  values: Readonly<Record<string, string>>,
): Promise<Response> | Response {
  const state = parameters.get("state");
  const all = { ...(state === null ? {} : { state }), ...values };
  if (parameters.get("response_mode") === "form_post") return show(c, formPostPage(redirectUri, all));
  c.header("Cache-Control", "no-store");
  return c.redirect(`${redirectUri}${redirectUri.includes("?") ? "&" : "?"}${new URLSearchParams(all)}`, 302);
}

/** The answer to the page must not ask again. */
function withoutPrompt(parameters: URLSearchParams): string {
  const next = new URLSearchParams(parameters);
  next.delete("prompt");
  return next.toString();
}
