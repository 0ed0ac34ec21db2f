import type { AccessPerson } from "../access.ts";
import { type HeldRole, heldRoles, inOrder, personKey, personOf } from "./held.ts";
import { type Reason, reasonsFor, type Side, sideOf } from "./reasons.ts";
import { type Renamed, renamedTeams, renamedTools } from "./renames.ts";
import type { AccessState, GroupRole, TeamState } from "./state.ts";

/**
 * A role that somebody gains or loses; `via` are the teams that give it, of the new settings for what is gained, of the old ones
 * for what is lost.
 */
export interface RoleChange extends HeldRole {
  readonly because: readonly Reason[];
}

/** A role that somebody keeps, through other teams than before. */
export interface ViaChange {
  readonly person: string;
  readonly tool: string;
  readonly role: string;
  readonly admin: boolean;
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/** Somebody who may now, or may no longer, change a team's members. */
export interface OwnerChange {
  readonly person: string;
  readonly team: string;
  /** Whether the team holds an admin role. */
  readonly admin: boolean;
}

/** What changed about a team itself. Keys; of a renamed one both keys and both names. */
export interface TeamChanges {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** The same people under another key, or the same key with another name in Entra. */
  readonly renamed: readonly {
    readonly from: Pick<TeamState, "key" | "displayName">;
    readonly to: Pick<TeamState, "key" | "displayName">;
  }[];
}

/** What one change of settings gives and takes away. Admin roles come first, then tools and people as the settings name them. */
export interface AccessDifference {
  readonly gained: readonly RoleChange[];
  readonly lost: readonly RoleChange[];
  /** Roles of groups whose members are not known here: not counted as people. */
  readonly groups: { readonly gained: readonly GroupRole[]; readonly lost: readonly GroupRole[] };
  readonly via: readonly ViaChange[];
  /** Owning a team gives no role, but the power to add members. */
  readonly owners: { readonly gained: readonly OwnerChange[]; readonly lost: readonly OwnerChange[] };
  readonly tools: {
    readonly added: readonly string[];
    readonly removed: readonly string[];
    readonly renamed: readonly Renamed[];
  };
  readonly teams: TeamChanges;
  readonly people: {
    readonly added: readonly string[];
    readonly removed: readonly string[];
    readonly enabled: readonly string[];
    readonly disabled: readonly string[];
  };
}

/** The difference that people, teams and tools see when settings change. The same settings twice give an empty one. */
export function accessDifference(before: AccessState, after: AccessState): AccessDifference {
  const teams = renamedTeams(before.teams, after.teams);
  const tools = renamedTools(before.tools, after.tools);
  const forwards = new Map(teams.map(({ from, to }) => [from.key, to.key]));
  const backwards = new Map(teams.map(({ from, to }) => [to.key, from.key]));
  const [old, young] = [heldRoles(before), heldRoles(after)];
  const order = inOrder(before, after);
  const [there, here] = [sideOf(before), sideOf(after)];
  const [oldTools, youngTools] = [before, after].map((side) => side.tools.map(({ id }) => id));
  const [oldTeams, youngTeams] = [before, after].map((side) => side.teams.map(({ key }) => key));
  const owning = bothWays(owners(before, forwards), owners(after, new Map()), ({ person, known }) =>
    JSON.stringify([known, person]),
  );
  return {
    gained: alone(young, old, here, there, backwards).sort(order),
    lost: alone(old, young, there, here, forwards).sort(order),
    groups: bothWays(before.groups, after.groups, groupKey),
    via: viaChanges(old, young).sort(order),
    owners: { gained: owning.gained.map(shown), lost: owning.lost.map(shown) },
    tools: {
      added: without(youngTools, [...(oldTools ?? []), ...tools.map(({ to }) => to)]),
      removed: without(oldTools, [...(youngTools ?? []), ...tools.map(({ from }) => from)]),
      renamed: tools,
    },
    teams: {
      added: without(youngTeams, [...backwards.keys()]),
      removed: without(oldTeams, [...forwards.keys()]),
      renamed: teams
        .filter(({ from, to }) => from.key !== to.key || from.displayName !== to.displayName)
        .map(({ from, to }) => ({ from: named(from), to: named(to) })),
    },
    people: peopleChanges(before.people, after.people),
  };
}

/** Whether somebody, or some group, gains a role that can change other people's rights. */
export function gainsPrivilege({ gained, groups }: AccessDifference): boolean {
  return [...gained, ...groups.gained].some(({ admin }) => admin);
}

/** What is held on one side only, with the reasons. */
function alone(
  held: ReadonlyMap<string, HeldRole>,
  other: ReadonlyMap<string, HeldRole>,
  here: Side,
  there: Side,
  names: ReadonlyMap<string, string>,
): RoleChange[] {
  return [...held]
    .filter(([key]) => !other.has(key))
    .map(([key, role]) => ({ ...role, because: reasonsFor(personOf(key), role, here, there, names) }));
}

function without(names: readonly string[] = [], others: readonly string[]): string[] {
  return names.filter((name) => !others.includes(name));
}

function named({ key, displayName }: TeamState) {
  return { key, displayName };
}

/** What only one side has; admin first, else in the settings' order. */
function bothWays<T extends { readonly admin: boolean }>(
  before: readonly T[],
  after: readonly T[],
  keyOf: (entry: T) => string,
) {
  const only = (here: readonly T[], there: readonly T[]) => {
    const known = new Set(there.map(keyOf));
    return here
      .filter((entry) => !known.has(keyOf(entry)))
      .toSorted((one, other) => Number(other.admin) - Number(one.admin));
  };
  return { gained: only(after, before), lost: only(before, after) };
}

/** The same people under another team's key hold the same role. */
function groupKey({ members, tool, role, admin }: GroupRole): string {
  return JSON.stringify([members, tool, role, admin]);
}

function viaChanges(old: ReadonlyMap<string, HeldRole>, young: ReadonlyMap<string, HeldRole>): ViaChange[] {
  return [...young].flatMap(([key, { person, tool, role, admin, via }]) => {
    const then = old.get(key);
    if (then === undefined || JSON.stringify(then.via.toSorted()) === JSON.stringify(via.toSorted())) return [];
    return [{ person, tool, role, admin, before: then.via, after: via }];
  });
}

/** @param names the keys by which the other side knows the teams */
function owners({ teams }: AccessState, names: ReadonlyMap<string, string>) {
  return teams.flatMap(({ key, admin, owners: people }) =>
    people.map((person) => ({ person, team: key, admin, known: names.get(key) ?? key })),
  );
}

function shown({ person, team, admin }: OwnerChange): OwnerChange {
  return { person, team, admin };
}

function peopleChanges(before: readonly AccessPerson[], after: readonly AccessPerson[]): AccessDifference["people"] {
  const [old, young] = [before, after].map((people) => new Map(people.map((person) => [personKey(person), person])));
  const ids = (here = young, there = old, holds: (own: AccessPerson, other?: AccessPerson) => boolean) =>
    [...(here ?? [])].filter(([key, own]) => holds(own, there?.get(key))).map(([, { id }]) => id);
  return {
    added: ids(young, old, (_, other) => other === undefined),
    removed: ids(old, young, (_, other) => other === undefined),
    enabled: ids(young, old, (own, other) => other?.enabled === false && own.enabled),
    disabled: ids(young, old, (own, other) => other?.enabled === true && !own.enabled),
  };
}
