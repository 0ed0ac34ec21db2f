import { durationSeconds } from "../settings/tool.ts";
import type { AuthenticationStrength, BuiltInControl, GrantControls, SignInFrequency } from "./policy.ts";

/** Nothing gets in. */
export const BLOCK = demands("AND", ["block"]);

/** Multifactor authentication with whatever counts as such. */
export const MFA = demands("AND", ["mfa"]);

/** Controls joined by an operator; Entra takes one strength at most, and not beside `mfa`. */
export function demands(
  operator: "AND" | "OR",
  builtInControls: readonly BuiltInControl[],
  authenticationStrength: AuthenticationStrength | null = null,
): GrantControls {
  return { operator, builtInControls, customAuthenticationFactors: [], termsOfUse: [], authenticationStrength };
}

/**
 * A sign-in frequency from the settings: `every-time`, or hours such as "12h". Entra counts hours up to 23 and days beyond.
 */
export function signInFrequency(text: string): SignInFrequency {
  const common = { isEnabled: true, authenticationType: "primaryAndSecondaryAuthentication" } as const;
  if (text === "every-time") return { ...common, frequencyInterval: "everyTime", value: null, type: null };
  const hours = durationSeconds(text) / 3600;
  const counted =
    hours < 24 ? ({ value: hours, type: "hours" } as const) : ({ value: hours / 24, type: "days" } as const);
  return { ...common, frequencyInterval: "timeBased", ...counted };
}
