import type { Context } from "hono";
import { getCookie } from "hono/cookie";
import { playedMethod } from "../../../model/conditional-access/played.ts";
import { homeOf } from "../home.ts";
import { type Page, show } from "../page.ts";
import { verifyPage, wrongConditionsPage } from "./access-pages.ts";
import { judgeAccess } from "./authorize-access.ts";
import { showError } from "./authorize-answer.ts";
import { type Client, findClient, ownPlatform } from "./clients.ts";
import type { DeviceRequest } from "./device-codes.ts";
import { CANCEL_FIELD, CODE_FIELD, codePage, deviceDonePage, deviceNote } from "./device-pages.ts";
import { signInPage } from "./pages.ts";
import { checkPerson } from "./person.ts";
import { readSignInForm, type SignInForm } from "./played-form.ts";
import { consentedPermissions } from "./scopes.ts";
import { SESSION_COOKIE, type Session } from "./session.ts";
import { startSession } from "./start-session.ts";
import type { EntraState } from "./state.ts";

/**
 * `GET` and `POST /common/oauth2/deviceauth`: the code, then the person, then what Conditional Access asks for. A script may
 * post code, person and conditions at once. Who is signed in already picks themselves again: a code that somebody else sent
 * must not be answered by a session.
 */
export function devicePage(state: EntraState) {
  return async (c: Context): Promise<Response> => {
    const isPost = c.req.method === "POST";
    const form = readSignInForm(isPost ? new URLSearchParams(await c.req.text()) : new URLSearchParams());
    const parameters = new URLSearchParams([...new URL(c.req.url).searchParams, ...form.parameters]);
    const userCode = parameters.getAll(CODE_FIELD).at(-1)?.trim() ?? "";
    if (!isPost || userCode === "") return show(c, codePage(userCode));
    let request: DeviceRequest;
    try {
      request = state.deviceCodes.waiting(userCode);
    } catch (error) {
      return showError(c, state, error);
    }
    const query = new URLSearchParams({ [CODE_FIELD]: userCode }).toString();
    try {
      const client = findClient(state.context.store.data, request.clientId, "tenant");
      const asked = { userCode, request, client, form, query };
      if (parameters.has(CANCEL_FIELD)) {
        state.deviceCodes.answer(userCode, "declined");
        return show(c, deviceDonePage(client.application.displayName, true));
      }
      if (form.problems.length > 0) return show(c, wrongConditionsPage(form.problems, query), 400);
      return await signIn(c, state, asked);
    } catch (error) {
      return showError(c, state, error, { query, correlationId: request.correlationId });
    }
  };
}

/** A code that somebody entered, and what came with it. */
interface Entered {
  readonly userCode: string;
  readonly request: DeviceRequest;
  readonly client: Client;
  readonly form: SignInForm;
  readonly query: string;
}

/** The same order as at the authorize endpoint: account, assignment, Conditional Access, consent. */
async function signIn(c: Context, state: EntraState, entered: Entered): Promise<Response> {
  const { userCode, request, client, form, query } = entered;
  const { data } = state.context.store;
  const { displayName, appId } = client.application;
  const { scopes, correlationId } = request;
  const session = findSession(c, state, entered);
  if (session === undefined) return show(c, pickPerson(c, state, entered));
  const user = checkPerson(data, client, session.userId);
  const answered = playedMethod(form.played);
  const given = { flow: "device-code" };
  const access = judgeAccess(state, { client, scopes, isSilent: false, session, given, user, answered, correlationId });
  if (access.step === "sign-in") return show(c, pickPerson(c, state, entered));
  if (access.step === "verify") {
    state.deviceCodes.askOf(userCode, session.sid);
    return show(c, verifyPage(displayName, access.methods, query));
  }
  consentedPermissions(data, client, user.id, scopes);
  state.deviceCodes.answer(userCode, {
    clientId: appId,
    userId: user.id,
    platform: ownPlatform(client.application),
    scopes,
    sid: session.sid,
    authTime: session.authTime,
    conditions: access.conditions,
    ...(session.secondFactor === undefined ? {} : { secondFactor: session.secondFactor }),
  });
  session.clients.add(appId);
  return show(c, deviceDonePage(displayName, false));
}

/** The session of the person who was just picked, or of the one who was asked for a method. */
function findSession(c: Context, state: EntraState, { userCode, form }: Entered): Session | undefined {
  if (form.person !== null) return startSession(c, state, form.person, form.played);
  const session = state.sessions.find(getCookie(c, SESSION_COOKIE));
  return session !== undefined && state.deviceCodes.wasAsked(userCode, session.sid) ? session : undefined;
}

function pickPerson(c: Context, state: EntraState, { client, query }: Entered): Promise<Page> {
  const { data } = state.context.store;
  const application = client.application.displayName;
  return signInPage({
    application,
    people: Object.values(data.users),
    query,
    home: homeOf(data),
    played: state.sessions.find(getCookie(c, SESSION_COOKIE))?.surroundings ?? {},
    note: deviceNote(application, query),
  });
}
