import type { EmulatorContext } from "../context.ts";
import { type GrantStore, grantStore } from "./grants.ts";
import type { SigningKeys } from "./keys.ts";
import { type SessionStore, sessionStore } from "./session.ts";

/** What Entra's endpoints share. Sessions, codes and refresh tokens live as long as the process. */
export interface EntraState {
  readonly context: EmulatorContext;
  readonly keys: SigningKeys;
  readonly sessions: SessionStore;
  readonly grants: GrantStore;
}

export function entraState(context: EmulatorContext, keys: SigningKeys): EntraState {
  return { context, keys, sessions: sessionStore(context.now), grants: grantStore(context.now) };
}
