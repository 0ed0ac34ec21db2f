import type { RuleSubject } from "./membership-rule.ts";
import type { Settings } from "./settings/schema.ts";

/** A person with the properties that Microsoft Graph gives a user, as far as the settings know them. */
export interface DirectoryPerson extends RuleSubject {
  /** Key under `people`; where the settings hold no people, how the teams name the person. */
  readonly id: string;
  readonly displayName: string;
  readonly givenName: string | null;
  readonly surname: string | null;
  readonly userType: "Member" | "Guest";
  /** A guest's own tenant, where the settings say it. */
  readonly homeTenantId?: string;
}

/**
 * The user principal name of a person whom a setting names: a full name is taken as it is, a key of `people` follows
 * that person's settings, any other key gets `@<userDomain>`.
 */
export function userPrincipalName(settings: Pick<Settings, "people" | "userDomain">, entry: string): string {
  if (entry.includes("@")) return entry;
  const person = settings.people[entry];
  if (person?.upn !== undefined) return person.upn;
  if (person?.guest !== true || person.mail === undefined) return `${entry}@${settings.userDomain}`;
  // Entra names a guest after the mail address, in the tenant's initial domain.
  return `${person.mail.replace("@", "_")}#EXT#@${settings.userDomain.split(".")[0]}.onmicrosoft.com`;
}

/** Whether the settings hold the directory's people, as a sandbox's do; a real environment's are in its tenant. */
export function knowsPeople({ people }: Pick<Settings, "people">): boolean {
  // Asked for each person, so thousands of names are not to be listed each time.
  const found = peopled.get(people) ?? Object.keys(people).length > 0;
  peopled.set(people, found);
  return found;
}

const peopled = new WeakMap<Settings["people"], boolean>();

/** Everybody whom the settings know: `people`, or else all whom teams and break-glass accounts name, each once. */
export function directoryPeople(settings: Settings): DirectoryPerson[] {
  if (knowsPeople(settings)) return Object.keys(settings.people).map((key) => sandboxPerson(settings, key));
  const named = Object.values(settings.teams).flatMap(({ members, owners }) => [...members, ...owners]);
  const seen = new Map<string, DirectoryPerson>();
  for (const entry of [...named, ...settings.conditionalAccess.breakGlass]) {
    const person = namedPerson(settings, entry);
    const key = person.userPrincipalName.toLowerCase();
    if (!seen.has(key)) seen.set(key, person);
  }
  return [...seen.values()];
}

/** Whether an entry of the settings means this person. */
export function isEntryOf(settings: Settings, entry: string, person: DirectoryPerson): boolean {
  return userPrincipalName(settings, entry).toLowerCase() === person.userPrincipalName.toLowerCase();
}

function sandboxPerson(settings: Settings, key: string): DirectoryPerson {
  const person = settings.people[key];
  const displayName = person?.displayName ?? key;
  const [first = displayName, ...rest] = displayName.split(" ");
  const upn = userPrincipalName(settings, key);
  return {
    id: key,
    displayName,
    givenName: person?.givenName ?? first,
    surname: person?.surname ?? (rest.length === 0 ? null : rest.join(" ")),
    userPrincipalName: upn,
    mail: person?.mail ?? upn,
    accountEnabled: person?.enabled ?? true,
    userType: person?.guest === true ? "Guest" : "Member",
    department: person?.department ?? null,
    jobTitle: person?.jobTitle ?? null,
    country: person?.country ?? null,
    companyName: null,
    ...(person?.homeTenant === undefined ? {} : { homeTenantId: person.homeTenant }),
  };
}

/** Somebody of whom a real environment's settings say no more than the name. */
function namedPerson(settings: Settings, entry: string): DirectoryPerson {
  const upn = userPrincipalName(settings, entry);
  return {
    id: entry,
    displayName: entry,
    givenName: null,
    surname: null,
    userPrincipalName: upn,
    mail: null,
    accountEnabled: true,
    userType: upn.includes("#EXT#") ? "Guest" : "Member",
    department: null,
    jobTitle: null,
    country: null,
    companyName: null,
  };
}
