import { builtInStrength } from "../built-in-strengths.ts";
import type {
  AuthenticationStrength,
  BuiltInControl,
  ConditionalAccessPolicy,
  GrantControls,
  GuestConditions,
  NamedLocation,
  SessionControls,
  SignInFrequency,
  UserConditions,
} from "../policy.ts";
import type { CaseFile, LocationCase, PolicyCase } from "./case-shape.ts";

/** The built-in strengths by the words that the tables use. */
const STRENGTHS: Readonly<Record<string, AuthenticationStrength>> = {
  mfa: builtInStrength("mfa"),
  passwordless: builtInStrength("passwordless"),
  "phishing-resistant": builtInStrength("phishing-resistant"),
};

const BUILT_IN: ReadonlySet<string> = new Set<BuiltInControl>([
  "block",
  "mfa",
  "compliantDevice",
  "domainJoinedDevice",
  "approvedApplication",
  "compliantApplication",
  "passwordChange",
]);

/** The whole policy in Graph's shape; its id is its name. @throws on a control or strength that does not exist. */
export function buildPolicy(found: PolicyCase, strengths: CaseFile["strengths"]): ConditionalAccessPolicy {
  const name = found.name ?? "the policy";
  const { applications, servicePrincipals } = found;
  const isTargeted =
    applications !== undefined &&
    [applications.userActions, applications.contexts, applications.filter?.mode === "include" || undefined].some(
      (part) => part !== undefined,
    );
  return {
    id: name,
    displayName: name,
    state: found.state ?? "enabled",
    conditions: {
      users: buildUsers(found.users),
      applications: {
        includeApplications: applications?.include ?? (isTargeted ? [] : ["All"]),
        excludeApplications: applications?.exclude ?? [],
        includeUserActions: applications?.userActions ?? [],
        includeAuthenticationContextClassReferences: applications?.contexts ?? [],
        applicationFilter: applications?.filter ?? null,
      },
      clientAppTypes: found.clientAppTypes ?? ["all"],
      clientApplications:
        servicePrincipals === undefined
          ? null
          : {
              includeServicePrincipals: servicePrincipals.include,
              excludeServicePrincipals: servicePrincipals.exclude ?? [],
            },
      platforms:
        found.platforms === undefined
          ? null
          : { includePlatforms: found.platforms.include, excludePlatforms: found.platforms.exclude ?? [] },
      locations:
        found.locations === undefined
          ? null
          : { includeLocations: found.locations.include, excludeLocations: found.locations.exclude ?? [] },
      signInRiskLevels: found.signInRiskLevels ?? [],
      userRiskLevels: found.userRiskLevels ?? [],
      servicePrincipalRiskLevels: found.servicePrincipalRiskLevels ?? [],
      insiderRiskLevels: found.insiderRiskLevels ?? null,
      devices: found.deviceFilter === undefined ? null : { deviceFilter: found.deviceFilter },
      authenticationFlows: found.transferMethods === undefined ? null : { transferMethods: found.transferMethods },
    },
    grantControls: buildGrant(found.grant === undefined ? "mfa" : found.grant, strengths),
    sessionControls: buildSession(found.session),
  };
}

function buildUsers(users: PolicyCase["users"]): UserConditions | null {
  if (users === null) return null;
  const isSelected = [users?.includeGroups, users?.includeRoles, users?.includeGuests].some(
    (part) => part !== undefined,
  );
  return {
    includeUsers: users?.includeUsers ?? (isSelected ? [] : ["All"]),
    excludeUsers: users?.excludeUsers ?? [],
    includeGroups: users?.includeGroups ?? [],
    excludeGroups: users?.excludeGroups ?? [],
    includeRoles: users?.includeRoles ?? [],
    excludeRoles: users?.excludeRoles ?? [],
    includeGuestsOrExternalUsers: buildGuests(users?.includeGuests),
    excludeGuestsOrExternalUsers: buildGuests(users?.excludeGuests),
  };
}

function buildGuests(
  guests: { readonly types: string; readonly tenants?: "all" | readonly string[] | undefined } | undefined,
): GuestConditions | null {
  if (guests === undefined) return null;
  const { types, tenants } = guests;
  return {
    guestOrExternalUserTypes: types,
    externalTenants:
      tenants === undefined
        ? null
        : tenants === "all"
          ? { membershipKind: "all" }
          : { membershipKind: "enumerated", members: tenants },
  };
}

function buildGrant(grant: NonNullable<PolicyCase["grant"]> | null, own: CaseFile["strengths"]): GrantControls | null {
  if (grant === null) return null;
  const controls = typeof grant === "string" ? [grant] : "all" in grant ? grant.all : grant.any;
  const named = (kind: string): string[] =>
    controls.filter((control) => control.startsWith(`${kind}:`)).map((control) => control.slice(kind.length + 1));
  const builtIn = controls.filter((control) => !control.includes(":"));
  const unknown = builtIn.filter((control) => !BUILT_IN.has(control));
  if (unknown.length > 0) throw new Error(`There is no grant control ${unknown.join(", ")}.`);
  const strength = named("strength")[0];
  return {
    operator: typeof grant !== "string" && "all" in grant ? "AND" : "OR",
    builtInControls: builtIn as BuiltInControl[],
    customAuthenticationFactors: named("custom"),
    termsOfUse: named("terms"),
    authenticationStrength: strength === undefined ? null : findStrength(strength, own),
  };
}

function findStrength(name: string, own: CaseFile["strengths"]): AuthenticationStrength {
  const combinations = own?.[name];
  const strength =
    combinations === undefined ? STRENGTHS[name] : { id: name, displayName: name, allowedCombinations: combinations };
  if (strength === undefined) throw new Error(`There is no authentication strength ${name}.`);
  return strength;
}

function buildSession(session: PolicyCase["session"]): SessionControls | null {
  if (session === undefined) return null;
  const frequency = session.frequency ?? session.disabledFrequency;
  return {
    signInFrequency: frequency === undefined ? null : buildFrequency(frequency, session.frequency !== undefined),
    persistentBrowser:
      session.persistentBrowser === undefined ? null : { mode: session.persistentBrowser, isEnabled: true },
    applicationEnforcedRestrictions: session.restrictions === undefined ? null : { isEnabled: session.restrictions },
    cloudAppSecurity:
      session.cloudAppSecurity === undefined
        ? null
        : { cloudAppSecurityType: session.cloudAppSecurity, isEnabled: true },
    disableResilienceDefaults: session.resilienceOff ?? null,
  };
}

function buildFrequency(written: string, isEnabled: boolean): SignInFrequency {
  const authenticationType = "primaryAndSecondaryAuthentication";
  if (written === "every")
    return { isEnabled, frequencyInterval: "everyTime", value: null, type: null, authenticationType };
  const type = written.endsWith("d") ? "days" : "hours";
  return { isEnabled, frequencyInterval: "timeBased", value: Number.parseInt(written, 10), type, authenticationType };
}

/** A named location whose id is its key. */
export function buildLocation(id: string, found: LocationCase): NamedLocation {
  if ("ranges" in found)
    return { kind: "ip", id, displayName: id, isTrusted: found.trusted ?? false, ranges: found.ranges };
  return {
    kind: "country",
    id,
    displayName: id,
    countriesAndRegions: found.countries,
    includeUnknownCountriesAndRegions: found.unknown ?? false,
    countryLookupMethod: "clientIpAddress",
  };
}
