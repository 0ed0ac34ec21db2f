import type { AccessPerson } from "../access.ts";
import type { DeclaredTool } from "../declared-tools.ts";
import { type DirectoryPerson, isEntryOf } from "../directory.ts";
import type { Settings } from "../settings/schema.ts";
import { isDirectMember, membersAreUnknown } from "../teams.ts";
import { adminRoles, byName, type ReportPerson, roleKey } from "./people.ts";

/** One team: who is in it, who decides that, and what it gives. */
export interface ReportTeam {
  readonly key: string;
  /** Name of the group in Entra. */
  readonly displayName: string;
  readonly description?: string;
  readonly privileged: boolean;
  /** Where the members come from: named in the settings, a rule that Entra evaluates, or a group that somebody else keeps. */
  readonly kind: "named" | "rule" | "existing";
  /** The rule, or the existing group's object id. */
  readonly source?: string;
  /** Who may change the members. Empty for an existing group, whose owners stand in Entra alone. */
  readonly owners: readonly Pick<ReportPerson, "id" | "displayName">[];
  /** Direct members; undefined where only Entra knows them. */
  readonly members?: readonly ReportPerson[];
  /** Teams nested in it. */
  readonly nested: readonly string[];
  readonly roles: readonly { readonly tool: string; readonly role: string; readonly admin: boolean }[];
}

/** The teams in the order of the settings, those with an admin role first. */
export function reportTeams(
  settings: Settings,
  tools: readonly DeclaredTool[],
  directory: readonly DirectoryPerson[],
  matrix: { readonly people: readonly AccessPerson[]; readonly tools: Parameters<typeof adminRoles>[0] },
): ReportTeam[] {
  const admin = adminRoles(matrix.tools);
  const people = new Map(matrix.people.map((person) => [person.id, person]));
  const rolesOf = (team: string) =>
    tools.flatMap(({ id, tool }) =>
      Object.entries(tool.access)
        .filter(([, teams]) => teams.includes(team))
        .map(([role]) => ({ tool: id, role, admin: admin.has(roleKey(id, role)) })),
    );
  const teams = Object.entries(settings.teams).map(([key, team]): ReportTeam => {
    const { displayName = key, description, privileged, rule, existing, owners } = team;
    const source = existing ?? rule;
    const kind = existing !== undefined ? "existing" : rule !== undefined ? "rule" : "named";
    const members = directory
      .filter((person) => isDirectMember(settings, key, person))
      .flatMap(({ id }) => people.get(id) ?? []);
    return {
      key,
      displayName,
      ...(description === undefined ? {} : { description }),
      privileged,
      kind,
      ...(source === undefined ? {} : { source }),
      owners: owners.map((entry) => ownerOf(settings, entry, directory)),
      ...(membersAreUnknown(settings, key) ? {} : { members: byName(members) }),
      nested: team.teams,
      roles: rolesOf(key),
    };
  });
  return teams.sort((one, other) => Number(givesAdmin(other)) - Number(givesAdmin(one)));
}

/** Whether a team gives the right to change other people's rights. */
export function givesAdmin({ roles }: Pick<ReportTeam, "roles">): boolean {
  return roles.some(({ admin }) => admin);
}

/** The same person by whatever name a setting calls them. */
function ownerOf(
  settings: Settings,
  entry: string,
  directory: readonly DirectoryPerson[],
): ReportTeam["owners"][number] {
  const { id, displayName } = directory.find((person) => isEntryOf(settings, entry, person)) ?? {
    id: entry,
    displayName: entry,
  };
  return { id, displayName };
}
