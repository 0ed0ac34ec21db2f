import type { Settings } from "../../settings/schema.ts";
import type { GrantControls, PolicyConditions, SignInFrequency } from "../policy.ts";

/** What the parts are written from. */
export interface BaselineContext {
  readonly settings: Settings["conditionalAccess"];
  /** Teams with an admin role in some tool, as references. */
  readonly adminTeams: readonly string[];
  /** The trusted offices, as references. */
  readonly trustedOffices: readonly string[];
}

/** One policy of a part, before it has a state and targets. */
export interface PartPolicy {
  /** What tells a part's second policy from its first. @example "admins" */
  readonly suffix?: string;
  /** What it does, in words. @example "Legacy clients blocked" */
  readonly title: string;
  readonly conditions: Pick<PolicyConditions, "users"> & Partial<PolicyConditions>;
  readonly grant?: GrantControls;
  readonly frequency?: SignInFrequency;
}

/** A part of the baseline: its policies under these settings, none where there is nothing for it to do. */
export type Part = (context: BaselineContext) => readonly PartPolicy[];
