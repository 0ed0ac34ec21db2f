import { randomUUID } from "node:crypto";
import type { Context } from "hono";
import { getCookie } from "hono/cookie";
import { playedMethod } from "../../../model/conditional-access/played.ts";
import type { SignInConditions } from "../../../model/conditional-access/sign-in.ts";
import type { User } from "../directory.ts";
import { homeOf } from "../home.ts";
import { type Page, show } from "../page.ts";
import { verifyPage, wrongConditionsPage } from "./access-pages.ts";
import { judgeAccess } from "./authorize-access.ts";
import { fail, redirect, showError } from "./authorize-answer.ts";
import { type AuthorizeRequest, readRequest, readTarget, type TrustedTarget } from "./authorize-request.ts";
import { idTokenClaims } from "./claims.ts";
import { EntraError } from "./errors.ts";
import { signInPage } from "./pages.ts";
import { checkPerson, signInName } from "./person.ts";
import { readSignInForm, type SignInForm, surroundings } from "./played-form.ts";
import { consentedPermissions } from "./scopes.ts";
import { SESSION_COOKIE, type Session } from "./session.ts";
import { startSession } from "./start-session.ts";
import type { EntraState } from "./state.ts";
import { tenantSegment } from "./tenant.ts";
import { clientInfo } from "./token-grants.ts";

/**
 * `GET` and `POST /{tenant}/oauth2/v2.0/authorize`. The sign-in page posts the chosen person, and the conditions that are
 * played, to the same address; a script may do the same without reading the page.
 */
export function authorizeEndpoint(state: EntraState) {
  return async (c: Context): Promise<Response> => {
    const query = new URL(c.req.url).searchParams;
    const posted = c.req.method === "POST" ? new URLSearchParams(await c.req.text()) : new URLSearchParams();
    const form = readSignInForm(posted);
    const parameters = new URLSearchParams([...query, ...form.parameters]);
    let target: TrustedTarget;
    try {
      const tenant = tenantSegment(state.context.store.data, c.req.param("tenant") ?? "");
      target = readTarget(state.context.store.data, tenant, parameters);
    } catch (error) {
      return showError(c, state, error);
    }
    try {
      const request = readRequest(state.context.store.data, target.client, parameters);
      if (form.problems.length > 0) return show(c, wrongConditionsPage(form.problems, parameters.toString()), 400);
      return await signIn(c, state, { target, request, form, parameters });
    } catch (error) {
      return fail(c, state, target, parameters, error);
    }
  };
}

/** An authorize request that was understood. */
interface Asked {
  readonly target: TrustedTarget;
  readonly request: AuthorizeRequest;
  readonly form: SignInForm;
  readonly parameters: URLSearchParams;
}

/** The person, the assignment, Conditional Access, the consent, in this order; a page where one of them needs it. */
async function signIn(c: Context, state: EntraState, asked: Asked): Promise<Response> {
  const { target, request, form, parameters } = asked;
  const session = findSession(c, state, request, form);
  if (session === undefined) return show(c, pickPerson(c, state, asked));
  const user = checkPerson(state.context.store.data, target.client, session.userId);
  const answered = playedMethod(form.played);
  const correlationId = parameters.get("client-request-id") ?? randomUUID();
  const isSilent = request.prompt === "none";
  const { client } = target;
  const { scopes } = request;
  const access = judgeAccess(state, { client, scopes, isSilent, session, user, answered, correlationId });
  if (access.step === "sign-in") return show(c, pickPerson(c, state, asked));
  if (access.step === "verify")
    return show(c, verifyPage(client.application.displayName, access.methods, nextQuery(parameters)));
  return grant(c, state, asked, session, user, access.conditions);
}

/** The session to go on with; undefined when a person has to be picked first. */
function findSession(
  c: Context,
  state: EntraState,
  request: AuthorizeRequest,
  { person, played }: SignInForm,
): Session | undefined {
  const { data } = state.context.store;
  if (person !== null) return startSession(c, state, person, played);
  const session = state.sessions.find(getCookie(c, SESSION_COOKIE));
  const user = session === undefined ? undefined : data.users[session.userId];
  const isUsable = user?.accountEnabled === true && matchesHint(request.loginHint, signInName(user));
  if (session !== undefined) session.surroundings = { ...session.surroundings, ...surroundings(played) };
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
  { target, request, parameters }: Asked,
  session: Session,
  user: User,
  conditions: SignInConditions,
): Promise<Response> {
  const { context, keys, grants } = state;
  const { data } = context.store;
  const { client, redirectUri, platform } = target;
  consentedPermissions(data, client, user.id, request.scopes);
  const signedIn = {
    clientId: client.application.appId,
    userId: user.id,
    platform,
    scopes: request.scopes,
    sid: session.sid,
    authTime: session.authTime,
    conditions,
    ...(session.secondFactor === undefined ? {} : { secondFactor: session.secondFactor }),
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
  return redirect(c, request.responseMode, redirectUri, { ...answer, session_state: session.sid }, parameters);
}

function pickPerson(c: Context, state: EntraState, { target, request, parameters }: Asked): Promise<Page> {
  const { data } = state.context.store;
  const hint = request.loginHint === undefined ? {} : { hint: request.loginHint };
  return signInPage({
    application: target.client.application.displayName,
    people: Object.values(data.users),
    query: nextQuery(parameters),
    home: homeOf(data),
    played: state.sessions.find(getCookie(c, SESSION_COOKIE))?.surroundings ?? {},
    ...hint,
  });
}

/** What a page posts to: its answer must not be asked again. */
function nextQuery(parameters: URLSearchParams): string {
  const next = new URLSearchParams(parameters);
  next.delete("prompt");
  return next.toString();
}
