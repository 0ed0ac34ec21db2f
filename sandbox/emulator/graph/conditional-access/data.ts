import type {
  ConditionalAccessPolicy,
  GrantControls,
  PolicyConditions,
} from "../../../../model/conditional-access/policy.ts";

/**
 * What the directory keeps of Conditional Access, in the JSON that Graph answers
 * (https://learn.microsoft.com/graph/api/resources/conditionalaccesspolicy), already normalised: every property is there,
 * with null or an empty list for "no condition".
 */

/** A policy refers to its strength by id alone; Graph puts the whole strength into its answers. */
export interface StoredGrantControls extends Omit<GrantControls, "authenticationStrength"> {
  readonly authenticationStrength: { readonly id: string } | null;
}

/** Graph's mark of a polymorphic type; clients that know types choose by it. */
interface TypeMark {
  readonly "@odata.type": string;
}

type Guests = NonNullable<NonNullable<PolicyConditions["users"]>["includeGuestsOrExternalUsers"]>;

export interface StoredGuests extends Omit<Guests, "externalTenants"> {
  readonly externalTenants: (NonNullable<Guests["externalTenants"]> & TypeMark) | null;
}

export interface StoredUsers
  extends Omit<
    NonNullable<PolicyConditions["users"]>,
    "includeGuestsOrExternalUsers" | "excludeGuestsOrExternalUsers"
  > {
  readonly includeGuestsOrExternalUsers: StoredGuests | null;
  readonly excludeGuestsOrExternalUsers: StoredGuests | null;
}

export interface StoredConditions extends Omit<PolicyConditions, "users"> {
  /** Never null: a policy about workload identities includes the user `None`. */
  readonly users: StoredUsers;
}

export interface StoredPolicy extends Omit<ConditionalAccessPolicy, "conditions" | "grantControls"> {
  readonly templateId: string | null;
  readonly createdDateTime: string;
  /** Null until the first change. */
  readonly modifiedDateTime: string | null;
  readonly conditions: StoredConditions;
  readonly grantControls: StoredGrantControls | null;
}

interface StoredLocationBase {
  readonly id: string;
  readonly displayName: string;
  readonly createdDateTime: string;
  readonly modifiedDateTime: string;
}

export interface StoredIpLocation extends StoredLocationBase {
  readonly "@odata.type": "#microsoft.graph.ipNamedLocation";
  readonly isTrusted: boolean;
  readonly ipRanges: readonly (TypeMark & { readonly cidrAddress: string })[];
}

export interface StoredCountryLocation extends StoredLocationBase {
  readonly "@odata.type": "#microsoft.graph.countryNamedLocation";
  readonly countriesAndRegions: readonly string[];
  readonly includeUnknownCountriesAndRegions: boolean;
  readonly countryLookupMethod: "clientIpAddress" | "authenticatorAppGps";
}

/** https://learn.microsoft.com/graph/api/resources/namedlocation */
export type StoredLocation = StoredIpLocation | StoredCountryLocation;

/** https://learn.microsoft.com/graph/api/resources/authenticationstrengthpolicy */
export interface StoredStrength {
  readonly id: string;
  readonly createdDateTime: string;
  readonly modifiedDateTime: string;
  readonly displayName: string;
  readonly description: string | null;
  readonly policyType: "builtIn" | "custom";
  /** All combinations that can be chosen are multifactor ones. */
  readonly requirementsSatisfied: "mfa";
  readonly allowedCombinations: readonly string[];
}
