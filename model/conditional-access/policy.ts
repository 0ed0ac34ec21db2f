/**
 * Conditional Access in the shapes of Microsoft Graph v1.0
 * (https://learn.microsoft.com/graph/api/resources/conditionalaccesspolicy), as the evaluator, the sandbox's directory and the
 * settings' own policies use them. Empty lists and nulls mean "no condition", as Graph answers them.
 */

export type PolicyState = "enabled" | "disabled" | "enabledForReportingButNotEnforced";

export interface ConditionalAccessPolicy {
  readonly id: string;
  readonly displayName: string;
  readonly state: PolicyState;
  readonly conditions: PolicyConditions;
  readonly grantControls: GrantControls | null;
  readonly sessionControls: SessionControls | null;
}

export interface PolicyConditions {
  /** Null where the policy is about workload identities. */
  readonly users: UserConditions | null;
  readonly applications: ApplicationConditions;
  /** `["all"]`, or some of the others. */
  readonly clientAppTypes: readonly ClientAppType[];
  readonly clientApplications: WorkloadConditions | null;
  readonly platforms: {
    readonly includePlatforms: readonly PlatformName[];
    readonly excludePlatforms: readonly PlatformName[];
  } | null;
  /** Ids of named locations, `All` or `AllTrusted`. */
  readonly locations: {
    readonly includeLocations: readonly string[];
    readonly excludeLocations: readonly string[];
  } | null;
  readonly signInRiskLevels: readonly RiskLevel[];
  readonly userRiskLevels: readonly RiskLevel[];
  readonly servicePrincipalRiskLevels: readonly RiskLevel[];
  /** Comma-separated, as Graph writes its flags. */
  readonly insiderRiskLevels: string | null;
  readonly devices: { readonly deviceFilter: DeviceFilter | null } | null;
  /** `transferMethods` is comma-separated, as Graph writes its flags. @example "deviceCodeFlow,authenticationTransfer" */
  readonly authenticationFlows: { readonly transferMethods: string } | null;
}

export interface UserConditions {
  /** Object ids, `All`, `None` or `GuestsOrExternalUsers`. */
  readonly includeUsers: readonly string[];
  /** Object ids or `GuestsOrExternalUsers`. */
  readonly excludeUsers: readonly string[];
  readonly includeGroups: readonly string[];
  readonly excludeGroups: readonly string[];
  /** Template ids of directory roles. */
  readonly includeRoles: readonly string[];
  readonly excludeRoles: readonly string[];
  readonly includeGuestsOrExternalUsers: GuestConditions | null;
  readonly excludeGuestsOrExternalUsers: GuestConditions | null;
}

export interface GuestConditions {
  /** Comma-separated kinds. @example "b2bCollaborationGuest,b2bCollaborationMember" */
  readonly guestOrExternalUserTypes: string;
  readonly externalTenants:
    | { readonly membershipKind: "all" }
    | { readonly membershipKind: "enumerated"; readonly members: readonly string[] }
    | null;
}

export type GuestKind =
  | "internalGuest"
  | "b2bCollaborationGuest"
  | "b2bCollaborationMember"
  | "b2bDirectConnectUser"
  | "otherExternalUser"
  | "serviceProvider";

export interface ApplicationConditions {
  /** Client ids, `All`, `None`, `Office365` or `MicrosoftAdminPortals`. */
  readonly includeApplications: readonly string[];
  readonly excludeApplications: readonly string[];
  /** @example ["urn:user:registersecurityinfo"] */
  readonly includeUserActions: readonly string[];
  /** @example ["c1"] */
  readonly includeAuthenticationContextClassReferences: readonly string[];
  readonly applicationFilter: { readonly mode: "include" | "exclude"; readonly rule: string } | null;
}

export interface WorkloadConditions {
  /** Object ids of service principals, or `ServicePrincipalsInMyTenant`. */
  readonly includeServicePrincipals: readonly string[];
  readonly excludeServicePrincipals: readonly string[];
}

export type ClientAppType =
  | "all"
  | "browser"
  | "mobileAppsAndDesktopClients"
  | "exchangeActiveSync"
  | "easSupported"
  | "other";

export type PlatformName = "android" | "iOS" | "windows" | "windowsPhone" | "macOS" | "linux" | "all";
export type RiskLevel = "low" | "medium" | "high" | "hidden" | "none";

export interface DeviceFilter {
  readonly mode: "include" | "exclude";
  /** @example 'device.isCompliant -eq True -or device.trustType -eq "ServerAD"' */
  readonly rule: string;
}

export type BuiltInControl =
  | "block"
  | "mfa"
  | "compliantDevice"
  | "domainJoinedDevice"
  | "approvedApplication"
  | "compliantApplication"
  | "passwordChange";

export interface GrantControls {
  readonly operator: "AND" | "OR";
  readonly builtInControls: readonly BuiltInControl[];
  readonly customAuthenticationFactors: readonly string[];
  readonly termsOfUse: readonly string[];
  readonly authenticationStrength: AuthenticationStrength | null;
}

/** https://learn.microsoft.com/graph/api/resources/authenticationstrengthpolicy */
export interface AuthenticationStrength {
  readonly id: string;
  readonly displayName: string;
  /** @example ["fido2", "password,microsoftAuthenticatorPush"] */
  readonly allowedCombinations: readonly string[];
}

export interface SessionControls {
  readonly signInFrequency: SignInFrequency | null;
  readonly persistentBrowser: { readonly mode: "always" | "never"; readonly isEnabled: boolean } | null;
  readonly applicationEnforcedRestrictions: { readonly isEnabled: boolean } | null;
  readonly cloudAppSecurity: {
    readonly cloudAppSecurityType: "mcasConfigured" | "monitorOnly" | "blockDownloads";
    readonly isEnabled: boolean;
  } | null;
  readonly disableResilienceDefaults: boolean | null;
}

export interface SignInFrequency {
  readonly isEnabled: boolean;
  /** `everyTime` carries neither value nor type. */
  readonly frequencyInterval: "timeBased" | "everyTime";
  readonly value: number | null;
  readonly type: "hours" | "days" | null;
  readonly authenticationType: "primaryAndSecondaryAuthentication" | "secondaryAuthentication";
}

/** https://learn.microsoft.com/graph/api/resources/namedlocation, both kinds. */
export type NamedLocation = IpNamedLocation | CountryNamedLocation;

export interface IpNamedLocation {
  readonly kind: "ip";
  readonly id: string;
  readonly displayName: string;
  readonly isTrusted: boolean;
  /** IPv4 and IPv6 ranges in CIDR notation. */
  readonly ranges: readonly string[];
}

export interface CountryNamedLocation {
  readonly kind: "country";
  readonly id: string;
  readonly displayName: string;
  /** Two-letter codes of ISO 3166-1. */
  readonly countriesAndRegions: readonly string[];
  readonly includeUnknownCountriesAndRegions: boolean;
  readonly countryLookupMethod: "clientIpAddress" | "authenticatorAppGps";
}

/** The built-in authentication strengths (https://learn.microsoft.com/entra/identity/authentication/concept-authentication-strengths). */
export const BUILT_IN_STRENGTHS = {
  mfa: "00000000-0000-0000-0000-000000000002",
  passwordless: "00000000-0000-0000-0000-000000000003",
  "phishing-resistant": "00000000-0000-0000-0000-000000000004",
} as const;
