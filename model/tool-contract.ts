import type { z } from "zod";

/** Where Entra accepts a redirect URI: `web` (server redeems the code) or `spa` (the browser does, with PKCE). */
export type RedirectPlatform = "web" | "spa";

/** How the code that arrives at a redirect URI is redeemed; `federated` and `public` need no secret. */
export type CredentialKind = "federated" | "public" | "secret";

/** One redirect URI of a tool, as a path on the tool's host: one way of signing in. */
export interface Callback {
  /** Exact path, leading slash, no trailing slash unless the tool sends one (AADSTS50011 is about every character). */
  readonly path: string;
  readonly platform: RedirectPlatform;
  readonly credential: CredentialKind;
  /** Who signs in there: the tool itself, or the identity-aware proxy in front of it. @default "tool" */
  readonly by?: "proxy" | "tool";
  /** What is asked for. @default ["openid", "profile", "email"] */
  readonly scopes?: readonly string[];
}

/** Where a tool itself takes the codes of a partner's provider, which the partner registers with the tool's client. */
export interface PartnerCallback {
  /** Exact path on the tool's host, leading slash. */
  readonly path: string;
  /** What is asked for. Okta names a person's groups for the scope `groups` only. @default ["openid", "profile", "email", "groups"] */
  readonly scopes?: readonly string[];
}

/** Who may hold an app role: people through their teams, or programs that call the tool. */
export type RoleHolder = "User" | "Application";

/** One role that a tool offers, and so one Entra app role of its registration. */
export interface ToolRole {
  /** The app role's value: what stands in the token's `roles` claim and in `access:` of the settings. */
  readonly value: string;
  readonly displayName: string;
  readonly description: string;
  /** Whether the role can change other people's rights or the tool's own configuration. */
  readonly admin: boolean;
  /** What the tool gives a person with this role, in the tool's own role names. */
  readonly toolRoles: readonly string[];
  /** @default ["User"] */
  readonly holders?: readonly RoleHolder[];
}

/** What every tool's settings have in common, after parsing. */
export interface ToolSettings {
  /** One of the contract's `versions`. */
  readonly version: string;
  /** Fully qualified host name; `<tool>.<domain>` by default. */
  readonly host: string;
  /** Kubernetes namespace. Default: the tool's id. */
  readonly namespace: string;
  /** Role value → keys of the teams that hold it. */
  readonly access: Readonly<Record<string, readonly string[]>>;
  /** Further hosts that the tool may reach over HTTPS. */
  readonly egress: readonly string[];
}

/** A problem that a contract's own check found, relative to the tool's settings. */
export interface ContractProblem {
  /** Keys below `tools.<tool>`, outermost first. */
  readonly path: readonly (string | number)[];
  readonly found: string;
  readonly allowed: string;
  readonly fix: string;
}

/**
 * What the rest of Entrada needs to know of a tool, without Pulumi: one per tool, in `components/tools/<tool>/contract.ts`,
 * registered in `components/tools/registered.ts`.
 */
export interface ToolContract<S extends ToolSettings = ToolSettings> {
  /** Lower-case id, the key under `tools:`. */
  readonly id: string;
  readonly displayName: string;
  /** Versions whose callbacks and settings are known, newest first. */
  readonly versions: readonly string[];
  /** Shape of the tool's own keys (a strict object that extends the common ones), with defaults and descriptions. */
  readonly settings: z.ZodType<S>;
  /** Exact redirect URIs under these settings, the way people meet first coming first. Empty: Entra is built into the platform. */
  callbacks(settings: S): readonly Callback[];
  /** Path that Entra calls in a hidden frame when the person signs out (front-channel logout). */
  readonly logoutPath?: string;
  /** The roles on offer under these settings, the tool's own and declared ones. */
  roles(settings: S): readonly ToolRole[];
  /** Whether a role also reaches people through nested teams. App roles never do. @default "direct" */
  readonly membership?: "direct" | "transitive";
  /** Whether people of other tenants can hold a role. @default "allowed" */
  readonly guests?: "allowed" | "refused";
  /** Whether partners' identity providers can be added to the tool. @default false */
  readonly partners?: boolean;
  /**
   * Where a partner's people come back from their own provider, by the partner's key. Absent where the tool knows Entra only;
   * partners of a tool behind the identity-aware proxy come in by its gates.
   */
  partnerCallback?(settings: S, partner: string): PartnerCallback;
  /**
   * Client id that Conditional Access knows the tool by, where Entra is built into the platform and the tool has no
   * registration of its own. @default the client id of the tool's registration
   */
  readonly conditionalAccessTarget?: string;
  /** Whether the identity-aware proxy stands in front of the tool under these settings. @default never */
  proxied?(settings: S): boolean;
  /** What a reader of the access report has to know, in sentences. */
  remarks?(settings: S): readonly string[];
  /** For a key that holds several tools by name (`tools.custom.<name>`): the contract of one of them. */
  named?(name: string): ToolContract<S>;
  /** Rules that span several keys. */
  check?(settings: S): readonly ContractProblem[];
}
