import type { EmulatorContext } from "../context.ts";
import { type DeviceCodeStore, deviceCodeStore } from "./device-codes.ts";
import { type GrantStore, grantStore } from "./grants.ts";
import type { SigningKeys } from "./keys.ts";
import { type SessionStore, sessionStore } from "./session.ts";

/** What Entra's endpoints share. Sessions, codes and refresh tokens live as long as the process. */
export interface EntraState {
  readonly context: EmulatorContext;
  readonly keys: SigningKeys;
  readonly sessions: SessionStore;
  readonly grants: GrantStore;
  readonly deviceCodes: DeviceCodeStore;
}

export function entraState(context: EmulatorContext, keys: SigningKeys): EntraState {
  const { now } = context;
  return {
    context,
    keys,
    sessions: sessionStore(now),
    grants: grantStore(now),
    deviceCodes: deviceCodeStore(now),
  };
}
