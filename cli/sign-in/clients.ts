import type { CredentialKind } from "../../model/tool-contract.ts";

/** How a client can redeem a code: the three right ways, and the mistakes that are worth seeing. */
export type ClientKind =
  | CredentialKind
  | "unproven"
  | "public-without-pkce"
  | "public-with-secret"
  | "wrong-secret"
  | "expired-secret";

export interface ClientPlay {
  /** What it does and what Entra says to it, for people. */
  readonly about: string;
  /** Whether a page's own script redeems the code, so that the request carries its origin. */
  readonly browser: boolean;
  readonly pkce: boolean;
  readonly proof: "assertion" | "secret" | "none" | "made-up secret" | "expired secret";
}

const server = { browser: false, pkce: true };
const browser = { browser: true, pkce: true, proof: "none" } as const;

/** By the name that `--client` takes. */
export const CLIENTS: Readonly<Record<ClientKind, ClientPlay>> = {
  federated: { ...server, proof: "assertion", about: "a server with the pod's service-account token" },
  secret: { ...server, proof: "secret", about: "a server with the client secret that its pod reads from the vault" },
  public: { ...browser, about: "a page's script with PKCE; AADSTS9002326 where the redirect URI is a Web one" },
  unproven: {
    ...server,
    proof: "none",
    about: "a server with PKCE and nothing else: AADSTS7000218, or AADSTS9002327 at a SPA redirect URI",
  },
  "public-without-pkce": { ...browser, pkce: false, about: "a page's script without PKCE: AADSTS9002325" },
  "public-with-secret": { ...browser, proof: "made-up secret", about: "a page's script with a secret: AADSTS700025" },
  "wrong-secret": {
    ...server,
    proof: "made-up secret",
    about: "a server with a secret that nobody gave: AADSTS7000215",
  },
  "expired-secret": {
    ...server,
    proof: "expired secret",
    about: "a server with a secret that has just ended: AADSTS7000222",
  },
};

/** One line per kind, for the command's help. */
export function describeClients(): string {
  const width = Math.max(...Object.keys(CLIENTS).map((name) => name.length));
  return Object.entries(CLIENTS)
    .map(([name, { about }]) => `  ${name.padEnd(width)}  ${about}`)
    .join("\n");
}
