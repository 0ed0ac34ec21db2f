import type { Evaluation } from "../../../model/conditional-access/evaluation.ts";
import type { SignInFrequency } from "../../../model/conditional-access/policy.ts";
import type { SecondFactor } from "./session.ts";

const HOUR = 3_600_000;
/**
 * "Every time" lets five minutes pass, for clocks that differ
 * (https://learn.microsoft.com/entra/identity/conditional-access/concept-session-lifetime).
 */
const EVERY_TIME = 5 * 60_000;

/** When somebody last showed who they are. */
export interface Shown {
  readonly authTime: Date;
  readonly secondFactor?: SecondFactor | undefined;
}

/** What of a sign-in is older than a policy allows; undefined where nothing is. */
export function staleProof(frequency: SignInFrequency | undefined, shown: Shown, now: Date): Stale | undefined {
  if (frequency === undefined || !frequency.isEnabled) return undefined;
  const allowed = allowedAge(frequency);
  const isOld = (since: Date) => now.getTime() - since.getTime() > allowed;
  const seconds = allowed / 1000;
  const { authTime, secondFactor } = shown;
  if (frequency.authenticationType === "primaryAndSecondaryAuthentication" && isOld(authTime))
    return { proof: "primary", since: authTime, seconds };
  if (secondFactor !== undefined && isOld(secondFactor.at))
    return { proof: "secondary", since: secondFactor.at, seconds };
  return undefined;
}

export interface Stale {
  /** Whether the person has to be asked who they are, or for the second factor alone. */
  readonly proof: "primary" | "secondary";
  readonly since: Date;
  /** What the policy allows. */
  readonly seconds: number;
}

/** Milliseconds. */
function allowedAge({ frequencyInterval, value, type }: SignInFrequency): number {
  if (frequencyInterval === "everyTime") return EVERY_TIME;
  return (value ?? 0) * (type === "days" ? 24 : 1) * HOUR;
}

/** Display names of the enabled policies that apply and ask for a sign-in frequency. */
export function frequencyPolicies({ results }: Evaluation): string[] {
  return results
    .filter(({ applies, policy }) => applies && policy.state === "enabled")
    .filter(({ policy }) => policy.sessionControls?.signInFrequency?.isEnabled === true)
    .map(({ policy }) => policy.displayName);
}
