import type { PropertyMap, PropertyValue } from "../protocol/types.ts";
import { isList } from "../protocol/values.ts";
import { flag, map, maps, text } from "../read-values.ts";

type Failure = { property: string; reason: string };
type Value = PropertyValue | undefined;

const STATES = ["enabled", "disabled", "enabledForReportingButNotEnforced"];
const CLIENTS = ["all", "browser", "easSupported", "exchangeActiveSync", "mobileAppsAndDesktopClients", "other"];
const PLATFORMS = ["all", "android", "iOS", "linux", "macOS", "windows", "windowsPhone"];
const RISKS = ["hidden", "high", "low", "medium", "none"];
const INSIDER_RISKS = ["elevated", "minor", "moderate"];
const FLOWS = ["authenticationTransfer", "deviceCodeFlow"];
const GUESTS = [
  "b2bCollaborationGuest",
  "b2bCollaborationMember",
  "b2bDirectConnectUser",
  "internalGuest",
  "otherExternalUser",
  "serviceProvider",
];
const CONTROLS = [
  "approvedApplication",
  "block",
  "compliantApplication",
  "compliantDevice",
  "domainJoinedDevice",
  "mfa",
  "passwordChange",
];

/** What the official provider refuses before it asks Graph. Values that a preview does not know are let be. */
export function policyFailures(inputs: PropertyMap): Failure[] {
  const failures: Failure[] = [];
  const refuse = (property: string, reason: string) => failures.push({ property, reason });
  const words = (property: string, value: Value, allowed: readonly string[]) => {
    for (const word of isList(value) ? value : [value]) {
      if (typeof word === "string" && !allowed.includes(word))
        refuse(property, `Expected one of ${allowed.join(", ")}, got "${word}".`);
    }
  };
  const conditions = map(inputs.conditions);
  const [applications, users] = [map(conditions.applications), map(conditions.users)];
  const [grant, session] = [map(inputs.grantControls), map(inputs.sessionControls)];
  const has = (of: PropertyMap, ...names: string[]) => names.filter((name) => of[name] !== undefined).length;

  words("state", inputs.state, STATES);
  words("conditions.clientAppTypes", conditions.clientAppTypes, CLIENTS);
  for (const name of ["includedPlatforms", "excludedPlatforms"])
    words(`conditions.platforms.${name}`, map(conditions.platforms)[name], PLATFORMS);
  for (const name of ["signInRiskLevels", "userRiskLevels", "servicePrincipalRiskLevels"])
    words(`conditions.${name}`, conditions[name], RISKS);
  words("conditions.insiderRiskLevels", conditions.insiderRiskLevels, INSIDER_RISKS);
  words("conditions.authenticationFlowTransferMethods", conditions.authenticationFlowTransferMethods, FLOWS);
  for (const [place, parent] of Object.entries({ applications, devices: map(conditions.devices) }))
    words(`conditions.${place}.filter.mode`, map(parent.filter).mode, ["exclude", "include"]);
  for (const name of ["includedGuestsOrExternalUsers", "excludedGuestsOrExternalUsers"]) {
    for (const guests of maps(users[name])) {
      words(`conditions.users.${name}`, guests.guestOrExternalUserTypes, GUESTS);
      for (const tenants of maps(guests.externalTenants))
        words(`conditions.users.${name}`, tenants.membershipKind, ["all", "enumerated"]);
    }
  }
  if (has(applications, "includedApplications", "includedUserActions") !== 1)
    refuse("conditions.applications", "Say either includedApplications or includedUserActions.");
  if (has(users, "includedUsers", "includedGroups", "includedRoles", "includedGuestsOrExternalUsers") === 0)
    refuse("conditions.users", "Say at least one of includedUsers, includedGroups, includedRoles and guests.");
  if (has(inputs, "grantControls", "sessionControls") === 0)
    refuse("grantControls", "Say at least one of grantControls and sessionControls.");
  if (inputs.grantControls !== undefined) {
    words("grantControls.operator", grant.operator, ["AND", "OR"]);
    words("grantControls.builtInControls", grant.builtInControls, CONTROLS);
    if (has(grant, "builtInControls", "authenticationStrengthPolicyId", "termsOfUses") === 0)
      refuse("grantControls", "Say at least one of builtInControls, authenticationStrengthPolicyId and termsOfUses.");
  }
  failures.push(...sessionFailures(session, inputs.grantControls !== undefined, words));
  return failures;
}

function sessionFailures(
  session: PropertyMap,
  hasGrant: boolean,
  words: (property: string, value: Value, allowed: readonly string[]) => void,
): Failure[] {
  const place = "sessionControls";
  words(`${place}.cloudAppSecurityPolicy`, session.cloudAppSecurityPolicy, [
    "blockDownloads",
    "mcasConfigured",
    "monitorOnly",
  ]);
  words(`${place}.persistentBrowserMode`, session.persistentBrowserMode, ["always", "never"]);
  words(`${place}.signInFrequencyPeriod`, session.signInFrequencyPeriod, ["days", "hours"]);
  words(`${place}.signInFrequencyInterval`, session.signInFrequencyInterval, ["everyTime", "timeBased"]);
  words(`${place}.signInFrequencyAuthenticationType`, session.signInFrequencyAuthenticationType, [
    "primaryAndSecondaryAuthentication",
    "secondaryAuthentication",
  ]);
  const failures: Failure[] = [];
  const { signInFrequency, signInFrequencyPeriod, signInFrequencyInterval } = session;
  const isEveryTime = text(signInFrequencyInterval) === "everyTime";
  if (isEveryTime && (signInFrequency || signInFrequencyPeriod)) {
    failures.push({
      property: `${place}.signInFrequencyInterval`,
      reason: "With everyTime there is neither signInFrequency nor signInFrequencyPeriod.",
    });
  } else if ((signInFrequency === undefined) !== (signInFrequencyPeriod === undefined)) {
    failures.push({
      property: `${place}.signInFrequency`,
      reason: "signInFrequency and signInFrequencyPeriod need each other.",
    });
  }
  const effects = [
    flag(session.applicationEnforcedRestrictionsEnabled),
    flag(session.disableResilienceDefaults),
    session.cloudAppSecurityPolicy,
    session.persistentBrowserMode,
    signInFrequency,
    isEveryTime || typeof signInFrequencyInterval === "symbol",
  ];
  if (!hasGrant && Object.keys(session).length > 0 && !effects.some(Boolean))
    failures.push({ property: place, reason: "Without grantControls, one of sessionControls must have an effect." });
  return failures;
}
