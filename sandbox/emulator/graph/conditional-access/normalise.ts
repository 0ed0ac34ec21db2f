import type {
  PolicyConditions,
  SessionControls,
  SignInFrequency,
} from "../../../../model/conditional-access/policy.ts";
import type { StoredConditions, StoredGrantControls, StoredGuests, StoredPolicy, StoredUsers } from "./data.ts";
import type { ConditionsBody, GrantBody, GuestsBody, PolicyBody, SessionBody } from "./schema.ts";

type List = readonly string[] | null | undefined;

/** Words that stand in place of an id, in Graph's own spelling; Graph takes them in any case. */
const KEYWORDS = [
  "All",
  "None",
  "GuestsOrExternalUsers",
  "AllTrusted",
  "Office365",
  "MicrosoftAdminPortals",
  "ServicePrincipalsInMyTenant",
];

/**
 * A policy as Graph gives it back: every property there, null or an empty list for "no condition", ids in lower case, and
 * session controls that have no effect gone.
 */
export function normalised(
  body: Pick<PolicyBody, "displayName" | "state" | "conditions" | "grantControls" | "sessionControls">,
): Pick<StoredPolicy, "displayName" | "state" | "conditions" | "grantControls" | "sessionControls"> {
  return {
    displayName: body.displayName,
    state: body.state,
    conditions: conditionsOf(body.conditions),
    grantControls: body.grantControls ? grantOf(body.grantControls) : null,
    sessionControls: body.sessionControls ? sessionOf(body.sessionControls) : null,
  };
}

function ids(list: List): string[] {
  return (list ?? []).map(
    (id) => KEYWORDS.find((keyword) => keyword.toLowerCase() === id.toLowerCase()) ?? id.toLowerCase(),
  );
}

/** A condition of nothing but empty lists is no condition. */
function unlessEmpty<T extends Readonly<Record<string, unknown>>>(condition: T): T | null {
  return Object.values(condition).every((value) => value === null || (Array.isArray(value) && value.length === 0))
    ? null
    : condition;
}

function conditionsOf(body: ConditionsBody): StoredConditions {
  const clientApplications = unlessEmpty({
    includeServicePrincipals: ids(body.clientApplications?.includeServicePrincipals),
    excludeServicePrincipals: ids(body.clientApplications?.excludeServicePrincipals),
  });
  const transferMethods = body.authenticationFlows?.transferMethods;
  return {
    users: usersOf(body, clientApplications !== null),
    applications: applicationsOf(body.applications),
    clientAppTypes: body.clientAppTypes ?? [],
    clientApplications,
    platforms: unlessEmpty({
      includePlatforms: body.platforms?.includePlatforms ?? [],
      excludePlatforms: body.platforms?.excludePlatforms ?? [],
    }),
    locations: unlessEmpty({
      includeLocations: ids(body.locations?.includeLocations),
      excludeLocations: ids(body.locations?.excludeLocations),
    }),
    signInRiskLevels: body.signInRiskLevels ?? [],
    userRiskLevels: body.userRiskLevels ?? [],
    servicePrincipalRiskLevels: body.servicePrincipalRiskLevels ?? [],
    insiderRiskLevels: body.insiderRiskLevels ?? null,
    devices: unlessEmpty({ deviceFilter: body.devices?.deviceFilter ?? null }),
    authenticationFlows: transferMethods ? { transferMethods } : null,
  };
}

function usersOf({ users }: ConditionsBody, isAboutWorkloads: boolean): StoredUsers {
  const result: StoredUsers = {
    includeUsers: ids(users?.includeUsers),
    excludeUsers: ids(users?.excludeUsers),
    includeGroups: ids(users?.includeGroups),
    excludeGroups: ids(users?.excludeGroups),
    includeRoles: ids(users?.includeRoles),
    excludeRoles: ids(users?.excludeRoles),
    includeGuestsOrExternalUsers: guestsOf(users?.includeGuestsOrExternalUsers),
    excludeGuestsOrExternalUsers: guestsOf(users?.excludeGuestsOrExternalUsers),
  };
  return isAboutWorkloads && unlessEmpty({ ...result }) === null ? { ...result, includeUsers: ["None"] } : result;
}

function guestsOf(body: GuestsBody): StoredGuests | null {
  if (!body) return null;
  const { guestOrExternalUserTypes, externalTenants } = body;
  if (!externalTenants) return { guestOrExternalUserTypes, externalTenants: null };
  const all = { "@odata.type": "#microsoft.graph.conditionalAccessAllExternalTenants", membershipKind: "all" } as const;
  return {
    guestOrExternalUserTypes,
    externalTenants:
      externalTenants.membershipKind === "all"
        ? all
        : {
            "@odata.type": "#microsoft.graph.conditionalAccessEnumeratedExternalTenants",
            membershipKind: "enumerated",
            members: ids(externalTenants.members),
          },
  };
}

function applicationsOf(body: ConditionsBody["applications"]): PolicyConditions["applications"] {
  return {
    includeApplications: ids(body?.includeApplications),
    excludeApplications: ids(body?.excludeApplications),
    includeUserActions: body?.includeUserActions ?? [],
    includeAuthenticationContextClassReferences: body?.includeAuthenticationContextClassReferences ?? [],
    applicationFilter: body?.applicationFilter ?? null,
  };
}

function grantOf(body: GrantBody): StoredGrantControls {
  return {
    operator: body.operator,
    builtInControls: body.builtInControls ?? [],
    customAuthenticationFactors: body.customAuthenticationFactors ?? [],
    termsOfUse: body.termsOfUse ?? [],
    authenticationStrength: body.authenticationStrength ? { id: body.authenticationStrength.id.toLowerCase() } : null,
  };
}

function sessionOf(body: SessionBody): SessionControls | null {
  const { persistentBrowser, cloudAppSecurity, applicationEnforcedRestrictions } = body;
  return unlessEmpty({
    signInFrequency: frequencyOf(body.signInFrequency),
    persistentBrowser: persistentBrowser?.isEnabled ? { mode: persistentBrowser.mode, isEnabled: true } : null,
    applicationEnforcedRestrictions: applicationEnforcedRestrictions?.isEnabled ? { isEnabled: true } : null,
    cloudAppSecurity: cloudAppSecurity?.isEnabled
      ? { cloudAppSecurityType: cloudAppSecurity.cloudAppSecurityType, isEnabled: true }
      : null,
    disableResilienceDefaults: body.disableResilienceDefaults || null,
  });
}

function frequencyOf(body: SessionBody["signInFrequency"]): SignInFrequency | null {
  if (!body?.isEnabled) return null;
  return {
    isEnabled: true,
    frequencyInterval: body.frequencyInterval ?? "timeBased",
    value: body.value ?? null,
    type: body.type ?? null,
    authenticationType: body.authenticationType ?? "primaryAndSecondaryAuthentication",
  };
}
