import type { Json } from "../http/api.ts";
import type { PropertyMap, PropertyValue } from "../protocol/types.ts";
import { flag, map, maps, text, texts } from "../read-values.ts";
import { objectIdOf } from "./graph.ts";

type Value = PropertyValue | undefined;

const STRENGTHS = "policies/authenticationStrengthPolicies";
export const strengthPath = (id: string) => `/${STRENGTHS}/${id}`;

/**
 * The policy as the official provider sends it, for POST and PATCH alike: the whole object, with explicit nulls for what the
 * program leaves out, because a PATCH keeps what it does not name.
 */
export function policyBody(inputs: PropertyMap): Json {
  return {
    displayName: text(inputs.displayName),
    state: text(inputs.state),
    conditions: conditionsBody(map(inputs.conditions)),
    grantControls: inputs.grantControls === undefined ? null : grantBody(map(inputs.grantControls)),
    sessionControls: inputs.sessionControls === undefined ? null : sessionBody(map(inputs.sessionControls)),
  };
}

function conditionsBody(conditions: PropertyMap): Json {
  const applications = map(conditions.applications);
  const transferMethods = texts(conditions.authenticationFlowTransferMethods);
  const insiderRiskLevels = text(conditions.insiderRiskLevels);
  return {
    applications: {
      includeApplications: texts(applications.includedApplications),
      excludeApplications: texts(applications.excludedApplications),
      includeUserActions: texts(applications.includedUserActions),
      applicationFilter: filterBody(applications.filter),
    },
    clientAppTypes: texts(conditions.clientAppTypes),
    clientApplications: whenGiven(conditions.clientApplications, (clients) => ({
      includeServicePrincipals: texts(clients.includedServicePrincipals),
      excludeServicePrincipals: texts(clients.excludedServicePrincipals),
      servicePrincipalFilter: filterBody(clients.filter),
    })),
    devices: whenGiven(conditions.devices, (devices) => ({ deviceFilter: filterBody(devices.filter) })),
    locations: whenGiven(conditions.locations, (locations) => ({
      includeLocations: texts(locations.includedLocations),
      excludeLocations: texts(locations.excludedLocations),
    })),
    platforms: whenGiven(conditions.platforms, (platforms) => ({
      includePlatforms: texts(platforms.includedPlatforms),
      excludePlatforms: texts(platforms.excludedPlatforms),
    })),
    servicePrincipalRiskLevels: texts(conditions.servicePrincipalRiskLevels),
    signInRiskLevels: texts(conditions.signInRiskLevels),
    userRiskLevels: texts(conditions.userRiskLevels),
    // The provider has no way to take it away again: left out, it stays.
    ...(insiderRiskLevels && { insiderRiskLevels }),
    authenticationFlows: transferMethods.length === 0 ? null : { transferMethods: transferMethods.join(",") },
    users: usersBody(map(conditions.users)),
  };
}

function usersBody(users: PropertyMap): Json {
  return {
    includeUsers: texts(users.includedUsers),
    excludeUsers: texts(users.excludedUsers),
    includeGroups: texts(users.includedGroups),
    excludeGroups: texts(users.excludedGroups),
    includeRoles: texts(users.includedRoles),
    excludeRoles: texts(users.excludedRoles),
    includeGuestsOrExternalUsers: guestsBody(users.includedGuestsOrExternalUsers),
    excludeGuestsOrExternalUsers: guestsBody(users.excludedGuestsOrExternalUsers),
  };
}

/** Lists in the program's schema, of which Graph has room for one. */
function guestsBody(value: Value): Json | null {
  const [guests] = maps(value);
  if (!guests) return null;
  const [tenants] = maps(guests.externalTenants);
  const membershipKind = text(tenants?.membershipKind);
  return {
    guestOrExternalUserTypes: texts(guests.guestOrExternalUserTypes).join(","),
    externalTenants:
      membershipKind === undefined
        ? null
        : membershipKind === "enumerated"
          ? {
              "@odata.type": "#microsoft.graph.conditionalAccessEnumeratedExternalTenants",
              membershipKind,
              members: texts(tenants?.members),
            }
          : { "@odata.type": "#microsoft.graph.conditionalAccessAllExternalTenants", membershipKind },
  };
}

function filterBody(value: Value): Json | null {
  return whenGiven(value, ({ mode, rule }) => ({ mode: text(mode), rule: text(rule) }));
}

function whenGiven(value: Value, body: (value: PropertyMap) => Json): Json | null {
  return value === undefined || value === null ? null : body(map(value));
}

function grantBody(grant: PropertyMap): Json {
  const strength = text(grant.authenticationStrengthPolicyId);
  return {
    operator: text(grant.operator),
    builtInControls: texts(grant.builtInControls),
    customAuthenticationFactors: texts(grant.customAuthenticationFactors),
    termsOfUse: texts(grant.termsOfUses),
    ...(strength && { authenticationStrength: { id: objectIdOf(strength, STRENGTHS) } }),
  };
}

/** Null when nothing in it has an effect: Graph refuses or drops such controls. */
function sessionBody(session: PropertyMap): Json | null {
  const signInFrequency = frequencyBody(session);
  const cloudAppSecurityType = text(session.cloudAppSecurityPolicy);
  const mode = text(session.persistentBrowserMode);
  const restricted = flag(session.applicationEnforcedRestrictionsEnabled) ?? false;
  const disableResilienceDefaults = flag(session.disableResilienceDefaults) ?? false;
  if (!signInFrequency && !cloudAppSecurityType && !mode && !restricted && !disableResilienceDefaults) return null;
  const isEveryTime = signInFrequency?.frequencyInterval === "everyTime";
  return {
    ...(cloudAppSecurityType && { cloudAppSecurity: { isEnabled: true, cloudAppSecurityType } }),
    ...(mode && { persistentBrowser: { isEnabled: true, mode } }),
    ...(signInFrequency && { signInFrequency }),
    // https://github.com/hashicorp/terraform-provider-azuread/issues/1225
    ...(!isEveryTime && { applicationEnforcedRestrictions: { isEnabled: restricted }, disableResilienceDefaults }),
  };
}

function frequencyBody(session: PropertyMap): Json | undefined {
  const value = typeof session.signInFrequency === "number" ? session.signInFrequency : 0;
  const authenticationType = text(session.signInFrequencyAuthenticationType) || "primaryAndSecondaryAuthentication";
  const interval = text(session.signInFrequencyInterval) || "timeBased";
  if (value > 0) {
    const type = text(session.signInFrequencyPeriod);
    return { isEnabled: true, type, value, authenticationType, frequencyInterval: interval };
  }
  return interval === "everyTime" ? { isEnabled: true, authenticationType, frequencyInterval: interval } : undefined;
}
