import { randomUUID } from "node:crypto";
import type { Context } from "hono";
import { getCookie, setCookie } from "hono/cookie";
import { formPostPage, type Page, show } from "../page.ts";
import {
  type AuthorizeRequest,
  answerMode,
  type ResponseMode,
  readRequest,
  readTarget,
  type TrustedTarget,
} from "./authorize-request.ts";
import { idTokenClaims } from "./claims.ts";
import { EntraError, errorReport } from "./errors.ts";
import { errorPage, signInPage } from "./pages.ts";
import { checkPerson, findPerson, signInName } from "./person.ts";
import { consentedPermissions } from "./scopes.ts";
import { SESSION_COOKIE, type Session } from "./session.ts";
import type { EntraState } from "./state.ts";
import { tenantSegment } from "./tenant.ts";
import { clientInfo } from "./token-grants.ts";

/** Name of the form field that says who signs in: a user principal name, a guest's mail or an object id. */
export const PERSON_FIELD = "username";

/**
 * `GET` and `POST /{tenant}/oauth2/v2.0/authorize`. The sign-in page posts the chosen person to the same address; a script
 * may do the same without reading the page.
 */
export function authorizeEndpoint(state: EntraState) {
  return async (c: Context): Promise<Response> => {
    const query = new URL(c.req.url).searchParams;
    const form = c.req.method === "POST" ? new URLSearchParams(await c.req.text()) : new URLSearchParams();
    const person = form.get(PERSON_FIELD);
    const parameters = new URLSearchParams([...query, ...[...form].filter(([name]) => name !== PERSON_FIELD)]);
    let target: TrustedTarget;
    try {
      const tenant = tenantSegment(state.context.store.data, c.req.param("tenant") ?? "");
      target = readTarget(state.context.store.data, tenant, parameters);
    } catch (error) {
      return showError(c, state, error);
    }
    try {
      const request = readRequest(state.context.store.data, target.client, parameters);
      const session = signIn(c, state, request, person);
      if (session === undefined) return show(c, pickPerson(state, target, request, parameters));
      return await grant(c, state, target, request, session, parameters);
    } catch (error) {
      return fail(c, state, target, parameters, error);
    }
  };
}

/** The session to go on with; undefined when a person has to be picked first. */
function signIn(c: Context, state: EntraState, request: AuthorizeRequest, person: string | null): Session | undefined {
  const { data } = state.context.store;
  if (person !== null) {
    const user = findPerson(data, person);
    if (!user.accountEnabled) throw new EntraError(50057);
    const { cookie, session } = state.sessions.start(user.id);
    // A hidden frame of a tool's page renews a sign-in silently, so the cookie has to travel across sites.
    setCookie(c, SESSION_COOKIE, cookie, { path: "/", secure: true, httpOnly: true, sameSite: "None" });
    return session;
  }
  const session = state.sessions.find(getCookie(c, SESSION_COOKIE));
  const user = session === undefined ? undefined : data.users[session.userId];
  const isUsable = user?.accountEnabled === true && matchesHint(request.loginHint, signInName(user));
  if (request.prompt === "none") {
    if (session !== undefined && isUsable) return session;
    throw new EntraError(50058);
  }
  return request.prompt === undefined && isUsable ? session : undefined;
}

function matchesHint(hint: string | undefined, name: string): boolean {
  return hint === undefined || hint.toLowerCase() === name.toLowerCase();
}

async function grant(
  c: Context,
  state: EntraState,
  { client, redirectUri, platform }: TrustedTarget,
  request: AuthorizeRequest,
  session: Session,
  parameters: URLSearchParams,
): Promise<Response> {
  const { context, keys, grants } = state;
  const { data } = context.store;
  const user = checkPerson(data, client, session.userId);
  consentedPermissions(data, client, user.id, request.scopes);
  const signedIn = {
    clientId: client.application.appId,
    userId: user.id,
    platform,
    scopes: request.scopes,
    sid: session.sid,
    authTime: session.authTime,
    ...(request.nonce === undefined ? {} : { nonce: request.nonce }),
  };
  const challenge = request.challenge === undefined ? {} : { challenge: request.challenge };
  const code = request.wantsCode ? grants.issueCode({ ...signedIn, redirectUri, ...challenge }) : undefined;
  const answer: Record<string, string> = code === undefined ? {} : { code };
  if (parameters.get("client_info") === "1") answer.client_info = clientInfo(user.id, data.tenantId);
  if (request.wantsIdToken) {
    const frontChannel = request.responseMode !== "form_post";
    const facts = {
      ...signedIn,
      user,
      oidc: request.scopes.oidc,
      frontChannel,
      ...(code === undefined ? {} : { code }),
    };
    answer.id_token = await keys.sign(idTokenClaims(data, client, facts, context.now()));
  }
  session.clients.add(client.application.appId);
  return redirect(
    c,
    request.responseMode,
    redirectUri,
    withState({ ...answer, session_state: session.sid }, parameters),
  );
}

/**
 * A refusal after the redirect URI is known to be right. What the person has to see (an unknown or disabled account, no
 * assignment) is a page, unless the tool asked not to show any; all else goes to the tool.
 */
async function fail(
  c: Context,
  state: EntraState,
  target: TrustedTarget,
  parameters: URLSearchParams,
  error: unknown,
): Promise<Response> {
  if (!(error instanceof EntraError)) throw error;
  const isForPerson = [50034, 50057, 50105].includes(error.details.code) && parameters.get("prompt") !== "none";
  if (isForPerson) {
    const retry = new URLSearchParams(parameters);
    retry.set("prompt", "select_account");
    return showError(c, state, error, retry.toString());
  }
  const report = errorReport(error, state.context.now(), parameters.get("client-request-id") ?? undefined);
  const { error: name, error_description, error_uri } = report;
  const answer = withState({ error: name, error_description, error_uri }, parameters);
  return redirect(c, answerMode(parameters), target.redirectUri, answer);
}

function withState(answer: Record<string, string>, parameters: URLSearchParams): Record<string, string> {
  const state = parameters.get("state");
  return state === null ? answer : { ...answer, state };
}

async function redirect(
  c: Context,
  mode: ResponseMode,
  redirectUri: string,
  answer: Record<string, string>,
): Promise<Response> {
  if (mode === "form_post") return show(c, formPostPage(redirectUri, answer));
  c.header("Cache-Control", "no-store");
  const values = new URLSearchParams(answer).toString();
  if (mode === "fragment") return c.redirect(`${redirectUri}#${values}`, 302);
  return c.redirect(`${redirectUri}${redirectUri.includes("?") ? "&" : "?"}${values}`, 302);
}

function pickPerson(
  state: EntraState,
  target: TrustedTarget,
  request: AuthorizeRequest,
  parameters: URLSearchParams,
): Promise<Page> {
  const people = Object.values(state.context.store.data.users);
  // The answer to this page must not ask again.
  const next = new URLSearchParams(parameters);
  next.delete("prompt");
  const application = target.client.application.displayName;
  const hint = request.loginHint === undefined ? {} : { hint: request.loginHint };
  return signInPage({ application, people, query: next.toString(), ...hint });
}

/** Shows a refusal to the person, with the query of a new attempt if there is one. Throws what is no refusal. */
export async function showError(c: Context, state: EntraState, error: unknown, retry?: string): Promise<Response> {
  if (!(error instanceof EntraError)) throw error;
  const correlationId = new URL(c.req.url).searchParams.get("client-request-id") ?? randomUUID();
  const report = errorReport(error, state.context.now(), correlationId);
  return show(c, errorPage(error.details, report, retry), 400);
}
