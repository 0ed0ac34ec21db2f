import type { Context } from "hono";
import { deleteCookie, getCookie } from "hono/cookie";
import { show } from "../page.ts";
import { showError } from "./authorize-answer.ts";
import { registeredRedirects } from "./clients.ts";
import { signedOutPage } from "./pages.ts";
import { applicationOf } from "./resources.ts";
import { SESSION_COOKIE, type Session } from "./session.ts";
import type { EntraState } from "./state.ts";
import { issuerV2, tenantSegment } from "./tenant.ts";

/**
 * `GET` and `POST /{tenant}/oauth2/v2.0/logout`. Ends the session, calls the front-channel logout address of each tool
 * that the person signed in to, and goes on to `post_logout_redirect_uri` when one of the tools has registered it.
 */
export function logoutEndpoint(state: EntraState) {
  return async (c: Context): Promise<Response> => {
    const { data } = state.context.store;
    try {
      tenantSegment(data, c.req.param("tenant") ?? "");
    } catch (error) {
      return showError(c, state, error);
    }
    const form = c.req.method === "POST" ? new URLSearchParams(await c.req.text()) : [];
    const parameters = new URLSearchParams([...new URL(c.req.url).searchParams, ...form]);
    const cookie = getCookie(c, SESSION_COOKIE);
    const session = state.sessions.find(cookie);
    state.sessions.end(cookie);
    deleteCookie(c, SESSION_COOKIE, { path: "/", secure: true });
    const clients = await namedClients(state, parameters, session);
    const next = postLogoutRedirect(state, parameters, clients);
    const frames = session === undefined ? [] : logoutFrames(state, session);
    if (frames.length === 0 && next !== undefined) return c.redirect(next, 302);
    return show(c, signedOutPage(frames, next));
  };
}

/** The applications whose registrations may say where to go: the ID token's, the one named, or all of the session's. */
async function namedClients(state: EntraState, parameters: URLSearchParams, session?: Session): Promise<string[]> {
  const hint = parameters.get("id_token_hint");
  const named = parameters.get("client_id");
  const audience = hint === null ? undefined : (await state.keys.verify(hint))?.aud;
  if (typeof audience === "string") return [audience];
  return named === null ? [...(session?.clients ?? [])] : [named.toLowerCase()];
}

function postLogoutRedirect(
  state: EntraState,
  parameters: URLSearchParams,
  clients: readonly string[],
): string | undefined {
  const wanted = parameters.get("post_logout_redirect_uri");
  const isRegistered = clients.some((clientId) => {
    const application = applicationOf(state.context.store.data, clientId);
    if (application === undefined) return false;
    const known = [...registeredRedirects(application).map(({ uri }) => uri), application.web.logoutUrl];
    return known.includes(wanted);
  });
  if (wanted === null || !isRegistered) return undefined;
  const logoutState = parameters.get("state");
  if (logoutState === null) return wanted;
  return `${wanted}${wanted.includes("?") ? "&" : "?"}${new URLSearchParams({ state: logoutState })}`;
}

function logoutFrames(state: EntraState, session: Session): string[] {
  const { data } = state.context.store;
  return [...session.clients].flatMap((clientId) => {
    const logoutUrl = applicationOf(data, clientId)?.web.logoutUrl;
    if (logoutUrl === undefined || logoutUrl === null || !URL.canParse(logoutUrl)) return [];
    const frame = new URL(logoutUrl);
    frame.searchParams.set("sid", session.sid);
    frame.searchParams.set("iss", issuerV2(data));
    return [frame.toString()];
  });
}
