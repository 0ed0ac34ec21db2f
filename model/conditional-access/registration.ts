import type { GrantDemand } from "./evaluation.ts";
import type { SignInTarget } from "./sign-in.ts";

const REGISTRATION = "urn:user:registersecurityinfo";

/**
 * While somebody registers security information, strengths of policies about that very action take the place of those of
 * other policies; all other controls hold as usual
 * (https://learn.microsoft.com/entra/identity/authentication/concept-authentication-strength-how-it-works#how-multiple-conditional-access-authentication-strength-policies-are-evaluated-for-registering-security-info).
 * It is the one case in which a further policy takes a demand away. A strength that is one of several alternatives stays
 * one (unconfirmed).
 */
export function whileRegistering(grants: readonly GrantDemand[], target: SignInTarget): readonly GrantDemand[] {
  if (target.kind !== "userAction" || target.action !== REGISTRATION) return grants;
  if (!grants.some((grant) => isAboutRegistration(grant) && grant.controls.some(isStrength))) return grants;
  return grants.flatMap((grant) => {
    const controls = grant.controls.filter((control) => !isStrength(control));
    if (isAboutRegistration(grant) || controls.length === grant.controls.length) return [grant];
    if (controls.length === 0) return [];
    return [grant.operator === "OR" ? grant : { ...grant, controls }];
  });
}

function isAboutRegistration({ policy }: GrantDemand): boolean {
  return policy.conditions.applications.includeUserActions.includes(REGISTRATION);
}

function isStrength({ kind }: GrantDemand["controls"][number]): boolean {
  return kind === "strength";
}
