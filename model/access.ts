import { toolUrl } from "./callbacks.ts";
import { type DeclaredTool, declaredTools } from "./declared-tools.ts";
import { type DirectoryPerson, directoryPeople, isEntryOf } from "./directory.ts";
import { partnersOf } from "./partners.ts";
import type { Settings } from "./settings/schema.ts";
import { isDirectMember, isOwner, membersAreUnknown, reachedThrough } from "./teams.ts";
import type { ToolContract, ToolRole } from "./tool-contract.ts";

/** A tool and the roles it offers. */
export interface AccessTool {
  readonly id: string;
  readonly url: string;
  readonly roles: readonly { readonly value: string; readonly displayName: string; readonly admin: boolean }[];
  /** What a reader has to know beyond roles, such as a second sign-in; absent where there is nothing. */
  readonly remarks?: readonly string[];
}

/** A person and what is open or closed to them. */
export interface AccessPerson {
  /** Key under `people`, or how the teams name the person. */
  readonly id: string;
  readonly displayName: string;
  readonly upn: string;
  readonly enabled: boolean;
  readonly guest: boolean;
  /** Key of the partner whose provider knows the person; absent for people of this company's directory. */
  readonly partner?: string;
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
  const tools = declaredTools(settings, contracts);
  const people = directoryPeople(settings);
  return {
    tools: tools.map(({ id, contract, tool }) => {
      const remarks = contract.remarks?.(tool) ?? [];
      const roles = contract.roles(tool).filter(heldByPeople).map(roleOf);
      return { id, url: toolUrl(tool), roles, ...(remarks.length === 0 ? {} : { remarks }) };
    }),
    people: [
      ...people.map((person) => companyPerson(settings, tools, person)),
      ...Object.keys(settings.partners).flatMap((partner) => partnerPeople(settings, tools, partner)),
    ],
  };
}

function companyPerson(settings: Settings, tools: readonly DeclaredTool[], person: DirectoryPerson): AccessPerson {
  const outcomes = tools.map((declared) => ({ id: declared.id, ...outcome(settings, declared, person) }));
  return {
    id: person.id,
    displayName: person.displayName,
    upn: person.userPrincipalName,
    enabled: person.accountEnabled,
    guest: person.userType === "Guest",
    access: outcomes.flatMap(({ id, held }) => held.map((entry) => ({ tool: id, ...entry }))),
    denied: outcomes.flatMap(({ id, reason }) => (reason === undefined ? [] : [{ tool: id, reason }])),
  };
}

/** A partner's people, as far as the settings know them; they reach the tools that name the partner and no other. */
function partnerPeople(settings: Settings, tools: readonly DeclaredTool[], key: string): AccessPerson[] {
  const partner = settings.partners[key];
  if (partner === undefined) return [];
  return Object.entries(partner.people).map(([person, { displayName, mail, enabled, groups }]) => {
    const outcomes = tools.map(({ id }) => {
      const access = partnersOf(settings, id).find((offer) => offer.key === key)?.access;
      const held = Object.entries(enabled ? (access ?? {}) : {})
        .map(([role, named]) => ({ role, via: named.filter((group) => groups.includes(group)) }))
        .filter(({ via }) => via.length > 0);
      return { id, held, closed: access === undefined ? `not open to ${partner.displayName}` : undefined };
    });
    const why = enabled ? `in no group of ${partner.displayName} that has a role` : "account is disabled";
    return {
      id: `${person}@${key}`,
      displayName,
      upn: mail,
      enabled,
      guest: false,
      partner: key,
      access: outcomes.flatMap(({ id, held }) => held.map((entry) => ({ tool: id, ...entry }))),
      denied: outcomes
        .filter(({ held }) => held.length === 0)
        .map(({ id, closed }) => ({ tool: id, reason: closed ?? why })),
    };
  });
}

function heldByPeople({ holders = ["User"] }: ToolRole): boolean {
  return holders.includes("User");
}

function roleOf({ value, displayName, admin }: ToolRole) {
  return { value, displayName, admin };
}

interface Outcome {
  readonly held: readonly { readonly role: string; readonly via: readonly string[] }[];
  readonly reason?: string;
}

function outcome(settings: Settings, declared: DeclaredTool, person: DirectoryPerson): Outcome {
  const { contract, tool } = declared;
  if (!person.accountEnabled) return { held: [], reason: "account is disabled" };
  if (settings.conditionalAccess.breakGlass.some((entry) => isEntryOf(settings, entry, person))) {
    return { held: [], reason: "break-glass account: holds no role in any tool" };
  }
  if (contract.guests === "refused" && person.userType === "Guest") {
    return { held: [], reason: `guest: ${contract.displayName} takes people of its own tenant only` };
  }
  const held = Object.entries(tool.access)
    .map(([role, teams]) => ({
      role,
      via: teams.filter((team) => isIn(settings, contract, team, person)),
    }))
    .filter(({ via }) => via.length > 0);
  if (held.length > 0) return { held };
  return { held, reason: reason(settings, declared, person) };
}

/** Membership as the platform counts it: app roles reach direct members only, some platforms resolve nesting. */
function isIn(settings: Settings, { membership }: ToolContract, team: string, person: DirectoryPerson): boolean {
  if (isDirectMember(settings, team, person)) return true;
  return membership === "transitive" && reachedThrough(settings, team, person) !== undefined;
}

/** The reason that most people have: nothing is wrong, nobody gave them a role. What else is to be known comes after these words. */
export function notAssigned({ displayName }: Pick<ToolContract, "displayName">): string {
  return `not in any team with a role in ${displayName}`;
}

/** Why a tool stays closed to somebody whose account is in order. */
function reason(settings: Settings, { contract, tool }: DeclaredTool, person: DirectoryPerson): string {
  const teams = [...new Set(Object.values(tool.access).flat())];
  for (const team of teams) {
    const chain = reachedThrough(settings, team, person);
    if (chain !== undefined) {
      return `member of ${chain.join(", which is nested in ")}: Entra assigns app roles to direct members only`;
    }
  }
  const unknown = teams.filter((team) => membersAreUnknown(settings, team));
  const none = notAssigned(contract);
  if (unknown.length > 0) return `${none} by name; only Entra knows who is in ${unknown.join(", ")}`;
  const owned = teams.filter((team) => isOwner(settings, team, person));
  return owned.length === 0 ? none : `${none} (owns ${owned.join(", ")}, but owning a team gives no role)`;
}
