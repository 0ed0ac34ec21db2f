import type { SessionDemands } from "./evaluation.ts";
import type { SessionControls, SignInFrequency } from "./policy.ts";

/** Strictest first. Their order is not documented (unconfirmed). */
const CLOUD_APP_SECURITY = ["blockDownloads", "mcasConfigured", "monitorOnly"] as const;

/**
 * What several policies' session controls come to: the strictest of each. Sign-in frequency: `everyTime`
 * before the shortest time, and at the same time both factors before the second alone; a browser session that never
 * persists before one that always does. Microsoft documents that all policies' controls apply together, not how two
 * values of one control meet (unconfirmed, and the only reading by which adding a policy never loosens a session).
 */
export function combineSessions(controls: readonly SessionControls[]): SessionDemands {
  const frequency = strictestFrequency(controls.map(({ signInFrequency }) => signInFrequency));
  const persistence = controls.flatMap(({ persistentBrowser }) =>
    persistentBrowser?.isEnabled === true ? [persistentBrowser.mode] : [],
  );
  const types = controls.flatMap(({ cloudAppSecurity }) =>
    cloudAppSecurity?.isEnabled === true ? [cloudAppSecurity.cloudAppSecurityType] : [],
  );
  const cloudAppSecurity = CLOUD_APP_SECURITY.find((type) => types.includes(type));
  const restricted = controls.some(({ applicationEnforcedRestrictions: one }) => one?.isEnabled === true);
  const resilienceOff = controls.some(({ disableResilienceDefaults }) => disableResilienceDefaults === true);
  return {
    ...(frequency === undefined ? {} : { signInFrequency: frequency }),
    ...(persistence.length === 0 ? {} : { persistentBrowser: persistence.includes("never") ? "never" : "always" }),
    ...(cloudAppSecurity === undefined ? {} : { cloudAppSecurity }),
    ...(restricted ? { applicationEnforcedRestrictions: true } : {}),
    ...(resilienceOff ? { disableResilienceDefaults: true } : {}),
  };
}

function strictestFrequency(frequencies: readonly (SignInFrequency | null)[]): SignInFrequency | undefined {
  let strictest: SignInFrequency | undefined;
  for (const frequency of frequencies) {
    if (frequency?.isEnabled !== true) continue;
    if (strictest === undefined || isStricter(frequency, strictest)) strictest = frequency;
  }
  return strictest;
}

function isStricter(left: SignInFrequency, right: SignInFrequency): boolean {
  const difference = frequencyHours(left) - frequencyHours(right);
  if (difference !== 0) return difference < 0;
  return right.authenticationType === "secondaryAuthentication" && left.authenticationType !== right.authenticationType;
}

/** How long a sign-in lasts, in hours; 0 for `everyTime`. */
export function frequencyHours({ frequencyInterval, value, type }: SignInFrequency): number {
  if (frequencyInterval === "everyTime") return 0;
  return (value ?? 0) * (type === "days" ? 24 : 1);
}
