import { groupsBy } from "../conditional-access/blocks.ts";
import { joinedWords } from "../conditional-access/words.ts";
import type { AccessDifference, OwnerChange, RoleChange } from "./difference.ts";
import type { Reason } from "./reasons.ts";
import type { PeopleRow, ToolRoleName } from "./rows.ts";
import type { GroupRole, UnknownMembers } from "./state.ts";

/** How names from the settings are written into a sentence: as they are, or escaped for where the sentence goes. */
export type Naming = (name: string) => string;

/** What a difference amounts to. @example "1 person gains 6 roles, 5 of them admin roles; nobody loses any." */
export function accessHeadline({ gained, lost, groups }: AccessDifference): string {
  if ([...gained, ...lost, ...groups.gained, ...groups.lost].length === 0) return "Nobody gains or loses a role.";
  const parts = [
    counted(gained, groups.gained, "gains", "gain"),
    ...(gained.length + groups.gained.length > 0 && lost.length + groups.lost.length === 0
      ? ["nobody loses any"]
      : [counted(lost, groups.lost, "loses", "lose")]),
  ];
  return `${capital(parts.join("; "))}.`;
}

function counted(people: readonly RoleChange[], groups: readonly GroupRole[], one: string, many: string): string {
  const count = new Set(people.map(({ person }) => person)).size;
  const teams = new Set(groups.map(({ members }) => JSON.stringify(members))).size;
  const parts = [
    ...(count === 0 ? [] : [clause(plural(count, "person", "people"), count, people)]),
    ...(teams === 0 ? [] : [clause(`${plural(teams, "group", "groups")} of people not known here`, teams, groups)]),
  ];
  return parts.length === 0 ? `nobody ${one} a role` : parts.join(", ");

  function clause(who: string, holders: number, roles: readonly { readonly admin: boolean }[]): string {
    const admin = roles.filter((role) => role.admin).length;
    const verb = `${who} ${holders === 1 ? one : many}`;
    if (admin === roles.length) return `${verb} ${plural(admin, "admin role", "admin roles")}`;
    const of = admin === 0 ? "" : `, ${admin} of them ${admin === 1 ? "an admin role" : "admin roles"}`;
    return `${verb} ${plural(roles.length, "role", "roles")}${of}`;
  }
}

export function plural(count: number, one: string, many: string): string {
  return `${count.toLocaleString("en")} ${count === 1 ? one : many}`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** @example "superset Admin, airflow Admin" */
export function roleNames(roles: readonly ToolRoleName[], name: Naming = String): string {
  return roles.map(({ tool, role }) => `${name(tool)} ${name(role)}`).join(", ");
}

/** Everybody in a group whose members are not known. @example `everybody in Entra's group 3f0c… (sales; members not known here)` */
export function groupWords({ team, members }: Pick<GroupRole, "team" | "members">, name: Naming = String): string {
  return `everybody ${whoWords(members, name)} (${members.kind === "partner" ? "" : `${name(team)}; `}members not known here)`;
}

function whoWords(members: UnknownMembers, name: Naming): string {
  switch (members.kind) {
    case "existing":
      return `in Entra's group ${name(members.objectId)}`;
    case "rule":
      return `for whom ${name(members.rule)} holds`;
    case "partner":
      return `in the group ${name(members.group)} of the partner ${name(members.partner)}`;
  }
}

/** Why, in words. @example "joins analysts" */
export function becauseWords({ gained, admin, because, via }: PeopleRow, name: Naming = String): string {
  return groupsBy(because, ({ kind }) => kind)
    .map(([{ kind }, ...more]) => {
      const named = [because.find((one) => one.kind === kind), ...more].flatMap((one) => one?.team ?? []);
      const teams = joinedWords((named.length === 0 ? via : named).map(name), "and");
      return reasonWords(kind, gained, admin, teams);
    })
    .join("; ");
}

function reasonWords(kind: Reason["kind"], gained: boolean, admin: boolean, teams: string): string {
  switch (kind) {
    case "tool":
      return gained ? `the tool is new here, open to ${teams}` : "the tool is gone";
    case "person":
      return gained ? `is new, in ${teams}` : `is gone from the settings, was in ${teams}`;
    case "account":
      return gained ? `the account is enabled, in ${teams}` : "the account is disabled";
    case "role":
      return gained === admin ? "the role is an admin role now" : "the role is no admin role any more";
    case "team":
      return gained ? `the team ${teams} is new` : `the team ${teams} is gone`;
    case "grant":
      return gained ? `${teams} is given the role` : `${teams} is not given the role any more`;
    case "membership":
      return gained ? `joins ${teams}` : `leaves ${teams}`;
    case "unknown":
      return gained ? `${teams} has members by name now` : `only Entra knows now who is in ${teams}`;
    case "other":
      return gained ? `nothing else keeps a member of ${teams} out` : `something else keeps a member of ${teams} out`;
  }
}

/** As many names as a sentence bears; the rest are counted. */
const MOST_NAMES = 12;

/** @example "ana.lima, jon.berg and 4,998 more" */
export function listWords(names: readonly string[], name: Naming = String, most = MOST_NAMES): string {
  if (names.length <= most) return joinedWords(names.map(name), "and");
  return `${names.slice(0, most).map(name).join(", ")} and ${(names.length - most).toLocaleString("en")} more`;
}

/** What changes about teams, tools and people beside roles, each in a sentence. */
export function accessNotes(difference: AccessDifference, name: Naming = String): string[] {
  const { tools, teams, people, owners } = difference;
  const note = (what: string, names: readonly string[]) =>
    names.length === 0 ? [] : [`${what}: ${listWords(names, name)}.`];
  return [
    ...ownerNotes(notable(owners.gained, teams.added), "may now", name),
    ...ownerNotes(notable(owners.lost, teams.removed), "may no longer", name),
    ...tools.renamed.map(
      ({ from, to }) =>
        `The tool ${name(from)} goes and ${name(to)} comes with the same roles: to Entra it is a new registration.`,
    ),
    ...note("New tools", tools.added),
    ...note("Tools that go", tools.removed),
    ...teams.renamed.map(({ from, to }) =>
      from.key === to.key
        ? `The team ${name(to.key)} is called ${name(to.displayName)} in Entra, before ${name(from.displayName)}.`
        : `The team ${name(from.key)} is ${name(to.key)} now, with the same people: nobody's roles change by that.`,
    ),
    ...note("New teams", teams.added),
    ...note("Teams that go", teams.removed),
    ...note("People who are new in the settings", people.added),
    ...note("People who go from the settings", people.removed),
    ...note("Accounts that are enabled", people.enabled),
    ...note("Accounts that are disabled", people.disabled),
    ...viaNotes(difference, name),
  ];
}

/** That a team which comes or goes has owners is worth a word where they can make administrators. */
function notable(changes: readonly OwnerChange[], teams: readonly string[]): OwnerChange[] {
  return changes.filter(({ team, admin }) => admin || !teams.includes(team));
}

function ownerNotes(changes: readonly OwnerChange[], may: string, name: Naming): string[] {
  return groupsBy(changes, ({ team }) => team).map((same) => {
    const [{ team, admin }] = same;
    const who = listWords(
      same.map(({ person }) => person),
      name,
    );
    return `${who} ${may} change who is in ${name(team)}${admin ? ", which holds an admin role" : ""}.`;
  });
}

/** People who keep a role through other teams, where that is more than another name of the same team. */
function viaNotes({ via, teams }: AccessDifference, name: Naming): string[] {
  const renamed = new Map(teams.renamed.map(({ from, to }) => [from.key, to.key]));
  const moved = via.filter(({ before, after }) => {
    const then = before.map((team) => renamed.get(team) ?? team);
    return JSON.stringify(then.toSorted()) !== JSON.stringify(after.toSorted());
  });
  return groupsBy(moved, ({ tool, role, before, after }) => JSON.stringify([tool, role, before, after])).map((same) => {
    const [{ tool, role, before, after }] = same;
    const who = listWords(
      same.map(({ person }) => person),
      name,
    );
    const keep = same.length === 1 ? "keeps" : "keep";
    return `${who} ${keep} ${name(tool)} ${name(role)} through ${listWords(after, name)}, before through ${listWords(before, name)}.`;
  });
}
