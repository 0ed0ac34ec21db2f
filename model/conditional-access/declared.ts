import type { AuthenticationStrength, ConditionalAccessPolicy, NamedLocation } from "./policy.ts";

/** The parts of the baseline, by the keys that `conditionalAccess.baseline` has. */
export const BASELINE_PARTS = [
  "mfa",
  "admins",
  "legacy-clients",
  "device-code",
  "countries",
  "devices",
  "sign-in-frequency",
  "sign-in-risk",
  "user-risk",
  "guests",
  "platforms",
] as const;
export type BaselinePart = (typeof BASELINE_PARTS)[number];

/** One policy of the stack. Groups, tools, people, locations and strengths that the stack makes stand in it as references. */
export interface DeclaredPolicy {
  /** Stable name: of the Pulumi resource, and in messages. @example "baseline-mfa", "own-finance-office" */
  readonly key: string;
  /** Absent for a policy of the company's own. */
  readonly part?: BaselinePart;
  /** Its `id` is the key. */
  readonly policy: ConditionalAccessPolicy;
}

/** Conditional Access as the settings declare it: Graph's shapes, with references where ids exist only once deployed. */
export interface DeclaredConditionalAccess {
  readonly locations: readonly { readonly key: string; readonly location: NamedLocation }[];
  /** The company's own; built-in ones are named by their id. */
  readonly strengths: readonly { readonly key: string; readonly strength: AuthenticationStrength }[];
  readonly policies: readonly DeclaredPolicy[];
}

export type ReferenceKind = "team" | "tool" | "person" | "location" | "strength";

/** The group of the break-glass accounts, as a team that no settings can declare (keys have no capitals). */
export const BREAK_GLASS = "team:BREAK-GLASS";

/** How a policy names something that only exists once deployed. @example reference("team", "analysts") is "team:analysts" */
export function reference(kind: ReferenceKind, key: string): string {
  return `${kind}:${key}`;
}

/** The parts of a reference; undefined for an id or a keyword such as `All`. */
export function readReference(text: string): { readonly kind: ReferenceKind; readonly key: string } | undefined {
  const found = /^(team|tool|person|location|strength):(.+)$/.exec(text);
  return found === null ? undefined : { kind: found[1] as ReferenceKind, key: found[2] as string };
}
