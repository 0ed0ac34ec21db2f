import type { z } from "zod";

/** Where Entra accepts a redirect URI: `web` (server redeems the code) or `spa` (the browser does, with PKCE). */
export type RedirectPlatform = "web" | "spa";

/** One redirect URI of a tool, as a path on the tool's host. */
export interface Callback {
  /** Exact path, leading slash, no trailing slash unless the tool sends one (AADSTS50011 is about every character). */
  readonly path: string;
  readonly platform: RedirectPlatform;
}

/** How the tool proves itself at the token endpoint; `federated` and `public` need no secret. */
export type CredentialKind = "federated" | "public" | "secret";

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
 * registered in `components/tools/registry.ts`.
 */
export interface ToolContract<S extends ToolSettings = ToolSettings> {
  /** Lower-case id, the key under `tools:`. */
  readonly id: string;
  readonly displayName: string;
  /** Versions whose callbacks and settings are known, newest first. */
  readonly versions: readonly string[];
  /** Shape of the tool's own keys (a strict object that extends the common ones), with defaults and descriptions. */
  readonly settings: z.ZodType<S>;
  /** Exact redirect URIs of a version. */
  callbacks(version: string): readonly Callback[];
  /** Path that Entra calls in a hidden frame when the person signs out (front-channel logout). */
  readonly logoutPath?: string;
  credential(settings: S): CredentialKind;
  /** The roles on offer under these settings, the tool's own and declared ones. */
  roles(settings: S): readonly ToolRole[];
  /** Rules that span several keys. */
  check?(settings: S): readonly ContractProblem[];
}
