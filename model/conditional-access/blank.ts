import type { ApplicationConditions, PolicyConditions, UserConditions } from "./policy.ts";

/** Users that hold nobody: what Graph answers where nothing was said. */
export const NO_USERS = {
  includeUsers: [],
  excludeUsers: [],
  includeGroups: [],
  excludeGroups: [],
  includeRoles: [],
  excludeRoles: [],
  includeGuestsOrExternalUsers: null,
  excludeGuestsOrExternalUsers: null,
} satisfies UserConditions;

/** Applications by client id. */
export function applications(clientIds: readonly string[]): ApplicationConditions {
  return {
    includeApplications: clientIds,
    excludeApplications: [],
    includeUserActions: [],
    includeAuthenticationContextClassReferences: [],
    applicationFilter: null,
  };
}

/** Conditions that hold for every client, place and device, except for those that are given. */
export function conditions(
  given: Pick<PolicyConditions, "users" | "applications"> & Partial<PolicyConditions>,
): PolicyConditions {
  return {
    clientAppTypes: ["all"],
    clientApplications: null,
    platforms: null,
    locations: null,
    signInRiskLevels: [],
    userRiskLevels: [],
    servicePrincipalRiskLevels: [],
    insiderRiskLevels: null,
    devices: null,
    authenticationFlows: null,
    ...given,
  };
}
