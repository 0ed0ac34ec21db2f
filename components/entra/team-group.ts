import type { GroupArgs } from "@pulumi/azuread/group.js";
import type * as pulumi from "@pulumi/pulumi";

/** What one team is: exactly one of members and nested teams, a rule, or an existing group. */
export interface TeamDefinition {
  /** Name of the group. @default the team's key */
  readonly displayName?: string;
  readonly description?: string;
  /** Whether only owners and privileged administrators may change the members; fixed when the group is made. */
  readonly privileged: boolean;
  /** Who may change the members. Never nobody, unless the group exists. */
  readonly owners: readonly string[];
  readonly members: readonly string[];
  /** Keys of teams whose groups are members. They get none of the app roles: Entra gives those to direct members only. */
  readonly teams: readonly string[];
  /** Rule of a dynamic group. @example 'user.department -eq "Analytics"' */
  readonly rule?: string;
  /** Object id of a group that exists. */
  readonly existing?: string;
}

/** Everybody whom a team names, each once, in a stable order. */
export function peopleOf(teams: Readonly<Record<string, TeamDefinition>>): string[] {
  const named = Object.values(teams).flatMap((team) => [...team.owners, ...team.members]);
  return [...new Set(named)].sort();
}

/** The teams' keys with nested teams before those that hold them. Throws on a circle and on an unknown key. */
export function creationOrder(teams: Readonly<Record<string, TeamDefinition>>): string[] {
  const done = new Set<string>();
  const visit = (key: string, path: readonly string[]): void => {
    if (path.includes(key))
      throw new Error(`Teams hold each other: ${[...path, key].join(" → ")}. Take one of them out of \`teams\`.`);
    const team = teams[key];
    if (team === undefined) throw new Error(`Team "${path.at(-1)}" holds the team "${key}", which is not declared.`);
    for (const nested of team.teams) visit(nested, [...path, key]);
    done.add(key);
  };
  for (const key of Object.keys(teams)) visit(key, []);
  return [...done];
}

/** Inputs of a created or dynamic group. Throws when nobody would own it. */
export function groupArgs(
  key: string,
  team: TeamDefinition,
  owners: pulumi.Input<pulumi.Input<string>[]>,
  members: pulumi.Input<pulumi.Input<string>[]> | undefined,
): GroupArgs {
  if (team.owners.length === 0)
    throw new Error(`Team "${key}" has no owner: name at least one person in its \`owners\`.`);
  const dynamic =
    team.rule === undefined
      ? {}
      : { types: ["DynamicMembership"], dynamicMembership: { enabled: true, rule: team.rule } };
  return {
    displayName: team.displayName ?? key,
    description: team.description,
    securityEnabled: true,
    assignableToRole: team.privileged,
    preventDuplicateNames: true,
    owners,
    ...(members === undefined ? {} : { members }),
    ...dynamic,
  };
}
