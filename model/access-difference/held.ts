import type { AccessPerson } from "../access.ts";
import type { AccessState } from "./state.ts";

/** One role that one person holds. */
export interface HeldRole {
  readonly person: string;
  readonly displayName: string;
  readonly tool: string;
  readonly role: string;
  readonly admin: boolean;
  readonly via: readonly string[];
  readonly guest: boolean;
  readonly partner?: string;
}

/** What a person is known by whatever the settings call them: the user principal name, or the partner's own name. */
export function personKey({ id, upn, partner }: Pick<AccessPerson, "id" | "upn" | "partner">): string {
  return partner === undefined ? upn.toLowerCase() : id;
}

/** Every role of everybody, by a key that says who, where, which, and whether it is an admin role. */
export function heldRoles({ tools, people }: AccessState): Map<string, HeldRole> {
  const admin = new Set(
    tools.flatMap(({ id, roles }) =>
      roles.filter((role) => role.admin).map(({ value }) => JSON.stringify([id, value])),
    ),
  );
  return new Map(
    people.flatMap((person) =>
      person.access.map(({ tool, role, via }) => {
        const { id, displayName, guest, partner } = person;
        const held = {
          person: id,
          displayName,
          tool,
          role,
          admin: admin.has(JSON.stringify([tool, role])),
          via,
          guest,
        };
        return [
          JSON.stringify([personKey(person), tool, role, held.admin]),
          { ...held, ...(partner === undefined ? {} : { partner }) },
        ] as const;
      }),
    ),
  );
}

/** The `personKey` in a key of `heldRoles`. */
export function personOf(key: string): string {
  return (JSON.parse(key) as [string])[0];
}

interface Placed {
  readonly person: string;
  readonly tool: string;
  readonly role: string;
  readonly admin: boolean;
}

/** Admin roles first, then tools, roles and people in the order of the new settings, and what is only in the old ones last. */
export function inOrder(before: AccessState, after: AccessState): (one: Placed, other: Placed) => number {
  const places = (names: readonly string[]) => {
    const place = new Map<string, number>();
    for (const name of names) if (!place.has(name)) place.set(name, place.size);
    return (name: string) => place.get(name) ?? place.size;
  };
  const sides = [after, before];
  const tool = places(sides.flatMap(({ tools }) => tools.map(({ id }) => id)));
  const roleName = (id: string, value: string) => JSON.stringify([id, value]);
  const role = places(
    sides.flatMap(({ tools }) => tools.flatMap(({ id, roles }) => roles.map(({ value }) => roleName(id, value)))),
  );
  const person = places(sides.flatMap(({ people }) => people.map(({ id }) => id)));
  return (one, other) =>
    Number(other.admin) - Number(one.admin) ||
    tool(one.tool) - tool(other.tool) ||
    role(roleName(one.tool, one.role)) - role(roleName(other.tool, other.role)) ||
    person(one.person) - person(other.person);
}
