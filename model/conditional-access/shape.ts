import type { ConditionalAccessPolicy, UserConditions } from "./policy.ts";

/**
 * Why a policy can apply to nobody, whatever the sign-in. Microsoft does not say when its analysis answers these two
 * reasons; read here from "A Conditional Access policy must contain at minimum the following to be enforced"
 * (https://learn.microsoft.com/entra/identity/conditional-access/concept-conditional-access-policies#simple-policies) and from
 * "Either users or clientApplications is required"
 * (https://learn.microsoft.com/graph/api/resources/conditionalaccessconditionset).
 *
 * @returns `emptyPolicy`: names nobody, guards nothing or asks for nothing. `invalidPolicy`: is about people and workload
 * identities at once or about neither, or guards more than one of applications, user actions and authentication contexts.
 */
export function shapeProblem(policy: ConditionalAccessPolicy): "emptyPolicy" | "invalidPolicy" | undefined {
  const { users, clientApplications } = policy.conditions;
  if (users === null && clientApplications === null) return "invalidPolicy";
  const aboutWorkloads = (clientApplications?.includeServicePrincipals.length ?? 0) > 0;
  const people = users === null ? 0 : peopleNamed(users, aboutWorkloads);
  if (aboutWorkloads && people > 0) return "invalidPolicy";
  const targets = targetKinds(policy);
  if (targets > 1) return "invalidPolicy";
  return (!aboutWorkloads && people === 0) || targets === 0 || asksNothing(policy) ? "emptyPolicy" : undefined;
}

/** A policy about workload identities, which Graph gives back with `None` as its users. */
export function isAboutWorkloads({ conditions }: ConditionalAccessPolicy): boolean {
  return (conditions.clientApplications?.includeServicePrincipals.length ?? 0) > 0;
}

function peopleNamed(users: UserConditions, ignoreNone: boolean): number {
  const ids = ignoreNone ? users.includeUsers.filter((id) => id !== "None") : users.includeUsers;
  const guests = users.includeGuestsOrExternalUsers === null ? 0 : 1;
  return ids.length + users.includeGroups.length + users.includeRoles.length + guests;
}

function targetKinds({ conditions: { applications } }: ConditionalAccessPolicy): number {
  const actions = applications.includeUserActions.length > 0;
  const contexts = applications.includeAuthenticationContextClassReferences.length > 0;
  const others = actions || contexts;
  const names = applications.includeApplications.filter((id) => !(others && id === "None"));
  const apps = names.length > 0 || applications.applicationFilter?.mode === "include";
  return Number(apps) + Number(actions) + Number(contexts);
}

function asksNothing({ grantControls: grant, sessionControls: session }: ConditionalAccessPolicy): boolean {
  const controls =
    grant !== null &&
    (grant.builtInControls.length > 0 ||
      grant.authenticationStrength !== null ||
      grant.termsOfUse.length > 0 ||
      grant.customAuthenticationFactors.length > 0);
  return !controls && (session === null || Object.values(session).every((control) => control === null));
}
