import { type Context, Hono } from "hono";
import { deleteCookie, getCookie } from "hono/cookie";
import { notImplemented } from "../not-implemented.ts";
import { show } from "../page.ts";
import { PARTNER_COOKIE, partnerAuthorize } from "./authorize.ts";
import { partnerMetadata } from "./discovery.ts";
import { PartnerError } from "./errors.ts";
import { partnerErrorPage, partnerSignedOutPage } from "./pages.ts";
import { endpointsOf, personId } from "./provider.ts";
import { type PartnerOptions, type PartnerState, partnerState } from "./state.ts";
import { partnerToken } from "./token.ts";
import { partnerUserinfo } from "./tokens.ts";

/**
 * A partner's OpenID Connect provider, as Okta serves one: discovery, keys, the code flow with PKCE, refresh tokens,
 * userinfo and sign-out. Everybody of the partner is assigned to every client: that a tool gives nothing to somebody
 * without a mapped group is the tool's own work, and so can be tried. Everything else is 501.
 */
export function createPartnerApp(options: PartnerOptions): Hono {
  const state = partnerState(options);
  const { issuer } = options.provider();
  const endpoints = endpointsOf(issuer);
  const pathOf = (url: string) => new URL(url).pathname;
  const app = new Hono();
  app.get(pathOf(`${issuer}/.well-known/openid-configuration`), (c) => c.json(partnerMetadata(state.provider())));
  app.get(pathOf(endpoints.keys), (c) => c.json({ keys: state.keys.publicKeys }));
  app.on(["GET", "POST"], pathOf(endpoints.authorize), partnerAuthorize(state));
  app.post(pathOf(endpoints.token), partnerToken(state));
  app.on(["GET", "POST"], pathOf(endpoints.userinfo), userinfo(state));
  app.get(pathOf(endpoints.logout), logout(state));
  app.notFound((c) => notImplemented(c));
  return app;
}

function userinfo(state: PartnerState) {
  return async (c: Context): Promise<Response> => {
    const provider = state.provider();
    const token = /^Bearer +(\S+)$/i.exec(c.req.header("authorization") ?? "")?.[1];
    const claims = token === undefined ? undefined : await state.keys.verify(token, state.now());
    const person = provider.people.find(({ key, enabled }) => enabled && personId(provider, key) === claims?.uid);
    // An ID token has no `uid`: it proves a sign-in, and opens no interface.
    if (claims?.iss !== provider.issuer || person === undefined) {
      c.header("WWW-Authenticate", 'Bearer error="invalid_token", error_description="The access token is invalid"');
      return c.body(null, 401);
    }
    const scopes = Array.isArray(claims.scp) ? claims.scp.map(String) : [];
    return c.json(partnerUserinfo(provider, person, scopes));
  };
}

/** Ends the session. The partner has registered no sign-out redirect URI, so none is followed. */
function logout(state: PartnerState) {
  return async (c: Context): Promise<Response> => {
    const { id_token_hint: hint, post_logout_redirect_uri: next } = c.req.query();
    const refuse = (description: string) => {
      const error = new PartnerError("invalid_request", description);
      return show(c, partnerErrorPage(state.provider(), error), error.status);
    };
    const claims = hint === undefined ? undefined : await state.keys.verify(hint);
    if (claims?.iss !== state.provider().issuer) return refuse("The 'id_token_hint' parameter is invalid.");
    if (next !== undefined)
      return refuse(
        `The 'post_logout_redirect_uri' parameter must be a Logout redirect URI in the client app settings: ${next}`,
      );
    state.sessions.end(getCookie(c, PARTNER_COOKIE));
    deleteCookie(c, PARTNER_COOKIE, { path: "/", secure: true });
    return show(c, partnerSignedOutPage(state.provider()));
  };
}
