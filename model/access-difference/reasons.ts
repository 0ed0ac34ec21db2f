import type { AccessPerson } from "../access.ts";
import { type HeldRole, personKey } from "./held.ts";
import { type AccessState, grantKey, partnerSource } from "./state.ts";

/**
 * Why somebody holds a role on one side only: the side without it lacks the `tool`, the `person` or the `team`; it has the person's
 * `account` disabled; its role is no admin role (`role`), is not given to the team (`grant`), the person is not in the team
 * (`membership`), or nobody here knows who is (`unknown`); or other settings of the person or the tool keep it closed (`other`), such as being a guest.
 */
export interface Reason {
  readonly kind: "tool" | "person" | "account" | "role" | "team" | "grant" | "membership" | "unknown" | "other";
  /** The team of the side with the role, for what is about a team. */
  readonly team?: string;
}

/** One side of a comparison, to be asked about people and teams by their names. */
export interface Side {
  readonly tools: ReadonlySet<string>;
  readonly grants: ReadonlySet<string>;
  readonly knowsPeople: boolean;
  /** By `personKey`. */
  readonly people: ReadonlyMap<string, AccessPerson>;
  /** Key of a team → keys of its direct members. */
  readonly teams: ReadonlyMap<string, ReadonlySet<string>>;
  /** Keys of teams whose members only Entra knows. */
  readonly unknown: ReadonlySet<string>;
}

export function sideOf({ tools, grants, knowsPeople, people, teams }: AccessState): Side {
  return {
    tools: new Set(tools.map(({ id }) => id)),
    grants,
    knowsPeople,
    people: new Map(people.map((person) => [personKey(person), person])),
    teams: new Map(teams.map(({ key, members }) => [key, new Set(members)])),
    unknown: new Set(teams.filter(({ unknown }) => unknown).map(({ key }) => key)),
  };
}

/**
 * @param key the person's `personKey`
 * @param here the side on which the role is held
 * @param there the side on which it is not
 * @param names key of a team here → its key there, for teams that were renamed
 */
export function reasonsFor(
  key: string,
  { tool, role, via, partner }: HeldRole,
  here: Side,
  there: Side,
  names: ReadonlyMap<string, string>,
): Reason[] {
  if (!there.tools.has(tool)) return [{ kind: "tool" }];
  const person = there.people.get(key);
  if (person?.access.some((one) => one.tool === tool && one.role === role) === true) return [{ kind: "role" }];
  if (person === undefined && (partner !== undefined || (here.knowsPeople && there.knowsPeople)))
    return via.map((team) => ({ kind: "person", team }));
  if (person?.enabled === false) return [{ kind: "account" }];
  return via.map((team) => {
    const name = names.get(team) ?? team;
    const members = there.teams.get(name);
    const source = partner === undefined ? name : partnerSource(partner, team);
    if (partner === undefined && members === undefined) return { kind: "team", team };
    if (!there.grants.has(grantKey(source, tool, role))) return { kind: "grant", team };
    if (there.unknown.has(name)) return { kind: "unknown", team };
    return members?.has(key) === true ? { kind: "other", team } : { kind: "membership", team };
  });
}
