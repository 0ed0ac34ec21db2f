import { DeviceFilterError, parseDeviceFilter } from "../../../../model/conditional-access/device-filter.ts";
import type { GraphVersion } from "../request.ts";
import type { StoredPolicy } from "./data.ts";
import { refused, validationFailed, wrongShape } from "./errors.ts";
import { checkGrant } from "./grant-rules.ts";
import { checkSession } from "./session-rules.ts";

/** Refuses a policy that Graph would refuse, whatever its state. */
export function checkPolicy(policy: StoredPolicy, version: GraphVersion): void {
  checkUsers(policy, version);
  checkApplications(policy, version);
  checkConditions(policy, version);
  if (policy.grantControls === null && policy.sessionControls === null)
    throw wrongShape(version, "grantControls or sessionControls that have an effect are required");
  checkGrant(policy, version);
  checkSession(policy, version);
  if (blocksEverybody(policy))
    throw validationFailed(version, "BlockEveryonePolicy", "it blocks all users from all resources, without exclusion");
}

function checkUsers({ conditions }: StoredPolicy, version: GraphVersion): void {
  const { users, clientApplications } = conditions;
  const included = [...users.includeUsers, ...users.includeGroups, ...users.includeRoles];
  if (clientApplications !== null) {
    if (clientApplications.includeServicePrincipals.length === 0)
      throw refused(version, "'clientApplications' condition must specify the service principals to include.");
    if (users.includeUsers.join() !== "None" || included.length > 1 || users.includeGuestsOrExternalUsers !== null)
      throw refused(version, "'clientApplications' condition cannot be combined with users other than 'None'.");
    return;
  }
  if (included.length === 0 && users.includeGuestsOrExternalUsers === null)
    throw refused(version, "'users' condition must specify the users to include.");
  for (const word of ["All", "None"]) {
    if (users.includeUsers.includes(word) && users.includeUsers.length > 1)
      throw refused(version, `'users' condition cannot include '${word}' and other users.`);
  }
  for (const [words, kinds] of [
    [users.includeUsers, users.includeGuestsOrExternalUsers],
    [users.excludeUsers, users.excludeGuestsOrExternalUsers],
  ] as const) {
    // https://github.com/hashicorp/terraform-provider-azuread/issues/1196
    if (words.includes("GuestsOrExternalUsers") && kinds !== null)
      throw refused(version, "'GuestsOrExternalUsers' cannot be combined with guestOrExternalUsers");
  }
}

/** https://learn.microsoft.com/graph/api/resources/conditionalaccessapplications */
function checkApplications({ conditions }: StoredPolicy, version: GraphVersion): void {
  const { includeApplications, includeUserActions, includeAuthenticationContextClassReferences, applicationFilter } =
    conditions.applications;
  const others = includeUserActions.length > 0 || includeAuthenticationContextClassReferences.length > 0;
  if (includeApplications.length > 0 && others) {
    throw refused(
      version,
      "1012: 'applications' condition cannot include both 'includeApplications' and 'includeUserActions'/'includeProtectionLevels'. Please remove one of the conditions.",
    );
  }
  if (includeUserActions.length > 0 && includeAuthenticationContextClassReferences.length > 0)
    throw refused(version, "'applications' condition cannot include both user actions and authentication contexts.");
  if (includeApplications.length === 0 && !others && applicationFilter?.mode !== "include") {
    throw refused(
      version,
      "1011: 'applications' condition must specify the applications to include. Try 'includeApplications' = ['none'] to start with.",
    );
  }
  for (const word of ["All", "None"]) {
    if (includeApplications.includes(word) && includeApplications.length > 1)
      throw refused(version, `'applications' condition cannot include '${word}' and other applications.`);
  }
}

function checkConditions({ conditions }: StoredPolicy, version: GraphVersion): void {
  const { clientAppTypes, platforms, locations, devices, clientApplications } = conditions;
  if (clientAppTypes.length === 0) throw wrongShape(version, "conditions.clientAppTypes is required");
  if (clientAppTypes.includes("all") && clientAppTypes.length > 1)
    throw refused(version, "'clientAppTypes' condition cannot include 'all' and other client apps.");
  if (platforms !== null && platforms.includePlatforms.length === 0)
    throw refused(version, "'platforms' condition must specify the platforms to include.");
  if (locations !== null && locations.includeLocations.length === 0)
    throw refused(version, "'locations' condition must specify the locations to include.");
  // https://learn.microsoft.com/entra/identity/conditional-access/workload-identity
  if (conditions.servicePrincipalRiskLevels.length > 0 && clientApplications === null)
    throw refused(version, "'servicePrincipalRiskLevels' condition requires the 'clientApplications' condition.");
  checkExchangeActiveSync(conditions, version);
  if (devices?.deviceFilter) checkDeviceFilter(devices.deviceFilter.rule, version);
}

/**
 * Exchange ActiveSync by itself knows no more of a sign-in than the platform
 * (https://learn.microsoft.com/entra/identity/conditional-access/concept-conditional-access-conditions#client-apps).
 */
function checkExchangeActiveSync(conditions: StoredPolicy["conditions"], version: GraphVersion): void {
  const { clientAppTypes, locations, devices, authenticationFlows, signInRiskLevels, userRiskLevels } = conditions;
  if (!clientAppTypes.every((type) => type === "exchangeActiveSync" || type === "easSupported")) return;
  const isPlain = locations === null && devices === null && authenticationFlows === null;
  if (isPlain && signInRiskLevels.length === 0 && userRiskLevels.length === 0) return;
  throw refused(
    version,
    "The client app 'exchangeActiveSync' by itself cannot be combined with conditions other than 'platforms'.",
  );
}

function checkDeviceFilter(rule: string, version: GraphVersion): void {
  try {
    parseDeviceFilter(rule);
  } catch (error) {
    if (!(error instanceof DeviceFilterError)) throw error;
    throw refused(version, `'devices' condition contains an invalid device filter rule. (${error.message})`);
  }
}

/** https://github.com/MicrosoftDocs/entra-docs/issues/841: further conditions don't help, an exclusion does. */
function blocksEverybody({ conditions, grantControls }: StoredPolicy): boolean {
  const { users, applications, clientApplications } = conditions;
  const excluded = [...users.excludeUsers, ...users.excludeGroups, ...users.excludeRoles];
  return (
    grantControls?.builtInControls.includes("block") === true &&
    clientApplications === null &&
    users.includeUsers.includes("All") &&
    excluded.length === 0 &&
    users.excludeGuestsOrExternalUsers === null &&
    applications.includeApplications.includes("All") &&
    applications.excludeApplications.length === 0 &&
    applications.applicationFilter === null
  );
}
