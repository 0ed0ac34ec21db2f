import type { Settings } from "../settings/schema.ts";
import type { ToolContract } from "../tool-contract.ts";
import { conditionGrid, type GridEntry } from "./grid.ts";
import { signInConditions } from "./played.ts";
import type { ConditionalAccessPolicy } from "./policy.ts";
import { guiltyPolicies, type Reach, reach, touches } from "./reach.ts";
import { type Scene, type ScenePerson, type SceneTool, sceneOf } from "./scene.ts";
import { joinedWords } from "./words.ts";

/** Who is shut out. */
export type LockOutKind = "admin-role" | "deployer" | "deploying-application" | "break-glass";

/** Somebody whom no condition lets in, though the environment cannot do without them. */
export interface LockOut {
  readonly kind: LockOutKind;
  /** Whom and from what. @example "superset/Admin", "ana.lima" */
  readonly subject: string;
  /** False for what only happens once report-only policies are enforced: a warning, not an error. */
  readonly enforced: boolean;
  /** Display names of the policies that do it. */
  readonly policies: readonly string[];
  /** A sentence that names subject and policies. */
  readonly message: string;
  /** What to change, in sentences. */
  readonly fix: string;
}

/** What a deployment reaches, by client id (the same in every tenant). */
const DEPLOYMENT_TARGETS: readonly { readonly id: string; readonly name: string }[] = [
  { id: "797f4846-ba00-4fd7-ba43-dac1f8f63013", name: "Azure Resource Manager" },
  { id: "00000003-0000-0000-c000-000000000000", name: "Microsoft Graph" },
];

/** Object id that stands for the application that deploys: settings do not know it, and no policy names it by accident. */
const DEPLOYING_APPLICATION = "deploying-application";

/** Whom a lock-out check asks about beside the holders of admin roles. */
export interface LockOutSubjects {
  readonly deployers: readonly ScenePerson[];
  readonly breakGlass: readonly ScenePerson[];
  /** Object id of the service principal that deploys. Default: one that policies reach through `ServicePrincipalsInMyTenant` alone. */
  readonly deployingApplication?: string;
}

/**
 * Lock-outs that the settings' policies cause: an admin role that no holder reaches under any condition of the grid, a deployer
 * who reaches Azure Resource Manager or Microsoft Graph under none, an application that deploys and is blocked everywhere, a
 * break-glass account that a policy touches. Enforced ones come first, then what report-only policies would do.
 */
export function lockOuts(settings: Settings, contracts: readonly ToolContract[]): LockOut[] {
  const scene = sceneOf(settings, contracts);
  if (scene.declared.length === 0) return [];
  return lockOutsIn(scene, conditionGrid(settings), scene);
}

/** The same for a scene, and other people than its own. */
export function lockOutsIn(scene: Scene, grid: readonly GridEntry[], subjects: LockOutSubjects): LockOut[] {
  const errors = found(scene, grid, subjects).map((one) => ({ ...one, enforced: true }));
  if (scene.asIfEnforced === undefined) return errors;
  const later = found({ ...scene, ...scene.asIfEnforced }, grid, subjects);
  const known = new Set(errors.map(({ kind, subject }) => `${kind} ${subject}`));
  const warnings = later
    .filter(({ kind, subject }) => !known.has(`${kind} ${subject}`))
    .map((one) => ({ ...one, enforced: false }));
  return [...errors, ...warnings];
}

type Found = Omit<LockOut, "enforced">;

function found(scene: Scene, grid: readonly GridEntry[], subjects: LockOutSubjects): Found[] {
  return [
    ...scene.tools.flatMap((tool) => shutRoles(scene, grid, tool)),
    ...subjects.deployers.flatMap((person) => shutDeployer(scene, grid, person)),
    ...shutApplication(scene, grid, subjects.deployingApplication ?? DEPLOYING_APPLICATION),
    ...subjects.breakGlass.flatMap((person) => touchedBreakGlass(scene, person)),
  ];
}

function shutRoles(scene: Scene, grid: readonly GridEntry[], tool: SceneTool): Found[] {
  return tool.adminRoles.flatMap(({ value, unknownHolders }): Found[] => {
    const known = scene.people.filter(({ enabled, roles }) => enabled && roles.get(tool.id)?.includes(value) === true);
    const holders = [...known, ...unknownHolders];
    const reached = holders.map((holder) => reach(scene, holder, tool.target, grid));
    // A role that nobody holds is not shut by a policy.
    if (holders.length === 0 || reached.some(({ open }) => open)) return [];
    const policies = guiltyPolicies(scene, holders, tool.target, grid, reached);
    const who = joinedWords(
      holders.map(({ id }) => id),
      "and",
    );
    return [
      {
        kind: "admin-role",
        subject: `${tool.id}/${value}`,
        policies,
        message: `Nobody can reach ${tool.displayName} as ${value} under any condition: ${quoted(policies)} ${verb(policies)} ${who} out wherever no other policy does.`,
        fix: `${methodFix(reached)}Or let the policy leave a way for one of them, or set its state to report-only.`,
      },
    ];
  });
}

function shutDeployer(scene: Scene, grid: readonly GridEntry[], person: ScenePerson): Found[] {
  const shut = DEPLOYMENT_TARGETS.map((target) => ({
    ...target,
    reached: reach(scene, person, target.id, grid),
  })).filter(({ reached }) => !reached.open);
  if (shut.length === 0) return [];
  const reached = shut.map((one) => one.reached);
  const policies = [...new Set(shut.flatMap((one) => guiltyPolicies(scene, [person], one.id, grid, [one.reached])))];
  const targets = joinedWords(
    shut.map(({ name }) => name),
    "and",
  );
  return [
    {
      kind: "deployer",
      subject: person.id,
      policies,
      message: `${person.id} deploys, and cannot reach ${targets} under any condition: ${quoted(policies)} ${verb(policies)} ${person.id} out wherever no other policy does.`,
      fix: `${methodFix(reached)}Or take ${person.id} or these applications out of the policy, or set its state to report-only.`,
    },
  ];
}

/** Policies about workloads can only block, by place or risk; one that blocks at every place stops deployments. */
function shutApplication({ evaluator, home }: Scene, grid: readonly GridEntry[], id: string): Found[] {
  const blockers = grid.map(({ conditions }) =>
    DEPLOYMENT_TARGETS.flatMap((target) => {
      const { enforced } = evaluator.evaluate({
        identity: { kind: "workload", id, ownedByTenant: true },
        target: { kind: "applications", clientIds: [target.id] },
        conditions: { ...signInConditions(conditions, home), servicePrincipalRiskLevel: "none" },
      });
      return enforced.blockedBy.map(({ displayName }) => displayName);
    }),
  );
  if (blockers.some((names) => names.length === 0)) return [];
  const names = common(blockers);
  return [
    {
      kind: "deploying-application",
      subject: id,
      policies: names,
      message: `The application that deploys is blocked at every place: ${quoted(names)}.`,
      fix: "Exclude its service principal from the policy, or let the policy leave out the addresses that it deploys from.",
    },
  ];
}

function touchedBreakGlass({ declared }: Scene, { id, identity }: ScenePerson): Found[] {
  const touching = declared
    .map(({ policy }) => policy)
    .filter((policy) => inForce(policy) && touches(policy, identity));
  if (touching.length === 0) return [];
  const names = touching.map(({ displayName }) => displayName);
  return [
    {
      kind: "break-glass",
      subject: id,
      policies: names,
      message: `The break-glass account ${id} is touched by ${quoted(names)}.`,
      fix: "Exclude the group of the break-glass accounts from the policy.",
    },
  ];
}

function inForce({ state }: ConditionalAccessPolicy): boolean {
  return state === "enabled";
}

function verb(policies: readonly string[]): string {
  return policies.length === 1 ? "keeps" : "keep";
}

/** The names that stand in every list; where there are none, all. */
function common(lists: readonly (readonly string[])[]): string[] {
  const all = [...new Set(lists.flat())];
  const everywhere = all.filter((name) => lists.every((list) => list.includes(name)));
  return everywhere.length > 0 ? everywhere : all;
}

function quoted(names: readonly string[]): string {
  return joinedWords(
    names.map((name) => `"${name}"`),
    "and",
  );
}

/** Where only a method is missing, registering one is the first thing to do. */
function methodFix(reached: readonly Reach[]): string {
  const missing = [...new Set(reached.flatMap(({ wanted }) => wanted))];
  return missing.length === 0
    ? "Let the policy leave out a person, a device or a place that they have. "
    : `Give one of them a method that the policy takes: ${joinedWords(missing, "or")}. `;
}
