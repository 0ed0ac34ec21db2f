import type { ClientAppType, GuestKind, PlatformName, RiskLevel } from "./policy.ts";

/** A sign-in as Conditional Access sees it, after the first factor. */
export interface SignInFacts {
  readonly identity: PersonIdentity | WorkloadIdentity;
  readonly target: SignInTarget;
  readonly conditions: SignInConditions;
}

/** A person of the directory. Ids are whatever the policies name people and groups by. */
export interface PersonIdentity {
  readonly kind: "person";
  readonly id: string;
  /** Which kind of guest or external user; absent for a member of the tenant. */
  readonly guest?: GuestKind;
  /** A guest's own tenant. */
  readonly homeTenantId?: string;
  /** Ids of all groups that hold the person at any depth: Conditional Access follows nesting, app roles do not. */
  readonly groups: ReadonlySet<string>;
  /** Template ids of the person's active directory roles. */
  readonly roles: ReadonlySet<string>;
}

/** An application that signs in as itself. */
export interface WorkloadIdentity {
  readonly kind: "workload";
  /** Object id of the service principal. */
  readonly id: string;
  /** Whether it is registered in this tenant; others, and managed identities, are out of reach for Conditional Access. */
  readonly ownedByTenant: boolean;
}

export type SignInTarget =
  | {
      readonly kind: "applications";
      /** Client ids: the client itself, and the resource whose token it asks for. */
      readonly clientIds: readonly string[];
      /** Custom security attributes by client id, for application filters. @example { "<id>": { "Data.class": ["secret"] } } */
      readonly attributes?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
    }
  | { readonly kind: "userAction"; readonly action: string }
  | { readonly kind: "authenticationContext"; readonly value: string };

/** Where and how. An absent condition is unknown: a policy that asks for it answers `notEnoughInformation`. */
export interface SignInConditions {
  readonly ipAddress?: string;
  /** Two-letter code; null where the address belongs to no known country. */
  readonly country?: string | null;
  /** Null for a platform that Entra does not recognise. */
  readonly devicePlatform?: Exclude<PlatformName, "all"> | null;
  readonly clientAppType?: Exclude<ClientAppType, "all">;
  readonly signInRiskLevel?: RiskLevel;
  readonly userRiskLevel?: RiskLevel;
  readonly servicePrincipalRiskLevel?: RiskLevel;
  readonly insiderRiskLevel?: "none" | "minor" | "moderate" | "elevated";
  readonly authenticationFlow?: "none" | "deviceCodeFlow" | "authenticationTransfer";
  /** Null for a device that the directory does not know. */
  readonly device?: DeviceFacts | null;
}

/** The properties of a device that a filter can ask for (https://learn.microsoft.com/entra/identity/conditional-access/concept-condition-filters-for-devices). */
export interface DeviceFacts {
  readonly isCompliant: boolean;
  /** `AzureAD` joined, `ServerAD` hybrid joined, `Workplace` registered. */
  readonly trustType: "AzureAD" | "ServerAD" | "Workplace" | null;
  readonly deviceId?: string;
  readonly displayName?: string;
  readonly deviceOwnership?: "Company" | "Personal";
  readonly enrollmentProfileName?: string;
  readonly manufacturer?: string;
  readonly mdmAppId?: string;
  readonly model?: string;
  readonly operatingSystem?: string;
  readonly operatingSystemVersion?: string;
  readonly physicalIds?: readonly string[];
  readonly profileType?: string;
  readonly systemLabels?: readonly string[];
  /** extensionAttribute1 to extensionAttribute15. */
  readonly extensionAttributes?: Readonly<Record<string, string>>;
}
