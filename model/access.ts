import { toolUrl } from "./callbacks.ts";
import { type DirectoryPerson, directoryPeople, isEntryOf } from "./directory.ts";
import type { Settings } from "./settings/schema.ts";
import { directMembers, membersAreUnknown, reachedThrough } from "./teams.ts";
import type { ToolContract, ToolRole, ToolSettings } from "./tool-contract.ts";

/** A tool and the roles it offers. */
export interface AccessTool {
  readonly id: string;
  readonly url: string;
  readonly roles: readonly { readonly value: string; readonly displayName: string; readonly admin: boolean }[];
}

/** A person and what is open or closed to them. */
export interface AccessPerson {
  /** Key under `people`, or how the teams name the person. */
  readonly id: string;
  readonly displayName: string;
  readonly upn: string;
  readonly enabled: boolean;
  readonly guest: boolean;
  /** One entry per role held, with the teams that give it. */
  readonly access: readonly { readonly tool: string; readonly role: string; readonly via: readonly string[] }[];
  /** One entry per tool that is closed, with the reason in plain words. */
  readonly denied: readonly { readonly tool: string; readonly reason: string }[];
}

/** Who has which role in which tool. `entrada access --json` prints exactly this. */
export interface AccessMatrix {
  readonly tools: readonly AccessTool[];
  readonly people: readonly AccessPerson[];
}

/**
 * The access that the settings give: Entra's rules, so a role comes from direct membership of an assigned team only.
 * Everybody whom the settings know is listed, with each tool either in `access` or in `denied`.
 */
export function accessMatrix(settings: Settings, contracts: readonly ToolContract[]): AccessMatrix {
  const tools = contracts.flatMap((contract) => {
    const tool = settings.tools[contract.id];
    return tool === undefined ? [] : [{ contract, tool, roles: contract.roles(tool) }];
  });
  const people = directoryPeople(settings);
  return {
    tools: tools.map(({ contract, tool, roles }) => ({
      id: contract.id,
      url: toolUrl(tool),
      roles: roles.map(roleOf),
    })),
    people: people.map((person) => {
      const outcomes = tools.map(({ contract, tool }) => ({
        id: contract.id,
        ...outcome(settings, contract, tool, person, people),
      }));
      return {
        id: person.id,
        displayName: person.displayName,
        upn: person.userPrincipalName,
        enabled: person.accountEnabled,
        guest: person.userType === "Guest",
        access: outcomes.flatMap(({ id, held }) => held.map((entry) => ({ tool: id, ...entry }))),
        denied: outcomes.flatMap(({ id, reason }) => (reason === undefined ? [] : [{ tool: id, reason }])),
      };
    }),
  };
}

function roleOf({ value, displayName, admin }: ToolRole) {
  return { value, displayName, admin };
}

interface Outcome {
  readonly held: readonly { readonly role: string; readonly via: readonly string[] }[];
  readonly reason?: string;
}

function outcome(
  settings: Settings,
  contract: ToolContract,
  tool: ToolSettings,
  person: DirectoryPerson,
  people: readonly DirectoryPerson[],
): Outcome {
  if (!person.accountEnabled) return { held: [], reason: "account is disabled" };
  if (settings.conditionalAccess.breakGlass.some((entry) => isEntryOf(settings, entry, person))) {
    return { held: [], reason: "break-glass account: holds no role in any tool" };
  }
  const held = Object.entries(tool.access)
    .map(([role, teams]) => ({
      role,
      via: teams.filter((team) => directMembers(settings, team, people).includes(person)),
    }))
    .filter(({ via }) => via.length > 0);
  if (held.length > 0) return { held };
  return { held, reason: reason(settings, contract, tool, person, people) };
}

/** Why a tool stays closed to somebody whose account is in order. */
function reason(
  settings: Settings,
  contract: ToolContract,
  tool: ToolSettings,
  person: DirectoryPerson,
  people: readonly DirectoryPerson[],
): string {
  const teams = [...new Set(Object.values(tool.access).flat())];
  for (const team of teams) {
    const chain = reachedThrough(settings, team, person, people);
    if (chain !== undefined) {
      return `member of ${chain.join(", which is nested in ")}: Entra assigns app roles to direct members only`;
    }
  }
  const unknown = teams.filter((team) => membersAreUnknown(settings, team));
  const notAssigned = `not in any team with a role in ${contract.displayName}`;
  if (unknown.length > 0) return `${notAssigned} by name; only Entra knows who is in ${unknown.join(", ")}`;
  const owned = teams.filter((team) =>
    settings.teams[team]?.owners.some((entry) => isEntryOf(settings, entry, person)),
  );
  return owned.length === 0
    ? notAssigned
    : `${notAssigned} (owns ${owned.join(", ")}, but owning a team gives no role)`;
}
