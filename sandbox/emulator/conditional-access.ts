import type { ConditionalAccessPolicy, GuestKind, NamedLocation } from "../../model/conditional-access/policy.ts";
import type { PersonIdentity } from "../../model/conditional-access/sign-in.ts";
import type { Directory, User } from "./directory.ts";
import { strengthById } from "./graph/conditional-access/built-in-strengths.ts";
import type { StoredLocation, StoredPolicy } from "./graph/conditional-access/data.ts";
import { transitiveGroups } from "./membership.ts";

/** The directory's Conditional Access as the evaluator takes it: for Graph's what-if call and for sign-ins alike. */

/** Every policy, whatever its state, with its authentication strength in full. */
export function policiesOf(data: Directory): ConditionalAccessPolicy[] {
  return Object.values(data.conditionalAccessPolicies).map((policy) => policyOf(data, policy));
}

function policyOf(data: Directory, policy: StoredPolicy): ConditionalAccessPolicy {
  const { id, displayName, state, conditions, grantControls, sessionControls } = policy;
  const strength = strengthById(data, grantControls?.authenticationStrength?.id ?? "");
  return {
    id,
    displayName,
    state,
    conditions: { ...conditions, users: conditions.clientApplications === null ? conditions.users : null },
    grantControls: grantControls && {
      ...grantControls,
      authenticationStrength:
        strength === undefined
          ? null
          : {
              id: strength.id,
              displayName: strength.displayName,
              allowedCombinations: strength.allowedCombinations,
            },
    },
    sessionControls,
  };
}

export function locationsOf(data: Directory): NamedLocation[] {
  return Object.values(data.namedLocations).map(locationOf);
}

function locationOf(location: StoredLocation): NamedLocation {
  const { id, displayName } = location;
  if (location["@odata.type"] === "#microsoft.graph.ipNamedLocation") {
    const ranges = location.ipRanges.map(({ cidrAddress }) => cidrAddress);
    return { kind: "ip", id, displayName, isTrusted: location.isTrusted, ranges };
  }
  const { countriesAndRegions, includeUnknownCountriesAndRegions, countryLookupMethod } = location;
  return {
    kind: "country",
    id,
    displayName,
    countriesAndRegions,
    includeUnknownCountriesAndRegions,
    countryLookupMethod,
  };
}

/** A person with every group at any depth. Nobody holds a directory role: the sandbox has no assignments of them. */
export function identityOf(data: Directory, user: User): PersonIdentity {
  const guest = guestKindOf(data, user);
  return {
    kind: "person",
    id: user.id,
    ...(guest !== undefined && { guest }),
    ...(user.homeTenantId !== undefined && { homeTenantId: user.homeTenantId }),
    groups: new Set(transitiveGroups(data, user.id).map(({ id }) => id)),
    roles: new Set(),
  };
}

/**
 * The kind of guest as Entra tells them apart: by user type, and by whether the account is another tenant's
 * (https://learn.microsoft.com/entra/external-id/authentication-conditional-access). Guests of the settings are invited ones.
 */
function guestKindOf(data: Directory, user: User): GuestKind | undefined {
  const isExternal =
    (user.homeTenantId !== undefined && user.homeTenantId !== data.tenantId) ||
    user.userPrincipalName.toUpperCase().includes("#EXT#");
  if (user.userType === "Member") return isExternal ? "b2bCollaborationMember" : undefined;
  return isExternal || user.seededAs !== undefined ? "b2bCollaborationGuest" : "internalGuest";
}
