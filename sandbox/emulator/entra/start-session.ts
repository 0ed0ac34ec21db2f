import type { Context } from "hono";
import { setCookie } from "hono/cookie";
import type { PlayedConditions } from "../../../model/conditional-access/played.ts";
import { EntraError } from "./errors.ts";
import { findPerson } from "./person.ts";
import { platformOf, surroundings } from "./played-form.ts";
import { SESSION_COOKIE, type Session } from "./session.ts";
import type { EntraState } from "./state.ts";

/**
 * Signs the person in who was picked on a page, and hands the browser its cookie.
 * @throws EntraError 50034 (nobody of that name) or 50057 (disabled)
 */
export function startSession(c: Context, state: EntraState, person: string, played: PlayedConditions): Session {
  const user = findPerson(state.context.store.data, person);
  if (!user.accountEnabled) throw new EntraError(50057);
  const platform = platformOf(c.req.header("user-agent"));
  const { cookie, session } = state.sessions.start(user.id, { platform, ...surroundings(played) });
  // A hidden frame of a tool's page renews a sign-in silently, so the cookie has to travel across sites.
  setCookie(c, SESSION_COOKIE, cookie, { path: "/", secure: true, httpOnly: true, sameSite: "None" });
  return session;
}
