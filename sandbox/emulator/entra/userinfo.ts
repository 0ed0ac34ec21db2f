import type { Context } from "hono";
import type { EmulatorContext } from "../context.ts";
import { pairwiseSubject } from "./claims.ts";

/**
 * `GET` and `POST /oidc/userinfo` of graph.microsoft.com. It gives the person's names and nothing about groups or roles; its
 * `sub` is the one of the application's ID tokens.
 */
export function userinfo(context: EmulatorContext) {
  return async (c: Context): Promise<Response> => {
    const { data } = context.store;
    const caller = await context.authenticate(c.req.header("authorization"), "https://graph.microsoft.com");
    const user = caller?.user === undefined ? undefined : data.users[caller.user.id];
    if (caller === undefined || user === undefined)
      return c.json(graphError("InvalidAuthenticationToken", "Access token is empty, invalid or expired."), 401);
    if (!caller.scopes.includes("openid"))
      return c.json(graphError("Authorization_RequestDenied", "The access token lacks the scope openid."), 403);
    const profile = caller.scopes.includes("profile")
      ? { name: user.displayName, family_name: user.surname, given_name: user.givenName, picture: PICTURE }
      : {};
    const email = caller.scopes.includes("email") && user.mail !== null ? { email: user.mail } : {};
    return c.json({ sub: pairwiseSubject(data, caller.clientId, user.id), ...profile, ...email });
  };
}

const PICTURE = "https://graph.microsoft.com/v1.0/me/photo/$value";

function graphError(code: string, message: string) {
  return { error: { code, message, innerError: {} } };
}
