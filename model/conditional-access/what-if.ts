import type { Settings } from "../settings/schema.ts";
import type { ToolContract } from "../tool-contract.ts";
import type { AnalysisReason, Evaluation, Proofs, Verdict } from "./evaluation.ts";
import { conditionGrid, type GridEntry } from "./grid.ts";
import { type PlayedConditions, playedMethod, signInConditions } from "./played.ts";
import type { PolicyState } from "./policy.ts";
import { isReportOnly, type PartnerPerson, type Scene, type ScenePerson, type SceneTool, sceneOf } from "./scene.ts";
import type { SignInFacts } from "./sign-in.ts";
import { decide } from "./verdict.ts";

/** What came of one policy, as `what-if --json` prints it. */
export interface WhatIfPolicy {
  readonly displayName: string;
  readonly state: PolicyState;
  readonly applies: boolean;
  /** Graph's analysis reason; `notSet` for a policy that applies. */
  readonly reason: AnalysisReason;
}

/** What two sets of policies answer to one sign-in: those in force, and those together with the report-only ones. */
export interface Answer {
  /** By the enforced policies. */
  readonly verdict: Verdict;
  /** As it would be if report-only policies were enforced too; null where none of them applies. */
  readonly reportOnly: Verdict | null;
}

/** The answer for one person, tool and set of conditions. */
export interface WhatIf extends Answer {
  readonly policies: readonly WhatIfPolicy[];
  /** Whether the person holds a role in the tool; without one the sign-in ends before Conditional Access (AADSTS50105). */
  readonly assigned: boolean;
}

/** One sign-in to ask about. */
export interface Question {
  /** Key under `people`, or how the teams name the person. */
  readonly person: string;
  /** The tool's id. */
  readonly tool: string;
  /** What is not said is an ordinary day at home on an unmanaged device; without `mfa` only the password was shown. */
  readonly conditions: PlayedConditions;
}

/** Thrown for a person or tool that the settings do not have; the commands ask before. */
export class UnknownQuestion extends Error {}

/**
 * What Conditional Access, as the settings declare it, says to a sign-in. Nothing has to run for it.
 * @throws UnknownQuestion
 */
export function whatIf(settings: Settings, contracts: readonly ToolContract[], question: Question): WhatIf {
  return whatIfIn(sceneOf(settings, contracts), question);
}

/** The same in a scene that is there already. */
export function whatIfIn(scene: Scene, { person: personId, tool: toolId, conditions }: Question): WhatIf {
  const person = scene.people.find(({ id }) => id === personId);
  const tool = scene.tools.find(({ id }) => id === toolId);
  if (person === undefined) throw new UnknownQuestion(`There is nobody called "${personId}" in this directory.`);
  if (tool === undefined) throw new UnknownQuestion(`There is no tool "${toolId}".`);
  const { evaluation, ...answer } = asked(scene, person, tool.target, conditions);
  return {
    verdict: answer.verdict,
    policies: evaluation.results.map(({ policy: { displayName, state }, applies, reason }) => ({
      displayName,
      state,
      applies,
      reason,
    })),
    assigned: person.roles.has(tool.id),
    reportOnly: answer.reportOnly,
  };
}

/** The verdicts for one sign-in to the application that policies name by `target`. */
export function asked(
  { evaluator, asIfEnforced, home }: Scene,
  { identity, registered }: ScenePerson,
  target: string,
  played: PlayedConditions,
): Answer & { readonly evaluation: Evaluation } {
  const conditions = signInConditions(played, home);
  const facts: SignInFacts = { identity, target: { kind: "applications", clientIds: [target] }, conditions };
  const method = playedMethod(played) ?? "none";
  // A method that the person does not have proves nothing.
  const proofs: Proofs = { registered, method: method !== "none" && registered.includes(method) ? method : "none" };
  const verdict = (evaluation: Evaluation) => decide(evaluation, proofs, conditions.device);
  const evaluation = evaluator.evaluate(facts);
  const silent = evaluation.results.some(({ policy, applies }) => applies && isReportOnly(policy));
  return {
    evaluation,
    verdict: verdict(evaluation),
    reportOnly: silent && asIfEnforced !== undefined ? verdict(asIfEnforced.evaluator.evaluate(facts)) : null,
  };
}

/** One row of everybody's answers. */
export interface EverybodyRow extends Answer {
  readonly person: string;
  readonly tool: string;
  /** The grid entry's name. */
  readonly condition: string;
  readonly assigned: boolean;
}

/** Everybody's answers. */
export interface Everybody {
  readonly grid: readonly GridEntry[];
  readonly rows: readonly EverybodyRow[];
  /** Partners' people: their own company's provider signs them in, and so none of these policies. */
  readonly notReached: readonly PartnerPerson[];
  /** Team key → ids of its members, for naming people together. */
  readonly teams: ReadonlyMap<string, readonly string[]>;
}

/** What to ask of everybody; what is left out is everything. */
export interface Selection {
  readonly people?: readonly string[];
  readonly tools?: readonly string[];
  /** Default: `conditionGrid`. */
  readonly grid?: readonly GridEntry[];
}

/** People × tools × conditions, in the order of the settings. Disabled accounts and people without a role stand there as not assigned. */
export function whatIfEverybody(
  settings: Settings,
  contracts: readonly ToolContract[],
  { people, tools, grid = conditionGrid(settings) }: Selection = {},
): Everybody {
  const scene = sceneOf(settings, contracts);
  const chosen = scene.tools.filter(({ id }) => tools?.includes(id) ?? true);
  return {
    grid,
    rows: scene.people
      .filter(({ id }) => people?.includes(id) ?? true)
      .flatMap((person) => chosen.flatMap((tool) => rowsOf(scene, person, tool, grid))),
    notReached: scene.partnerPeople.filter(({ id }) => people?.includes(id) ?? true),
    teams: scene.teams,
  };
}

function rowsOf(scene: Scene, person: ScenePerson, tool: SceneTool, grid: readonly GridEntry[]): EverybodyRow[] {
  const assigned = person.roles.has(tool.id);
  return grid.map(({ name, conditions }) => {
    const { verdict, reportOnly } = asked(scene, person, tool.target, conditions);
    return { person: person.id, tool: tool.id, condition: name, assigned, verdict, reportOnly };
  });
}
