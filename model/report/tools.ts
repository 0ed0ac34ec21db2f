import type { AccessMatrix, AccessPerson } from "../access.ts";
import { toolUrl } from "../callbacks.ts";
import type { DeclaredTool } from "../declared-tools.ts";
import { partnersOf } from "../partners.ts";
import type { Settings } from "../settings/schema.ts";
import { membersAreUnknown } from "../teams.ts";
import type { CredentialKind, ToolRole } from "../tool-contract.ts";
import { groupedBy, roleKey } from "./people.ts";

/** A role of a tool, and who gets it. */
export interface ReportRole {
  readonly value: string;
  readonly displayName: string;
  /** What the role may do. */
  readonly description: string;
  readonly admin: boolean;
  readonly teams: readonly string[];
  /** Those among `teams` whose members only Entra knows. */
  readonly unknownTeams: readonly string[];
  /** Partners' groups that get it. */
  readonly partners: readonly { readonly partner: string; readonly groups: readonly string[] }[];
  /** People of whom it is known that they hold it. */
  readonly people: number;
}

/** One tool: its roles, and how people and the tool itself prove who they are. */
export interface ReportTool {
  readonly id: string;
  readonly displayName: string;
  readonly url: string;
  readonly version: string;
  /** Roles that people can hold, admin roles first. */
  readonly roles: readonly ReportRole[];
  /** Roles that programs hold, not people. */
  readonly programRoles: readonly Pick<ToolRole, "value" | "displayName" | "description">[];
  /** How codes are redeemed; empty where Entra is built into the platform. */
  readonly credentials: readonly CredentialKind[];
  /** Whether the identity-aware proxy stands in front. */
  readonly proxied: boolean;
  /** What a reader has to know beyond roles. */
  readonly remarks: readonly string[];
}

/** The tools in the order of the matrix. */
export function reportTools(settings: Settings, tools: readonly DeclaredTool[], matrix: AccessMatrix): ReportTool[] {
  const holders = holdersOf(matrix.people);
  return tools.map(({ id, contract, tool }) => {
    const roles = contract.roles(tool);
    const partners = partnersOf(settings, id);
    const forPeople = roles.filter(({ holders: kinds = ["User"] }) => kinds.includes("User"));
    return {
      id,
      displayName: contract.displayName,
      url: toolUrl(tool),
      version: tool.version,
      roles: forPeople
        .map(({ value, displayName, description, admin }) => {
          const teams = tool.access[value] ?? [];
          return {
            value,
            displayName,
            description,
            admin,
            teams,
            unknownTeams: teams.filter((team) => membersAreUnknown(settings, team)),
            partners: partners
              .map((partner) => ({ partner: partner.displayName, groups: partner.access[value] ?? [] }))
              .filter(({ groups }) => groups.length > 0),
            people: holders.get(roleKey(id, value)) ?? 0,
          };
        })
        .sort((one, other) => Number(other.admin) - Number(one.admin)),
      programRoles: roles
        .filter((role) => !forPeople.includes(role))
        .map(({ value, displayName, description }) => ({ value, displayName, description })),
      credentials: [...new Set(contract.callbacks(tool).map(({ credential }) => credential))],
      proxied: contract.proxied?.(tool) ?? false,
      remarks: contract.remarks?.(tool) ?? [],
    };
  });
}

/** How many people hold each role. */
function holdersOf(people: readonly AccessPerson[]): ReadonlyMap<string, number> {
  const held = people.flatMap(({ access }) => access.map(({ tool, role }) => roleKey(tool, role)));
  return new Map(groupedBy(held, (key) => key).map((same) => [same[0] ?? "", same.length]));
}
