import type { Settings } from "../settings/schema.ts";
import type { ToolContract } from "../tool-contract.ts";
import { type Block, blocksOf, type Cell, groupsBy } from "./blocks.ts";
import type { Evaluation, Outcome, SessionDemands, Verdict } from "./evaluation.ts";
import { comparisonGrid, type GridEntry } from "./grid.ts";
import type { PlayedConditions } from "./played.ts";
import { type Scene, type ScenePerson, type SceneTool, sceneOf } from "./scene.ts";
import { type Answer, asked } from "./what-if.ts";

/**
 * What a change does to one sign-in. `newly-let-through` is both somebody who was blocked and is not any more, and somebody who
 * was asked for something and is not any more; `other-demands` is somebody who is asked for something else.
 */
export type ChangeKind = "newly-blocked" | "newly-challenged" | "newly-let-through" | "other-demands" | "other-session";

export const CHANGE_KINDS: readonly ChangeKind[] = [
  "newly-blocked",
  "newly-challenged",
  "newly-let-through",
  "other-demands",
  "other-session",
];

/** One side of a change. */
export interface ChangeSide {
  readonly outcome: Outcome;
  /** What is asked for, each thing once. */
  readonly demands: readonly string[];
  /** The AADSTS code of a block. */
  readonly code?: number;
  /** Where the session is all that changes. */
  readonly session?: SessionDemands;
}

/** One change that is the same for several people, tools and conditions. */
export interface Change extends Block {
  readonly kind: ChangeKind;
  readonly before: ChangeSide;
  readonly after: ChangeSide;
  /** Display names of the policies that make the difference: of the new settings, or of the old ones where they fell away. */
  readonly because: readonly string[];
}

/** Somebody's access to a tool that only one of the two settings has; such a sign-in has nothing to be compared with. */
export interface AccessChange {
  readonly person: string;
  readonly tool: string;
}

export interface Comparison {
  readonly grid: readonly GridEntry[];
  /** Person → tools that are open to them in both settings. */
  readonly compared: ReadonlyMap<string, readonly string[]>;
  /** What changes at once. */
  readonly enforced: readonly Change[];
  /** What would change on top once report-only policies are enforced. */
  readonly reportOnly: readonly Change[];
  /** `person tool` → conditions under which that sign-in is blocked. */
  readonly blocked: ReadonlyMap<string, Blocked>;
  readonly access: { readonly gained: readonly AccessChange[]; readonly lost: readonly AccessChange[] };
}

export interface Blocked {
  readonly before: ReadonlySet<string>;
  readonly after: ReadonlySet<string>;
}

/** What to compare; what is left out is everything. */
export interface ComparisonSelection {
  readonly people?: readonly string[];
  readonly tools?: readonly string[];
  readonly grid?: readonly GridEntry[];
}

type Found = Cell & Omit<Change, keyof Block>;

/** Who is newly blocked, newly challenged and newly let through when settings change, over people × tools × conditions. */
export function compare(
  before: Settings,
  after: Settings,
  contracts: readonly ToolContract[],
  { people, tools, grid = comparisonGrid(before, after) }: ComparisonSelection = {},
): Comparison {
  const chosen = ({ person, tool }: Entrance) =>
    (people?.includes(person.id) ?? true) && (tools?.includes(tool.id) ?? true);
  const old = entrances(sceneOf(before, contracts), chosen);
  const young = entrances(sceneOf(after, contracts), chosen);
  const enforced: Found[] = [];
  const reportOnly: Found[] = [];
  const blocked = new Map<string, Blocked>();
  const both = [...young].filter(([key]) => old.has(key));
  for (const [key, now] of both) {
    const shut = { before: new Set<string>(), after: new Set<string>() };
    for (const { name, conditions } of grid) {
      const cell = { person: now.person.id, tool: now.tool.id, condition: name };
      const one = old.get(key)?.ask(conditions);
      const other = now.ask(conditions);
      if (one === undefined) continue;
      const change = difference(cell, one, other);
      const later = change ?? difference(cell, ifEnforced(one), ifEnforced(other));
      if (change !== undefined) enforced.push(change);
      else if (later !== undefined) reportOnly.push(later);
      if (one.verdict.outcome === "block") shut.before.add(name);
      if (other.verdict.outcome === "block") shut.after.add(name);
    }
    blocked.set(key, shut);
  }
  const alone = (here: typeof old, there: typeof old) =>
    [...here].filter(([key]) => !there.has(key)).map(([, { person, tool }]) => ({ person: person.id, tool: tool.id }));
  return {
    grid,
    compared: new Map(
      groupsBy(
        both.map(([, entrance]) => entrance),
        ({ person }) => person.id,
      ).map((of) => [of[0].person.id, of.map(({ tool }) => tool.id)]),
    ),
    enforced: grouped(enforced),
    reportOnly: grouped(reportOnly),
    blocked,
    access: { gained: alone(young, old), lost: alone(old, young) },
  };
}

/** People whom a list of changes concerns, by kind. */
export function peopleByKind(changes: readonly Change[]): Readonly<Record<ChangeKind, readonly string[]>> {
  const of = (kind: ChangeKind) => [
    ...new Set(changes.filter((change) => change.kind === kind).flatMap(({ people }) => people)),
  ];
  return Object.fromEntries(CHANGE_KINDS.map((kind) => [kind, of(kind)])) as Record<ChangeKind, string[]>;
}

type Side = Answer & { readonly evaluation: Evaluation };

/** Somebody and a tool that is open to them. */
interface Entrance {
  readonly person: ScenePerson;
  readonly tool: SceneTool;
  ask(conditions: PlayedConditions): Side;
}

/** By `person tool`. */
function entrances(scene: Scene, chosen: (entrance: Entrance) => boolean): Map<string, Entrance> {
  const found = scene.people.flatMap((person) =>
    scene.tools
      .filter(({ id }) => person.roles.has(id))
      .map((tool): Entrance => {
        return { person, tool, ask: (conditions) => asked(scene, person, tool.target, conditions) };
      }),
  );
  return new Map(found.filter(chosen).map((entrance) => [entranceKey(entrance.person.id, entrance.tool.id), entrance]));
}

export function entranceKey(person: string, tool: string): string {
  return `${person} ${tool}`;
}

/** The side as it would be with report-only policies in force. */
function ifEnforced({ verdict, reportOnly, evaluation }: Side): Side {
  return { verdict: reportOnly ?? verdict, reportOnly: null, evaluation };
}

function difference(cell: Cell, { verdict: before, evaluation: old }: Side, other: Side): Found | undefined {
  const { verdict: after, evaluation } = other;
  const kind = kindOf(before, after);
  if (kind === undefined) return undefined;
  const because = kind === "other-session" ? sessionCauses(old, evaluation) : causes(kind, before, after);
  return { ...cell, kind, before: sideOf(kind, before), after: sideOf(kind, after), because };
}

/** Codes of challenges stay out: whoever has to register first would stand apart from whoever is only asked. */
function sideOf(kind: ChangeKind, { outcome, demands, code, session }: Verdict): ChangeSide {
  return {
    outcome,
    demands: [...new Set(demands)],
    ...(outcome === "block" && code !== undefined ? { code } : {}),
    ...(kind === "other-session" ? { session } : {}),
  };
}

function kindOf(before: Verdict, after: Verdict): ChangeKind | undefined {
  if (after.outcome === "block") return before.outcome === "block" ? undefined : "newly-blocked";
  if (before.outcome === "block" || (before.outcome === "challenge" && after.outcome === "allow"))
    return "newly-let-through";
  if (before.outcome === "allow" && after.outcome === "challenge") return "newly-challenged";
  if (demandsKey(before) !== demandsKey(after)) return "other-demands";
  return JSON.stringify(before.session) === JSON.stringify(after.session) ? undefined : "other-session";
}

/** Two policies that ask for the same ask once. */
function demandsKey({ demands }: Verdict): string {
  return [...new Set(demands)].sort().join("; ");
}

function causes(kind: ChangeKind, before: Verdict, after: Verdict): string[] {
  const added = after.because.filter((name) => !before.because.includes(name));
  const gone = before.because.filter((name) => !after.because.includes(name));
  if (kind === "newly-let-through") return orElse(gone, before.because);
  if (kind !== "other-demands") return orElse(added, after.because);
  return orElse([...added, ...gone], after.because);
}

function orElse(names: readonly string[], otherwise: readonly string[]): string[] {
  return [...new Set(names.length > 0 ? names : otherwise)];
}

/** Policies with session controls that apply on one side only, or with other controls. */
function sessionCauses(before: Evaluation, after: Evaluation): string[] {
  const controls = ({ results }: Evaluation) =>
    results
      .filter(({ policy, applies }) => applies && policy.sessionControls !== null)
      .map(({ policy }) => ({ name: policy.displayName, text: JSON.stringify(policy.sessionControls) }));
  const [one, other] = [controls(before), controls(after)];
  const alone = (list: typeof one, than: typeof one) =>
    list.filter(({ name, text }) => !than.some((known) => known.name === name && known.text === text));
  return [...new Set([...alone(other, one), ...alone(one, other)].map(({ name }) => name))];
}

/** What makes two changes the same, whoever they concern. */
export function changeKey({ kind, before, after, because }: Omit<Change, keyof Block>): string {
  return JSON.stringify([kind, before, after, because]);
}

/** Cells with the same change become one change; kinds in their order, then as the settings name people. */
function grouped(found: readonly Found[]): Change[] {
  const changes = groupsBy(found, changeKey).flatMap((cells) => {
    const [{ kind, before, after, because }] = cells;
    return blocksOf(cells).map((block) => ({ kind, ...block, before, after, because }));
  });
  return changes.toSorted((one, other) => CHANGE_KINDS.indexOf(one.kind) - CHANGE_KINDS.indexOf(other.kind));
}
