import { type Answer, either, type Test, without } from "../answer.ts";
import type { GuestConditions, UserConditions } from "../policy.ts";
import type { PersonIdentity } from "../sign-in.ts";
import { flags } from "./flags.ts";

/**
 * Who a policy is for (https://learn.microsoft.com/entra/identity/conditional-access/concept-conditional-access-users-groups):
 * people by id, groups at any depth, directory roles, guests by kind and home tenant. Excluding wins over including.
 * `All` takes guests too.
 */
export function userCondition(users: UserConditions): Test {
  const included = matcher(
    users.includeUsers,
    users.includeGroups,
    users.includeRoles,
    users.includeGuestsOrExternalUsers,
  );
  const excluded = matcher(
    users.excludeUsers,
    users.excludeGroups,
    users.excludeRoles,
    users.excludeGuestsOrExternalUsers,
  );
  return ({ identity }) => identity.kind === "person" && without(included(identity), excluded(identity));
}

function matcher(
  ids: readonly string[],
  groups: readonly string[],
  roles: readonly string[],
  guests: GuestConditions | null,
): (person: PersonIdentity) => Answer {
  const everybody = ids.includes("All");
  const allGuests = ids.includes("GuestsOrExternalUsers");
  const people = new Set(ids);
  const isGuest = guestMatcher(guests);
  return (person) => {
    if (everybody || people.has(person.id) || (allGuests && person.guest !== undefined)) return true;
    const byMembership = groups.some((id) => person.groups.has(id)) || roles.some((id) => person.roles.has(id));
    return either(byMembership, isGuest(person));
  };
}

/** The list of tenants does not concern local guests: their accounts are this tenant's own (unconfirmed). */
function guestMatcher(guests: GuestConditions | null): (person: PersonIdentity) => Answer {
  if (guests === null) return () => false;
  const kinds = flags(guests.guestOrExternalUserTypes);
  const tenants = guests.externalTenants?.membershipKind === "enumerated" ? guests.externalTenants.members : undefined;
  return ({ guest, homeTenantId }) => {
    if (guest === undefined || !kinds.has(guest)) return false;
    if (tenants === undefined || guest === "internalGuest") return true;
    return homeTenantId === undefined ? "unknown" : tenants.includes(homeTenantId);
  };
}
