import { type AccessPerson, accessMatrix } from "../access.ts";
import { type DeclaredTool, declaredTools } from "../declared-tools.ts";
import { type DirectoryPerson, directoryPeople, isEntryOf } from "../directory.ts";
import type { Settings } from "../settings/schema.ts";
import { membersAreUnknown } from "../teams.ts";
import type { ToolContract } from "../tool-contract.ts";
import { declaredConditionalAccess } from "./declare.ts";
import { type DeclaredPolicy, reference } from "./declared.ts";
import { type Evaluator, preparePolicies } from "./evaluate.ts";
import { METHOD_NAMES, type MethodName } from "./methods.ts";
import { homeOf, personIdentity, registeredMethods } from "./people.ts";
import type { Home } from "./played.ts";
import type { ConditionalAccessPolicy, NamedLocation, PolicyState } from "./policy.ts";
import type { PersonIdentity } from "./sign-in.ts";
import { conditionalAccessTarget } from "./targets.ts";

/** A person of this company's directory, as questions about sign-ins need them. */
export interface ScenePerson {
  /** Key under `people`, or how the teams name the person. */
  readonly id: string;
  readonly displayName: string;
  readonly enabled: boolean;
  readonly guest: boolean;
  readonly identity: PersonIdentity;
  /** Every method where the settings hold no people: which ones somebody has registered stands in the tenant alone. */
  readonly registered: readonly MethodName[];
  /** Tool id → roles that the person holds there; no entry for a tool that is closed. */
  readonly roles: ReadonlyMap<string, readonly string[]>;
}

/** A role that can change other people's rights, and that people can hold. */
export interface AdminRole {
  readonly value: string;
  /** For each team that holds it and whose members only Entra knows: somebody of whom no more is known. */
  readonly unknownHolders: readonly ScenePerson[];
}

export interface SceneTool {
  readonly id: string;
  readonly displayName: string;
  /** What policies name the tool by. */
  readonly target: string;
  readonly adminRoles: readonly AdminRole[];
}

/** An environment's policies, ready to be asked. */
export interface Rules {
  readonly declared: readonly DeclaredPolicy[];
  readonly locations: readonly NamedLocation[];
  readonly evaluator: Evaluator;
  /** The same with every report-only policy in force; undefined where there is none. */
  readonly asIfEnforced?: Rules;
}

/** Somebody whom Conditional Access does not reach, because another company's provider signs them in. */
export interface PartnerPerson {
  /** `<person>@<partner>`. */
  readonly id: string;
  readonly displayName: string;
  readonly partner: string;
  /** Tools that are open to the person. */
  readonly tools: readonly string[];
}

/** Everything that settings say about sign-ins, worked out once for many questions. */
export interface Scene extends Rules {
  readonly people: readonly ScenePerson[];
  readonly partnerPeople: readonly PartnerPerson[];
  readonly tools: readonly SceneTool[];
  /** Team key → ids of the people in it, at any depth. */
  readonly teams: ReadonlyMap<string, readonly string[]>;
  readonly home: Home;
  /** Who deploys by hand. */
  readonly deployers: readonly ScenePerson[];
  readonly breakGlass: readonly ScenePerson[];
}

export function isReportOnly({ state }: ConditionalAccessPolicy): boolean {
  return state === "enabledForReportingButNotEnforced";
}

/** Makes policies ready; references in them stand for what the stack makes. */
export function rulesOf(declared: readonly DeclaredPolicy[], locations: readonly NamedLocation[]): Rules {
  const policies = declared.map(({ policy }) => policy);
  const rules = { declared, locations, evaluator: preparePolicies(policies, locations) };
  if (!policies.some(isReportOnly)) return rules;
  const enforced = declared.map((one) => ({ ...one, policy: { ...one.policy, state: inForce(one.policy.state) } }));
  return { ...rules, asIfEnforced: rulesOf(enforced, locations) };
}

function inForce(state: PolicyState): PolicyState {
  return state === "disabled" ? state : "enabled";
}

/** The scene of an environment's settings. */
export function sceneOf(settings: Settings, contracts: readonly ToolContract[]): Scene {
  const { policies, locations: places } = declaredConditionalAccess(settings, contracts);
  const matrix = new Map(accessMatrix(settings, contracts).people.map((person) => [person.id, person]));
  const directory = directoryPeople(settings);
  const named = (entry: string) => directory.find((person) => isEntryOf(settings, entry, person));
  const scenePerson = (person: DirectoryPerson): ScenePerson => ({
    id: person.id,
    displayName: person.displayName,
    enabled: person.accountEnabled,
    guest: person.userType === "Guest",
    identity: personIdentity(settings, person),
    registered: registeredMethods(settings, person),
    roles: rolesOf(matrix.get(person.id)),
  });
  const people = directory.map(scenePerson);
  const { deployers, breakGlass } = settings.conditionalAccess;
  const chosen = (entries: readonly string[]) =>
    entries.map((entry) => {
      const person = named(entry);
      return people.find(({ id }) => id === person?.id) ?? stranger(entry, []);
    });
  return {
    ...rulesOf(
      policies,
      places.map(({ location }) => location),
    ),
    people,
    partnerPeople: [...matrix.values()].flatMap((person) => partnerPerson(settings, person)),
    tools: declaredTools(settings, contracts).map((declared) => sceneTool(settings, declared)),
    teams: new Map(
      Object.keys(settings.teams).map((team) => [
        team,
        people.filter(({ identity }) => identity.groups.has(reference("team", team))).map(({ id }) => id),
      ]),
    ),
    home: homeOf(settings),
    deployers: chosen(deployers),
    breakGlass: chosen(breakGlass),
  };
}

function rolesOf(person: AccessPerson | undefined): Map<string, string[]> {
  const roles = new Map<string, string[]>();
  for (const { tool, role } of person?.access ?? []) roles.set(tool, [...(roles.get(tool) ?? []), role]);
  return roles;
}

function partnerPerson({ partners }: Settings, person: AccessPerson): PartnerPerson[] {
  const { id, displayName, partner } = person;
  if (partner === undefined) return [];
  const name = partners[partner]?.displayName ?? partner;
  return [{ id, displayName, partner: name, tools: [...rolesOf(person).keys()] }];
}

function sceneTool(settings: Settings, declared: DeclaredTool): SceneTool {
  const { id, contract, tool } = declared;
  const held = contract.roles(tool).filter(({ admin, holders = ["User"] }) => admin && holders.includes("User"));
  return {
    id,
    displayName: contract.displayName,
    target: conditionalAccessTarget(declared),
    adminRoles: held.map(({ value }) => ({
      value,
      unknownHolders: (tool.access[value] ?? [])
        .filter((team) => membersAreUnknown(settings, team))
        .map((team) => stranger(`the members of ${team}`, around(settings, team))),
    })),
  };
}

/** Somebody of whom the settings know the teams at most. */
function stranger(id: string, teams: readonly string[]): ScenePerson {
  return {
    id,
    displayName: id,
    enabled: true,
    guest: false,
    identity: {
      kind: "person",
      id: reference("person", id),
      groups: new Set(teams.map((team) => reference("team", team))),
      roles: new Set(),
    },
    registered: METHOD_NAMES,
    roles: new Map(),
  };
}

/** A team and all that contain it, at any depth. */
function around({ teams }: Settings, key: string): string[] {
  const found = [key];
  for (const inner of found) {
    const outer = Object.keys(teams).filter((team) => teams[team]?.teams.includes(inner) && !found.includes(team));
    found.push(...outer);
  }
  return found;
}
