import { NO_USERS } from "./blank.ts";
import { BREAK_GLASS } from "./declared.ts";
import type { DeviceFilter, GuestConditions, GuestKind, UserConditions } from "./policy.ts";

/** All kinds of guests and external users, in the order in which Graph writes the flags. */
const GUEST_KINDS: readonly GuestKind[] = [
  "internalGuest",
  "b2bCollaborationGuest",
  "b2bCollaborationMember",
  "b2bDirectConnectUser",
  "otherExternalUser",
  "serviceProvider",
];

/** Everybody who is not of the company's own tenant, or is a guest in it. */
export const ALL_GUESTS: GuestConditions = {
  guestOrExternalUserTypes: GUEST_KINDS.join(","),
  externalTenants: { membershipKind: "all" },
};

/** Devices that the company manages: compliant by Intune, or joined to its own domain too. */
const MANAGED = 'device.isCompliant -eq True -or device.trustType -eq "ServerAD"';

/**
 * Leaves the managed devices out. By exclusion, since a device that the directory does not know has no properties, and a
 * filter that includes would pass it by (https://learn.microsoft.com/entra/identity/conditional-access/concept-condition-filters-for-devices#policy-behavior-with-filter-for-devices).
 */
export const UNMANAGED: DeviceFilter = { mode: "exclude", rule: MANAGED };

/** Who a policy is about. The break-glass accounts are out of it, whatever is asked for. */
export function users(wanted: Partial<UserConditions>): UserConditions {
  return {
    ...NO_USERS,
    ...wanted,
    excludeGroups: [BREAK_GLASS, ...(wanted.excludeGroups ?? [])],
  };
}

/** Everybody whom the tenant knows. */
export const EVERYBODY = users({ includeUsers: ["All"] });

/** Everybody but guests, who have a part of their own. */
export const EMPLOYEES = users({ includeUsers: ["All"], excludeGuestsOrExternalUsers: ALL_GUESTS });
