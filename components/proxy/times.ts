import { durationSeconds } from "../../model/settings/index.ts";
import type { ToolEnvironment } from "../tools/environment.ts";

/** How long the proxy believes a session, in seconds. */
export interface SessionTimes {
  /** Age at which the next request makes the proxy ask the provider again. */
  readonly refresh: number;
  /** Age at which a session ends that was not renewed. */
  readonly expire: number;
}

/**
 * The session's times, so that somebody who was disabled is out before `sessions.revocation` has passed.
 *
 * oauth2-proxy does not look at the status of a refused refresh with a federated token (providers/ms_entra_id.go,
 * `fetchToken`, 7.15.3): it takes the refusal for a renewal without an ID token and lets the session live on for one more
 * `cookie_expire`. The last good answer of Entra is then at most two of them old, so `cookie_expire` is half of the bound
 * and `cookie_refresh` half of that: whoever works on is renewed without noticing.
 *
 * @example sessionTimes({ maximum: "8h", revocation: "1h" }) // { refresh: 900, expire: 1800 }
 */
export function sessionTimes({ maximum, revocation }: ToolEnvironment["sessions"]): SessionTimes {
  const expire = Math.min(Math.floor(durationSeconds(revocation) / 2), durationSeconds(maximum));
  return { refresh: Math.floor(expire / 2), expire };
}
