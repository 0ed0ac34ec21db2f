import { type AccessMatrix, accessMatrix } from "../access.ts";
import { type DeclaredTool, declaredTools } from "../declared-tools.ts";
import { type DirectoryPerson, directoryPeople, isEntryOf, knowsPeople } from "../directory.ts";
import { partnersOf } from "../partners.ts";
import type { Settings } from "../settings/schema.ts";
import { isDirectMember, membersAreUnknown } from "../teams.ts";
import type { ToolContract } from "../tool-contract.ts";

/** Who is meant by a group whose members the settings do not know. */
export type UnknownMembers =
  | { readonly kind: "existing"; readonly objectId: string }
  | { readonly kind: "rule"; readonly rule: string }
  | { readonly kind: "partner"; readonly partner: string; readonly group: string };

/** A role that a group of unknown people holds as a group. */
export interface GroupRole {
  /** Key of the team; of a partner's group its name. */
  readonly team: string;
  readonly members: UnknownMembers;
  readonly tool: string;
  readonly role: string;
  /** Whether the role can change other people's rights or the tool's own configuration. */
  readonly admin: boolean;
}

/** A team, as far as a comparison needs it. */
export interface TeamState {
  readonly key: string;
  readonly displayName: string;
  /** User principal names of the direct members that the settings know, in lower case. */
  readonly members: readonly string[];
  /** Whether only Entra knows the members. */
  readonly unknown: boolean;
  /** Names of whoever may change the members. */
  readonly owners: readonly string[];
  /** Whether the team holds an admin role: then its owners can make themselves administrators. */
  readonly admin: boolean;
  /** The same for two teams that mean the same people; undefined for a team of nobody. */
  readonly sameness?: string;
}

/** Everything about access in one environment's settings that a comparison looks at. */
export interface AccessState extends AccessMatrix {
  readonly teams: readonly TeamState[];
  readonly groups: readonly GroupRole[];
  /** Every `grantKey` of the settings. */
  readonly grants: ReadonlySet<string>;
  /** Whether the settings hold the directory's people, so that a new name is a new person. */
  readonly knowsPeople: boolean;
}

/** An environment that is not there: everything in the other one is gained or lost. */
export const NO_ACCESS: AccessState = {
  tools: [],
  people: [],
  teams: [],
  groups: [],
  grants: new Set(),
  knowsPeople: false,
};

/** The access that settings give, with the teams that give it. */
export function accessState(settings: Settings, contracts: readonly ToolContract[]): AccessState {
  const tools = declaredTools(settings, contracts);
  const people = directoryPeople(settings);
  const given = tools.flatMap((tool) => grantsOf(settings, tool));
  return {
    ...accessMatrix(settings, contracts),
    teams: Object.keys(settings.teams).map((key) => teamState(settings, key, people, given)),
    groups: tools.flatMap((tool) => [...unknownTeams(settings, tool), ...unknownPartnerGroups(settings, tool)]),
    grants: new Set(given.map(({ source, tool, role }) => grantKey(source, tool, role))),
    knowsPeople: knowsPeople(settings),
  };
}

/** @param source key of a team, or `partnerSource` */
export function grantKey(source: string, tool: string, role: string): string {
  return JSON.stringify([source, tool, role]);
}

/** A partner's group among the teams' keys, none of which has a colon. */
export function partnerSource(partner: string, group: string): string {
  return `${partner}:${group}`;
}

interface Grant {
  readonly source: string;
  readonly tool: string;
  readonly role: string;
  readonly admin: boolean;
}

function adminRoles({ contract, tool }: DeclaredTool): Set<string> {
  return new Set(
    contract
      .roles(tool)
      .filter(({ admin }) => admin)
      .map(({ value }) => value),
  );
}

function grantsOf(settings: Settings, declared: DeclaredTool): Grant[] {
  const admin = adminRoles(declared);
  const of = (access: Readonly<Record<string, readonly string[]>>, source: (name: string) => string) =>
    Object.entries(access).flatMap(([role, names]) =>
      names.map((name) => ({ source: source(name), tool: declared.id, role, admin: admin.has(role) })),
    );
  return [
    ...of(declared.tool.access, (team) => team),
    ...partnersOf(settings, declared.id).flatMap(({ key, access }) => of(access, (group) => partnerSource(key, group))),
  ];
}

function teamState(
  settings: Settings,
  key: string,
  people: readonly DirectoryPerson[],
  given: readonly Grant[],
): TeamState {
  const team = settings.teams[key];
  const members = people
    .filter((person) => isDirectMember(settings, key, person))
    .map(({ userPrincipalName }) => userPrincipalName.toLowerCase());
  const owners = (team?.owners ?? []).map(
    (entry) => people.find((one) => isEntryOf(settings, entry, one))?.id ?? entry,
  );
  const byName = members.length === 0 ? undefined : JSON.stringify(["members", ...members.toSorted()]);
  const sameness =
    team?.existing !== undefined
      ? JSON.stringify(["existing", team.existing.toLowerCase()])
      : team?.rule !== undefined
        ? JSON.stringify(["rule", team.rule])
        : byName;
  return {
    key,
    displayName: team?.displayName ?? key,
    members,
    unknown: membersAreUnknown(settings, key),
    owners,
    admin: given.some(({ source, admin }) => source === key && admin),
    ...(sameness === undefined ? {} : { sameness }),
  };
}

/** Teams whose members only Entra knows, nested ones too where the platform resolves nesting. */
function unknownTeams(settings: Settings, declared: DeclaredTool): GroupRole[] {
  const admin = adminRoles(declared);
  const nested = declared.contract.membership === "transitive";
  return Object.entries(declared.tool.access).flatMap(([role, teams]) => {
    const reached = new Set(nested ? teams.flatMap((team) => [...withNested(settings, team)]) : teams);
    return [...reached]
      .filter((team) => membersAreUnknown(settings, team))
      .map((team) => {
        const { existing, rule = "" } = settings.teams[team] ?? {};
        const members: UnknownMembers =
          existing === undefined ? { kind: "rule", rule } : { kind: "existing", objectId: existing };
        return { team, members, tool: declared.id, role, admin: admin.has(role) };
      });
  });
}

function withNested(settings: Settings, team: string, seen = new Set<string>()): Set<string> {
  if (seen.has(team)) return seen;
  seen.add(team);
  for (const inner of settings.teams[team]?.teams ?? []) withNested(settings, inner, seen);
  return seen;
}

/** Groups of partners whose people the settings do not name. */
function unknownPartnerGroups(settings: Settings, declared: DeclaredTool): GroupRole[] {
  const admin = adminRoles(declared);
  return partnersOf(settings, declared.id)
    .filter(({ key }) => Object.keys(settings.partners[key]?.people ?? {}).length === 0)
    .flatMap(({ key, access }) =>
      Object.entries(access).flatMap(([role, groups]) =>
        groups.map(
          (group): GroupRole => ({
            team: group,
            members: { kind: "partner", partner: key, group },
            tool: declared.id,
            role,
            admin: admin.has(role),
          }),
        ),
      ),
    );
}
