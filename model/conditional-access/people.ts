import { type DirectoryPerson, directoryPeople, isEntryOf, knowsPeople } from "../directory.ts";
import type { Settings } from "../settings/schema.ts";
import { isDirectMember, reachedThrough } from "../teams.ts";
import { BREAK_GLASS, type DeclaredConditionalAccess, readReference, reference } from "./declared.ts";
import { METHOD_NAMES, type MethodName } from "./methods.ts";
import type { Home } from "./played.ts";
import type { PersonIdentity } from "./sign-in.ts";

/** Where the sandbox's people sign in from: an address of no office (RFC 5737). */
const HOME_ADDRESS = "203.0.113.10";

/**
 * A person as the declared policies know them: by references. Groups count at any depth; guests are of the kind that
 * invitations make. The settings know nothing of directory roles, so there are none.
 */
export function personIdentity(settings: Settings, person: DirectoryPerson): PersonIdentity {
  const isIn = (team: string) =>
    isDirectMember(settings, team, person) || reachedThrough(settings, team, person) !== undefined;
  const groups = Object.keys(settings.teams)
    .filter(isIn)
    .map((team) => reference("team", team));
  if (settings.conditionalAccess.breakGlass.some((entry) => isEntryOf(settings, entry, person))) {
    groups.push(BREAK_GLASS);
  }
  return {
    kind: "person",
    id: reference("person", person.id),
    ...(person.userType === "Guest" ? { guest: "b2bCollaborationGuest" } : {}),
    ...(person.homeTenantId === undefined ? {} : { homeTenantId: person.homeTenantId }),
    groups: new Set(groups),
    roles: new Set(),
  };
}

/** How policies name somebody whom a setting names; the same for every way of writing the name. */
export function personReference(settings: Settings, entry: string): string {
  const person = directoryPeople(settings).find((known) => isEntryOf(settings, entry, known));
  return reference("person", person?.id ?? entry);
}

/** The people whom policies name one by one, by the entries that their references hold; each once. */
export function namedPeople({ policies }: Pick<DeclaredConditionalAccess, "policies">): string[] {
  const lists = policies.flatMap(({ policy }) => [
    ...(policy.conditions.users?.includeUsers ?? []),
    ...(policy.conditions.users?.excludeUsers ?? []),
  ]);
  const keys = lists.flatMap((text) => {
    const found = readReference(text);
    return found?.kind === "person" ? [found.key] : [];
  });
  return [...new Set(keys)];
}

/**
 * The methods that a person has registered. A real environment's settings do not say; there everybody is taken to have
 * what is asked for, since nothing can be told from names.
 */
export function registeredMethods(settings: Settings, person: Pick<DirectoryPerson, "id">): readonly MethodName[] {
  if (!knowsPeople(settings)) return METHOD_NAMES;
  return settings.people[person.id]?.methods ?? [];
}

/** Where people are who say nothing else: in the first of the countries, at an address of no office. */
export function homeOf({ conditionalAccess }: Pick<Settings, "conditionalAccess">): Home {
  return { country: conditionalAccess.countries[0] ?? null, ipAddress: HOME_ADDRESS };
}
