import type { AccessMatrix, AccessPerson } from "../access.ts";

/** A role that somebody holds, and how it is reached. */
export interface ReachedRole {
  readonly tool: string;
  readonly role: string;
  /** Whether the role can change other people's rights or the tool's configuration. */
  readonly admin: boolean;
  /** Teams, or a partner's groups, that give it. */
  readonly via: readonly string[];
}

/** Somebody as the report names them. */
export type ReportPerson = Pick<AccessPerson, "id" | "displayName" | "upn" | "enabled" | "guest" | "partner">;

/** People who have exactly the same access, reached in the same way. A company of thousands has few such groups. */
export interface PeopleGroup {
  /** By display name. */
  readonly people: readonly ReportPerson[];
  /** Never empty. */
  readonly access: readonly ReachedRole[];
}

/** People with access, with their equals: who holds an admin role first, then by name. */
export function peopleGroups(people: readonly AccessPerson[], tools: AccessMatrix["tools"]): PeopleGroup[] {
  const admin = adminRoles(tools);
  const groups = groupedBy(
    people.filter(({ access }) => access.length > 0),
    ({ access }) => JSON.stringify(access),
  );
  return groups
    .map((equals) => ({
      people: byName(equals),
      access: (equals[0]?.access ?? []).map((held) => ({ ...held, admin: admin.has(roleKey(held.tool, held.role)) })),
    }))
    .sort((one, other) => rank(one) - rank(other) || compareNames(one.people[0], other.people[0]));
}

function rank({ access }: PeopleGroup): number {
  return access.some(({ admin }) => admin) ? 0 : 1;
}

/** The admin roles of all tools, by `roleKey`. */
export function adminRoles(tools: AccessMatrix["tools"]): ReadonlySet<string> {
  return new Set(
    tools.flatMap(({ id, roles }) => roles.filter(({ admin }) => admin).map(({ value }) => roleKey(id, value))),
  );
}

export function roleKey(tool: string, role: string): string {
  return `${tool}/${role}`;
}

/** Without what the report says elsewhere, by display name and then by id. */
export function byName(people: readonly AccessPerson[]): ReportPerson[] {
  return people
    .map(({ access: _access, denied: _denied, ...person }) => person)
    .sort((one, other) => compareNames(one, other));
}

/** The same order in every language of the machine, and the same for the same people. */
const collator = new Intl.Collator("en");

function compareNames(one: ReportPerson | undefined, other: ReportPerson | undefined): number {
  const names = collator.compare(one?.displayName ?? "", other?.displayName ?? "");
  return names === 0 ? collator.compare(one?.id ?? "", other?.id ?? "") : names;
}

/** Things with the same key together, in the order in which they first come. */
export function groupedBy<T>(things: readonly T[], keyOf: (thing: T) => string): T[][] {
  const groups = new Map<string, T[]>();
  for (const thing of things) {
    const key = keyOf(thing);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [thing]);
    else group.push(thing);
  }
  return [...groups.values()];
}
