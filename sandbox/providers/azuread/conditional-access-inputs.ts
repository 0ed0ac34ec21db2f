import type { Json } from "../http/api.ts";
import type { PropertyMap, PropertyValue } from "../protocol/types.ts";
import { fromJson } from "../read-values.ts";
import { strengthPath } from "./conditional-access-body.ts";

/** What a program would have to say to get the policy that Graph answers. */
export function policyInputs(policy: Json): PropertyMap {
  return {
    displayName: fromJson(policy.displayName),
    state: fromJson(policy.state),
    conditions: conditionsInputs(object(policy.conditions)),
    grantControls: whenThere(policy.grantControls, (grant) => ({
      operator: fromJson(grant.operator),
      builtInControls: fromJson(grant.builtInControls),
      customAuthenticationFactors: fromJson(grant.customAuthenticationFactors),
      termsOfUses: fromJson(grant.termsOfUse),
      authenticationStrengthPolicyId: grant.authenticationStrength
        ? strengthPath(String(object(grant.authenticationStrength).id))
        : null,
    })),
    sessionControls: whenThere(policy.sessionControls, sessionInputs),
  };
}

const object = (value: unknown): Json => (value ?? {}) as Json;

function whenThere(value: unknown, inputs: (value: Json) => PropertyMap): PropertyMap | null {
  return value === null || value === undefined ? null : inputs(value as Json);
}

const filterInputs = (value: unknown) =>
  whenThere(value, ({ mode, rule }) => ({ mode: fromJson(mode), rule: fromJson(rule) }));

/** Graph's comma-separated flags as a list. */
const words = (value: unknown): PropertyValue =>
  typeof value === "string" ? value.split(",").map((word) => word.trim()) : [];

function conditionsInputs(conditions: Json): PropertyMap {
  const applications = object(conditions.applications);
  return {
    applications: {
      includedApplications: fromJson(applications.includeApplications),
      excludedApplications: fromJson(applications.excludeApplications),
      includedUserActions: fromJson(applications.includeUserActions),
      filter: filterInputs(applications.applicationFilter),
    },
    clientAppTypes: fromJson(conditions.clientAppTypes),
    clientApplications: whenThere(conditions.clientApplications, (clients) => ({
      includedServicePrincipals: fromJson(clients.includeServicePrincipals),
      excludedServicePrincipals: fromJson(clients.excludeServicePrincipals),
      filter: filterInputs(clients.servicePrincipalFilter),
    })),
    devices: whenThere(conditions.devices, (devices) => ({ filter: filterInputs(devices.deviceFilter) })),
    locations: whenThere(conditions.locations, (locations) => ({
      includedLocations: fromJson(locations.includeLocations),
      excludedLocations: fromJson(locations.excludeLocations),
    })),
    platforms: whenThere(conditions.platforms, (platforms) => ({
      includedPlatforms: fromJson(platforms.includePlatforms),
      excludedPlatforms: fromJson(platforms.excludePlatforms),
    })),
    servicePrincipalRiskLevels: fromJson(conditions.servicePrincipalRiskLevels),
    signInRiskLevels: fromJson(conditions.signInRiskLevels),
    userRiskLevels: fromJson(conditions.userRiskLevels),
    insiderRiskLevels: fromJson(conditions.insiderRiskLevels),
    authenticationFlowTransferMethods: words(object(conditions.authenticationFlows).transferMethods),
    users: usersInputs(object(conditions.users)),
  };
}

function usersInputs(users: Json): PropertyMap {
  return {
    includedUsers: fromJson(users.includeUsers),
    excludedUsers: fromJson(users.excludeUsers),
    includedGroups: fromJson(users.includeGroups),
    excludedGroups: fromJson(users.excludeGroups),
    includedRoles: fromJson(users.includeRoles),
    excludedRoles: fromJson(users.excludeRoles),
    includedGuestsOrExternalUsers: guestsInputs(users.includeGuestsOrExternalUsers),
    excludedGuestsOrExternalUsers: guestsInputs(users.excludeGuestsOrExternalUsers),
  };
}

function guestsInputs(value: unknown): PropertyValue {
  const guests = whenThere(value, ({ guestOrExternalUserTypes, externalTenants }) => {
    const tenants = whenThere(externalTenants, ({ membershipKind, members }) => ({
      membershipKind: fromJson(membershipKind),
      members: fromJson(members ?? []),
    }));
    return {
      guestOrExternalUserTypes: words(guestOrExternalUserTypes),
      externalTenants: tenants === null ? [] : [tenants],
    };
  });
  return guests === null ? [] : [guests];
}

function sessionInputs(session: Json): PropertyMap {
  const frequency = object(session.signInFrequency);
  return {
    applicationEnforcedRestrictionsEnabled: object(session.applicationEnforcedRestrictions).isEnabled === true,
    cloudAppSecurityPolicy: fromJson(object(session.cloudAppSecurity).cloudAppSecurityType),
    disableResilienceDefaults: session.disableResilienceDefaults === true,
    persistentBrowserMode: fromJson(object(session.persistentBrowser).mode),
    signInFrequency: fromJson(frequency.value),
    signInFrequencyAuthenticationType: fromJson(frequency.authenticationType),
    signInFrequencyInterval: fromJson(frequency.frequencyInterval),
    signInFrequencyPeriod: fromJson(frequency.type),
  };
}
