import fc from "fast-check";
import {
  BUILT_IN_STRENGTHS,
  type BuiltInControl,
  type ClientAppType,
  type ConditionalAccessPolicy,
  type GrantControls,
  type GuestConditions,
  type GuestKind,
  METHODS,
  type NamedLocation,
} from "../conditional-access/index.ts";
import { samplePolicy, sampleSession } from "./conditional-access.ts";

/**
 * Policies and locations over few names, so that policies meet each other and the sign-ins often. Every
 * condition and control occurs, also with what is missing, contradictory or unreadable.
 */
export const GUESTS: readonly GuestKind[] = [
  "internalGuest",
  "b2bCollaborationGuest",
  "b2bCollaborationMember",
  "b2bDirectConnectUser",
  "otherExternalUser",
  "serviceProvider",
];
export const RISKS = ["none", "low", "medium", "high", "hidden"] as const;
export const PLATFORMS = ["android", "iOS", "windows", "windowsPhone", "macOS", "linux"] as const;
/** Some of these values, at least one. */
export const some = <T>(...values: readonly T[]) => fc.subarray([...values], { minLength: 1 });
/** Each condition is rare, or hardly a policy would apply to any sign-in. */
const rarely = <T>(arbitrary: fc.Arbitrary<T>, otherwise: T) =>
  fc.oneof({ weight: 14, arbitrary: fc.constant(otherwise) }, { weight: 1, arbitrary });

export const LOCATIONS: readonly NamedLocation[] = [
  { kind: "ip", id: "office", displayName: "Office", isTrusted: true, ranges: ["198.51.100.0/24", "2001:db8:10::/48"] },
  { kind: "ip", id: "cafe", displayName: "Café", isTrusted: false, ranges: ["203.0.113.0/28", "broken"] },
  ...[true, false].map((unknown) => ({
    kind: "country" as const,
    id: `country-${unknown}`,
    displayName: "Country",
    countriesAndRegions: ["DE", "PT"],
    includeUnknownCountriesAndRegions: unknown,
    countryLookupMethod: "clientIpAddress" as const,
  })),
];

const guestConditions: fc.Arbitrary<GuestConditions | null> = rarely<GuestConditions | null>(
  fc.record({
    guestOrExternalUserTypes: some(...GUESTS).map((kinds) => kinds.join(",")),
    externalTenants: fc.constantFrom(
      null,
      { membershipKind: "all" as const },
      { membershipKind: "enumerated" as const, members: ["partner"] },
    ),
  }),
  null,
);

const users = fc.record({
  includeUsers: fc.oneof(
    { weight: 10, arbitrary: fc.constant(["All"]) },
    { weight: 1, arbitrary: fc.constantFrom(["GuestsOrExternalUsers"], ["None"], []) },
    { weight: 1, arbitrary: some("ana", "jon") },
  ),
  excludeUsers: rarely(some("ana", "jon", "GuestsOrExternalUsers"), []),
  includeGroups: rarely(some("analysts", "sales"), []),
  excludeGroups: rarely(some("analysts", "break-glass"), []),
  includeRoles: rarely(some("admin", "reader"), []),
  excludeRoles: rarely(some("admin", "reader"), []),
  includeGuestsOrExternalUsers: guestConditions,
  excludeGuestsOrExternalUsers: guestConditions,
});

const ofApplications = fc.record({
  includeApplications: fc.oneof(
    { weight: 3, arbitrary: fc.constant(["All"]) },
    { weight: 1, arbitrary: fc.constantFrom(["None"], ["Office365"]) },
    { weight: 2, arbitrary: some("superset", "airflow") },
  ),
  excludeApplications: rarely(some("superset", "airflow"), []),
  applicationFilter: rarely(
    fc.record({
      mode: fc.constantFrom("include" as const, "exclude" as const),
      rule: fc.constantFrom('CustomSecurityAttribute.Data_class -contains "secret"', "nonsense"),
    }),
    null,
  ),
});
const ofActions = fc.record({
  includeApplications: fc.constant([]),
  includeUserActions: some("urn:user:registersecurityinfo"),
});
const ofContexts = fc.record({
  includeApplications: fc.constant([]),
  includeAuthenticationContextClassReferences: some("c1", "c2"),
});
const applications = fc.oneof(
  { weight: 12, arbitrary: ofApplications },
  { weight: 1, arbitrary: ofActions },
  { weight: 1, arbitrary: ofContexts },
);

const RULES = [
  "device.isCompliant -eq True",
  'device.trustType -ne "ServerAD"',
  'device.isCompliant -eq True -or -not (device.deviceOwnership -eq "Company")',
  'device.extensionAttribute1 -notIn ["SAW", "PAW"]',
  "nonsense",
];

const conditions = fc.record({
  clientAppTypes: rarely<ClientAppType[]>(
    some("browser", "mobileAppsAndDesktopClients", "exchangeActiveSync", "easSupported", "other"),
    ["all"],
  ),
  platforms: rarely(
    fc.record({
      includePlatforms: fc.oneof(fc.constant(["all" as const]), some(...PLATFORMS)),
      excludePlatforms: some(...PLATFORMS),
    }),
    null,
  ),
  locations: rarely(
    fc.record({
      includeLocations: fc.oneof(fc.constant(["All"]), some("office", "cafe", "country-true", "deleted", "AllTrusted")),
      excludeLocations: some("office", "country-true", "country-false", "AllTrusted"),
    }),
    null,
  ),
  signInRiskLevels: rarely(some(...RISKS), []),
  userRiskLevels: rarely(some(...RISKS), []),
  servicePrincipalRiskLevels: rarely(some(...RISKS), []),
  insiderRiskLevels: rarely(fc.constantFrom("minor", "moderate,elevated"), null),
  devices: rarely(
    fc.record({
      deviceFilter: fc.record({
        mode: fc.constantFrom("include" as const, "exclude" as const),
        rule: fc.constantFrom(...RULES),
      }),
    }),
    null,
  ),
  authenticationFlows: rarely(
    fc.record({ transferMethods: fc.constantFrom("deviceCodeFlow", "deviceCodeFlow,authenticationTransfer") }),
    null,
  ),
});

const grant: fc.Arbitrary<GrantControls> = fc.record({
  operator: fc.constantFrom("AND" as const, "OR" as const),
  builtInControls: fc.oneof<fc.WeightedArbitrary<BuiltInControl[]>[]>(
    { weight: 1, arbitrary: fc.constant<BuiltInControl[]>(["block"]) },
    { weight: 5, arbitrary: fc.constant<BuiltInControl[]>(["mfa"]) },
    {
      weight: 2,
      arbitrary: some<BuiltInControl>(
        "mfa",
        "compliantDevice",
        "domainJoinedDevice",
        "approvedApplication",
        "compliantApplication",
        "passwordChange",
      ),
    },
  ),
  termsOfUse: rarely(some("terms", "rules"), []),
  customAuthenticationFactors: rarely(some("duo"), []),
  authenticationStrength: rarely(
    fc.record({
      id: fc.constantFrom(...Object.values(BUILT_IN_STRENGTHS)),
      displayName: fc.constantFrom("Strong", "Stronger"),
      allowedCombinations: some(...Object.values(METHODS)),
    }),
    null,
  ),
});

const session = fc.record({
  signInFrequency: fc.option(
    fc.oneof(
      fc.record({
        isEnabled: fc.boolean(),
        frequencyInterval: fc.constant("timeBased" as const),
        value: fc.integer({ min: 1, max: 48 }),
        type: fc.constantFrom("hours" as const, "days" as const),
        authenticationType: fc.constantFrom(
          "primaryAndSecondaryAuthentication" as const,
          "secondaryAuthentication" as const,
        ),
      }),
      fc.record({
        isEnabled: fc.constant(true),
        frequencyInterval: fc.constant("everyTime" as const),
        value: fc.constant(null),
        type: fc.constant(null),
        authenticationType: fc.constant("primaryAndSecondaryAuthentication" as const),
      }),
    ),
  ),
  persistentBrowser: fc.option(fc.record({ mode: fc.constantFrom("always", "never"), isEnabled: fc.boolean() })),
  disableResilienceDefaults: fc.option(fc.boolean()),
});

/** A policy with this id, about people or about workload identities. */
export function policyArbitrary(id: string): fc.Arbitrary<ConditionalAccessPolicy> {
  const clientApplications = rarely(
    fc.record({
      includeServicePrincipals: fc.constantFrom(["ServicePrincipalsInMyTenant"], ["loader"]),
      excludeServicePrincipals: some("loader"),
    }),
    null,
  );
  return fc
    .record({
      displayName: fc.constantFrom("A", "B", "C"),
      state: fc.oneof(
        { weight: 5, arbitrary: fc.constant("enabled" as const) },
        { weight: 1, arbitrary: fc.constantFrom("disabled" as const, "enabledForReportingButNotEnforced" as const) },
      ),
      users,
      applications,
      conditions,
      clientApplications,
      grant: fc.oneof({ weight: 12, arbitrary: grant }, { weight: 1, arbitrary: fc.constant(null) }),
      sessionControls: rarely(session.map(sampleSession), null),
    })
    .map(({ clientApplications: workloads, ...parts }) =>
      samplePolicy({
        id,
        ...parts,
        users: workloads === null ? parts.users : { includeUsers: ["None"] },
        conditions: { ...parts.conditions, clientApplications: workloads },
      }),
    );
}

/** Up to six policies with ids of their own. */
export const policiesArbitrary: fc.Arbitrary<ConditionalAccessPolicy[]> = fc
  .nat({ max: 6 })
  .chain((count) => fc.tuple(...Array.from({ length: count }, (_, index) => policyArbitrary(`policy-${index}`))));
