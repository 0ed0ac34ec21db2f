import { knowsPeople, userPrincipalName } from "../../directory.ts";
import { type Finding, shown } from "../problem.ts";
import type { Settings } from "../schema.ts";
import { suggestion } from "../suggest.ts";
import type { Team } from "../teams.ts";
import type { CheckContext } from "./check.ts";

/** Each team has owners and one kind of membership, and names people who exist. */
export function checkTeams(context: CheckContext): Finding[] {
  const { settings } = context;
  return Object.entries(settings.teams).flatMap(([key, team]) => [
    ...membership(key, team),
    ...ownership(settings, key, team),
    ...privilegedRule(key, team),
    ...unknownPeople(context, ["teams", key, "owners"], team.owners),
    ...unknownPeople(context, ["teams", key, "members"], team.members),
  ]);
}

/** People whom a list names though `people` does not hold them. */
export function unknownPeople(
  { settings, sound }: CheckContext,
  path: readonly PropertyKey[],
  entries: readonly string[],
): Finding[] {
  const { people } = settings;
  if (!knowsPeople(settings) || !sound("people")) return [];
  const keys = Object.keys(people);
  const names = new Set(keys.map((key) => userPrincipalName(settings, key).toLowerCase()));
  return entries.flatMap((entry, index) => {
    if (entry.includes("@") ? names.has(entry.toLowerCase()) : people[entry] !== undefined) return [];
    return [
      {
        path: [...path, index],
        found: shown(entry),
        allowed: `one of the ${keys.length} people under people`,
        fix: suggestion(entry, keys, "Add the person under people, or remove the name here."),
      },
    ];
  });
}

function membership(key: string, team: Team): Finding[] {
  const path = ["teams", key];
  const allowed = "one of: members (and nested teams), rule, existing";
  const byName = team.members.length > 0 || team.teams.length > 0;
  if (team.existing !== undefined) {
    const extra = (["members", "teams", "owners"] as const).filter((name) => team[name].length > 0);
    const rules = team.rule === undefined ? [] : (["rule"] as const);
    return [...extra, ...rules].map((name) => ({
      path: [...path, name],
      found: `${name} of an existing group`,
      allowed,
      fix: `Remove ${name}, since Entrada leaves an existing group as it is; or remove existing, to have a group made.`,
    }));
  }
  if (team.rule !== undefined && byName) {
    const fix = "Remove rule or the names: Entra computes a dynamic group's members from its rule alone.";
    return [{ path: [...path, "rule"], found: "a rule beside members by name", allowed, fix }];
  }
  if (team.rule === undefined && !byName) {
    return [{ path, found: "a team without members", allowed, fix: 'Add members, for example members: ["ana.lima"]' }];
  }
  return [];
}

function ownership(settings: Settings, key: string, team: Team): Finding[] {
  if (team.existing !== undefined) return [];
  const path = ["teams", key, "owners"];
  if (team.owners.length === 0) {
    const fix = 'Add owners, for example owners: ["ana.lima"]';
    return [{ path, found: "nothing", allowed: "at least one owner, so that somebody answers for the team", fix }];
  }
  if (!knowsPeople(settings)) return [];
  if (team.owners.some((owner) => settings.people[owner]?.enabled !== false)) return [];
  const allowed = "at least one owner whose account is enabled";
  return [
    { path, found: "only owners whose accounts are disabled", allowed, fix: "Add an owner who still works here." },
  ];
}

/** Entra gives admin roles to groups with assigned membership only. */
function privilegedRule(key: string, team: Team): Finding[] {
  if (team.rule === undefined || !team.privileged) return [];
  const path = ["teams", key, "rule"];
  const fix = "Name the members, or remove privileged.";
  return [{ path, found: "a rule in a privileged team", allowed: "privileged teams with members by name", fix }];
}
