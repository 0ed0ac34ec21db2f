import type { SigningKeys } from "../entra/keys.ts";
import { type SessionStore, sessionStore } from "../entra/session.ts";
import { type PartnerGrants, partnerGrants } from "./grants.ts";
import type { PartnerProvider } from "./provider.ts";

export interface PartnerOptions {
  /** The provider as the settings have it at this moment. */
  readonly provider: () => PartnerProvider;
  /** The client secret of a tool's client. */
  readonly secretOf: (tool: string) => string;
  readonly now: () => Date;
  readonly keys: SigningKeys;
}

/** What a provider's endpoints share. Sessions, codes and refresh tokens live as long as the process. */
export interface PartnerState extends PartnerOptions {
  readonly sessions: SessionStore;
  readonly grants: PartnerGrants;
}

export function partnerState(options: PartnerOptions): PartnerState {
  return { ...options, sessions: sessionStore(options.now), grants: partnerGrants(options.now) };
}
