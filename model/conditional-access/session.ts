import type { SessionDemands } from "./evaluation.ts";
import type { SessionControls, SignInFrequency } from "./policy.ts";

/** Strictest first. Their order is not documented (unconfirmed). */
const CLOUD_APP_SECURITY = ["blockDownloads", "mcasConfigured", "monitorOnly"] as const;

/** What one policy's session controls ask for. Controls that are not enabled ask for nothing. */
export function sessionDemands(controls: SessionControls): SessionDemands {
  const { signInFrequency, persistentBrowser, cloudAppSecurity } = controls;
  return {
    ...(signInFrequency?.isEnabled === true ? { signInFrequency } : {}),
    ...(persistentBrowser?.isEnabled === true ? { persistentBrowser: persistentBrowser.mode } : {}),
    ...(cloudAppSecurity?.isEnabled === true ? { cloudAppSecurity: cloudAppSecurity.cloudAppSecurityType } : {}),
    ...(controls.applicationEnforcedRestrictions?.isEnabled === true ? { applicationEnforcedRestrictions: true } : {}),
    ...(controls.disableResilienceDefaults === true ? { disableResilienceDefaults: true } : {}),
  };
}

/**
 * What two policies' session controls come to: the strictest of each. Sign-in frequency: `everyTime` before the shortest
 * time, and at the same time both factors before the second alone; a browser session that never persists before one that
 * always does. Microsoft documents that all policies' controls apply together, not how two values of one control meet
 * (unconfirmed, and the only reading by which adding a policy never loosens a session).
 */
export function strictest(left: SessionDemands, right: SessionDemands): SessionDemands {
  const frequency = stricterFrequency(left.signInFrequency, right.signInFrequency);
  const persistence = [left.persistentBrowser, right.persistentBrowser];
  const persistentBrowser = persistence.includes("never") ? "never" : persistence.find((mode) => mode !== undefined);
  const cloudAppSecurity = CLOUD_APP_SECURITY.find(
    (type) => left.cloudAppSecurity === type || right.cloudAppSecurity === type,
  );
  return {
    ...left,
    ...right,
    ...(frequency === undefined ? {} : { signInFrequency: frequency }),
    ...(persistentBrowser === undefined ? {} : { persistentBrowser }),
    ...(cloudAppSecurity === undefined ? {} : { cloudAppSecurity }),
  };
}

function stricterFrequency(left: SignInFrequency | undefined, right: SignInFrequency | undefined) {
  if (left === undefined || right === undefined) return left ?? right;
  const difference = frequencyHours(left) - frequencyHours(right);
  if (difference !== 0) return difference < 0 ? left : right;
  return left.authenticationType === "secondaryAuthentication" ? right : left;
}

/** How long a sign-in lasts, in hours; 0 for `everyTime`. */
export function frequencyHours({ frequencyInterval, value, type }: SignInFrequency): number {
  if (frequencyInterval === "everyTime") return 0;
  return (value ?? 0) * (type === "days" ? 24 : 1);
}
