import type { ConditionalAccessPolicyArgs } from "@pulumi/azuread/conditionalAccessPolicy.js";
import type { input } from "@pulumi/azuread/types/index.js";
import * as pulumi from "@pulumi/pulumi";
import { readReference } from "../../../model/conditional-access/declared.ts";
import type {
  ConditionalAccessPolicy,
  GrantControls,
  GuestConditions,
  PolicyConditions,
  SessionControls,
  UserConditions,
} from "../../../model/conditional-access/policy.ts";
import { type ReferenceTargets, resolved, resolvedOne } from "./references.ts";

/** How the provider writes a strength's id. */
const STRENGTHS = "/policies/authenticationStrengthPolicies/";

/**
 * The inputs of one policy. What Graph would give back as empty is left out, and what it fills in by itself is said, so that
 * the next `up` finds nothing to change (hashicorp/terraform-provider-azuread#790, #801, #1749).
 * @throws pulumi.RunError for a reference to what the stack does not make, and for conditions that the resource has no input for
 */
export function policyArgs(policy: ConditionalAccessPolicy, targets: ReferenceTargets): ConditionalAccessPolicyArgs {
  const { displayName, state, conditions, grantControls, sessionControls } = policy;
  return given({
    displayName,
    state,
    conditions: conditionArgs(policy, conditions, targets),
    grantControls: grantControls === null ? undefined : grantArgs(grantControls, targets),
    sessionControls: sessionControls === null ? undefined : sessionArgs(sessionControls),
  });
}

function conditionArgs(
  policy: ConditionalAccessPolicy,
  conditions: PolicyConditions,
  targets: ReferenceTargets,
): input.ConditionalAccessPolicyConditions {
  const { users, applications, platforms, locations, devices, authenticationFlows } = conditions;
  if (users === null) throw new pulumi.RunError(`The policy "${policy.displayName}" is not about people.`);
  const filter = devices?.deviceFilter ?? undefined;
  return given({
    users: userArgs(users, targets),
    applications: given({
      includedApplications: resolved(applications.includeApplications, targets),
      excludedApplications: resolved(applications.excludeApplications, targets),
    }),
    clientAppTypes: [...conditions.clientAppTypes],
    platforms:
      platforms === null
        ? undefined
        : given({
            includedPlatforms: [...platforms.includePlatforms],
            excludedPlatforms: some(platforms.excludePlatforms),
          }),
    locations:
      locations === null
        ? undefined
        : given({
            includedLocations: locations.includeLocations.map((place) => resolvedOne(place, targets)),
            excludedLocations: resolved(locations.excludeLocations, targets),
          }),
    devices: filter === undefined ? undefined : { filter: { mode: filter.mode, rule: filter.rule } },
    authenticationFlowTransferMethods: authenticationFlows?.transferMethods.split(","),
    signInRiskLevels: some(conditions.signInRiskLevels),
    userRiskLevels: some(conditions.userRiskLevels),
  });
}

function userArgs(users: UserConditions, targets: ReferenceTargets): input.ConditionalAccessPolicyConditionsUsers {
  return given({
    includedUsers: resolved(users.includeUsers, targets),
    excludedUsers: resolved(users.excludeUsers, targets),
    includedGroups: resolved(users.includeGroups, targets),
    excludedGroups: resolved(users.excludeGroups, targets),
    includedRoles: some(users.includeRoles),
    excludedRoles: some(users.excludeRoles),
    includedGuestsOrExternalUsers: guestArgs(users.includeGuestsOrExternalUsers),
    excludedGuestsOrExternalUsers: guestArgs(users.excludeGuestsOrExternalUsers),
  });
}

function guestArgs(guests: GuestConditions | null) {
  if (guests === null) return undefined;
  const { guestOrExternalUserTypes, externalTenants: tenants } = guests;
  const members = tenants?.membershipKind === "enumerated" ? [...tenants.members] : undefined;
  return [
    given({
      guestOrExternalUserTypes: guestOrExternalUserTypes.split(","),
      externalTenants: tenants === null ? undefined : [given({ membershipKind: tenants.membershipKind, members })],
    }),
  ];
}

function grantArgs(grant: GrantControls, targets: ReferenceTargets): input.ConditionalAccessPolicyGrantControls {
  return given({
    operator: grant.operator,
    builtInControls: some(grant.builtInControls),
    authenticationStrengthPolicyId:
      grant.authenticationStrength === null ? undefined : strengthPath(grant.authenticationStrength.id, targets),
  });
}

/** A strength of the stack's own has its path from the resource; a built-in one gets it here. */
function strengthPath(id: string, targets: ReferenceTargets): pulumi.Input<string> {
  return readReference(id) === undefined ? `${STRENGTHS}${id}` : resolvedOne(id, targets);
}

function sessionArgs({ signInFrequency }: SessionControls): input.ConditionalAccessPolicySessionControls | undefined {
  if (signInFrequency === null) return undefined;
  return given({
    signInFrequency: signInFrequency.value ?? undefined,
    signInFrequencyPeriod: signInFrequency.type ?? undefined,
    signInFrequencyInterval: signInFrequency.frequencyInterval,
    signInFrequencyAuthenticationType: signInFrequency.authenticationType,
  });
}

function some(list: readonly string[]): string[] | undefined {
  return list.length === 0 ? undefined : [...list];
}

/** The object without what is undefined. */
function given<T extends object>(values: T): T {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as T;
}
