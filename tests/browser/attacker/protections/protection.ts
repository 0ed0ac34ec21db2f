import type { Target } from "../targets.ts";

/** What the removed lines' replacements are made of. */
export interface Known {
  readonly tenantId: string;
  /** Public keys in PEM: Entra's, and the attacker's. */
  readonly entraKeys: readonly string[];
  readonly attackerKey: string;
}

/** A line of what is deployed that holds attacks off. */
export interface Protection {
  readonly target: Target["id"];
  /** ConfigMap and file, HTTPRoute, or `registration`: the application in Entra. */
  readonly place: string;
  /** The line as it stands there. */
  readonly line: string;
  /** How docs/attacks.md calls it, where it is not the line that protects but what does not stand beside it. */
  readonly said?: string;
  /** What stands there once a hand removed it. For a file; the other places know themselves what to remove. */
  readonly instead?: string | ((known: Known) => string);
  /** Names of the attacks that get through once it and the others of their attack are gone. */
  readonly holds: readonly string[];
  /** Whether it is removed alone with others of this kind, after all others: without it, other attacks are not possible. */
  readonly last?: boolean;
}
