import type { Store } from "./store.ts";

/** Who calls Graph, Azure Resource Manager, a vault or a storage account, as read from a verified access token. */
export interface Caller {
  /** Object id of the user or service principal (`oid`). */
  readonly objectId: string;
  /** Client id of the application that got the token (`azp`). */
  readonly clientId: string;
  /** Set when the token is a person's (delegated). */
  readonly user?: { readonly id: string };
  /** Where the person signed in (`ipaddr`); absent in programs' tokens. */
  readonly ipAddress?: string;
  /** Application permissions (`roles`). */
  readonly roles: readonly string[];
  /** Delegated permissions (`scp`). */
  readonly scopes: readonly string[];
}

/** What each host of the emulator is built with. */
export interface EmulatorContext {
  readonly store: Store;
  /** The present moment; tests give their own. */
  readonly now: () => Date;
  /**
   * Verifies `Authorization: Bearer …` against the emulator's own signing keys and the audience (for example
   * `https://graph.microsoft.com`); undefined when the header is missing, wrong or expired.
   */
  readonly authenticate: (authorization: string | undefined, audience: string) => Promise<Caller | undefined>;
  /** Seals and opens vault values (AES-256-GCM with a key file of the sandbox). */
  readonly seal: (plain: string) => string;
  readonly open: (sealed: string) => string;
  /** Fetches a public document (issuer metadata, JWKS) the way Entra does, through the sandbox's own network. */
  readonly fetchPublic: (url: string) => Promise<{ status: number; body: unknown }>;
}
