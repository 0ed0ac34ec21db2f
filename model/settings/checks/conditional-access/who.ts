import { declaredTools } from "../../../declared-tools.ts";
import { userPrincipalName } from "../../../directory.ts";
import type { OwnPolicy } from "../../conditional-access/policies.ts";
import { type Finding, shown } from "../../problem.ts";
import { listed, suggestion } from "../../suggest.ts";
import type { CheckContext } from "../check.ts";
import { unknownPeople } from "../teams.ts";
import { twice } from "./twice.ts";

type Who = OwnPolicy["who"];

/** Somebody is meant, everybody named exists, and no emergency account is among them. */
export function checkWho(context: CheckContext, policy: readonly PropertyKey[], who: Who): Finding[] {
  const path = [...policy, "who"];
  const lists = [
    { path: [...path, "teams"], teams: who.teams },
    { path: [...path, "except", "teams"], teams: who.except.teams },
  ];
  return [
    ...nobody(path, who),
    ...lists.flatMap((list) => [...unknownTeams(context, list.path, list.teams), ...twice(list.path, list.teams)]),
    ...unknownPeople(context, [...path, "people"], who.people),
    ...unknownPeople(context, [...path, "except", "people"], who.except.people),
    ...breakGlass(
      context,
      [...path, "people"],
      who.people,
      "people other than the break-glass accounts, whom no policy reaches",
    ),
    ...breakGlass(
      context,
      [...path, "except", "people"],
      who.except.people,
      "other people: every policy spares the break-glass accounts",
    ),
    ...unknownRoles(context, [...path, "roles"], who.roles),
  ];
}

function nobody(path: readonly PropertyKey[], who: Who): Finding[] {
  const named = who.teams.length + who.people.length + Object.keys(who.roles).length;
  if (named > 0 || who.guests || who.everybody) return [];
  const allowed = "at least one of teams, people, roles, guests, everybody";
  return [{ path, found: "nobody", allowed, fix: "Say whom the policy is about, for example teams: [analysts]" }];
}

function unknownTeams(
  { settings, sound }: CheckContext,
  path: readonly PropertyKey[],
  teams: readonly string[],
): Finding[] {
  const known = Object.keys(settings.teams);
  if (!sound("teams")) return [];
  return teams.flatMap((team, index) => {
    if (known.includes(team)) return [];
    const fix = suggestion(team, known, "Add the team under teams, or remove it here.");
    return [{ path: [...path, index], found: shown(team), allowed: `the teams ${listed(known)}`, fix }];
  });
}

function breakGlass(
  { settings }: CheckContext,
  path: readonly PropertyKey[],
  entries: readonly string[],
  allowed: string,
): Finding[] {
  const name = (entry: string) => userPrincipalName(settings, entry).toLowerCase();
  const emergency = new Set(settings.conditionalAccess.breakGlass.map(name));
  return entries.flatMap((entry, index) =>
    emergency.has(name(entry))
      ? [{ path: [...path, index], found: `${shown(entry)}, a break-glass account`, allowed, fix: "Remove it here." }]
      : [],
  );
}

function unknownRoles(
  { settings, contracts, sound }: CheckContext,
  path: readonly PropertyKey[],
  roles: Who["roles"],
): Finding[] {
  if (!sound("tools")) return [];
  const tools = declaredTools(settings, contracts);
  const ids = tools.map(({ id }) => id);
  return Object.entries(roles).flatMap(([id, names]): Finding[] => {
    const declared = tools.find((tool) => tool.id === id);
    if (declared === undefined) {
      const fix = suggestion(id, ids, "Use a tool that this environment has.");
      return [{ path: [...path, id], found: `the tool ${shown(id)}`, allowed: `the tools ${listed(ids)}`, fix }];
    }
    const offered = declared.contract.roles(declared.tool).map(({ value }) => value);
    return names.flatMap((role, index): Finding[] => {
      const here = [...path, id, index];
      if (!offered.includes(role)) {
        const fix = suggestion(role, offered, "Use one of these roles.");
        return [{ path: here, found: `the role ${shown(role)}`, allowed: `the roles ${listed(offered)}`, fix }];
      }
      if ((declared.tool.access[role] ?? []).length > 0) return [];
      const fix = "Give the role to a team under access, or remove it here.";
      return [{ path: here, found: `the role ${role}, which no team holds`, allowed: "roles that teams hold", fix }];
    });
  });
}
