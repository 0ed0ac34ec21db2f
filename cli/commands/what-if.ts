import { contracts } from "../../components/tools/registry.ts";
import {
  compare,
  conditionGrid,
  type GridEntry,
  type LockOut,
  lockOuts,
  type PlayedConditions,
  type Settings,
  sceneOf,
  whatIfEverybody,
  whatIfIn,
} from "../../model/index.ts";
import { json, line, terminal, WrongUse } from "../output.ts";
import { loadSettings, projectRoot, stackFile } from "../project.ts";
import { comparisonJson, renderComparison } from "../what-if/comparison.ts";
import { askedConditions, type ConditionOptions } from "../what-if/conditions.ts";
import { everybodyJson, renderEverybody } from "../what-if/everybody.ts";
import { describeLockOuts } from "../what-if/lock-outs.ts";
import { renderOne } from "../what-if/one.ts";
import { NoSuchSide, readSide, type Side, sidesOf } from "../what-if/revision.ts";
import { type Chosen, chosen } from "../what-if/selection.ts";

export interface WhatIfOptions extends ConditionOptions {
  readonly as?: string;
  readonly tool?: string;
  readonly stack: string;
  /** A git revision or a stack file; `A..B` for both sides. */
  readonly compare?: string;
  readonly to?: string;
  readonly json?: boolean;
}

/** What is asked about. */
interface Asked extends Chosen {
  readonly conditions: PlayedConditions;
  /** Undefined where no condition was given: then the whole grid is asked about. */
  readonly grid?: readonly GridEntry[];
}

/**
 * Prints what Conditional Access says, from settings alone: nothing needs to run for it. The exit code is 1 where the settings
 * lock somebody out whom the environment needs.
 * @param root the checkout whose files and revisions are compared
 * @throws WrongUse for options that cannot be meant
 */
export function whatIfCommand(options: WhatIfOptions, root = projectRoot): void {
  const { conditions, problems } = askedConditions(options);
  const grid = Object.keys(conditions).length === 0 ? undefined : [{ name: nameOf(conditions), conditions }];
  const sides = options.compare === undefined ? undefined : comparedSides(options, options.compare, root, problems);
  if (options.to !== undefined && options.compare === undefined)
    problems.push("--to says what to compare with, and needs --compare.");
  // Without both sides there is nothing to look people and tools up in.
  if (options.compare !== undefined && sides === undefined) throw new WrongUse(problems, "what-if");
  const settings = sides?.new.settings ?? loadSettings(stackFile(options.stack), { lockOuts: true });
  const known = [settings, ...(sides === undefined ? [] : [sides.old.settings])].map((of) => ({
    settings: of,
    scene: sceneOf(of, contracts),
  }));
  const asked: Asked = { ...chosen(known, options, problems), conditions, grid };
  if (problems.length > 0) throw new WrongUse(problems, "what-if");
  const shut = lockOuts(settings, contracts);
  if (sides === undefined) answer(settings, asked, shut, options.json);
  else printComparison(sides, asked, shut, options.json);
  process.exitCode = shut.some(({ enforced }) => enforced) ? 1 : 0;
}

/** One person and tool get the policies one by one; more get a table. */
function answer(settings: Settings, asked: Asked, shut: readonly LockOut[], asJson = false): void {
  const scene = sceneOf(settings, contracts);
  const person = scene.people.find(({ id }) => id === asked.people?.[0]);
  const tool = scene.tools.find(({ id }) => id === asked.tools?.[0]);
  const everybody = () => whatIfEverybody(settings, contracts, asked);
  if (person === undefined || tool === undefined) {
    if (asJson) json({ ...everybodyJson(scene, everybody()), lockOuts: shut });
    else print(renderEverybody(everybody(), terminal()), shut);
    return;
  }
  const one = whatIfIn(scene, { person: person.id, tool: tool.id, conditions: asked.conditions });
  if (asJson) {
    const [entry] = everybodyJson(scene, everybody()).people;
    const grid =
      asked.grid === undefined ? { answers: entry?.tools[0]?.answers, conditions: conditionGrid(settings) } : {};
    json({ ...one, ...grid, lockOuts: shut });
    return;
  }
  const conditions = asked.grid?.[0]?.name ?? "on an ordinary day at home";
  const text = renderOne({ person: person.id, tool: tool.displayName, conditions }, one, terminal());
  const table = asked.grid === undefined && one.assigned ? [renderEverybody(everybody(), terminal())] : [];
  print([text, ...table].join("\n\n"), shut);
}

function printComparison(sides: Sides, asked: Asked, shut: readonly LockOut[], asJson = false): void {
  const comparison = compare(sides.old.settings, sides.new.settings, contracts, asked);
  const names = { from: sides.old.name, to: sides.new.name };
  if (asJson) json({ ...names, ...comparisonJson(comparison), lockOuts: shut });
  else {
    line(`From ${names.from} to ${names.to}:`);
    print(renderComparison(comparison, sceneOf(sides.new.settings, contracts).teams, terminal()), shut);
  }
}

interface Sides {
  readonly old: Side;
  readonly new: Side;
}

/** Both settings of a comparison; undefined where one of them is not there, which is then among the problems. */
function comparedSides(options: WhatIfOptions, text: string, root: string, problems: string[]): Sides | undefined {
  const { from, to } = sidesOf(text, root);
  if (to !== undefined && options.to !== undefined)
    problems.push(`--compare ${text} names both sides; --to would be a third.`);
  const sides = [from, options.to ?? to ?? `stacks/Pulumi.${options.stack}.yaml`].flatMap((side) => {
    try {
      return [readSide(side, options.stack, root)];
    } catch (error) {
      if (!(error instanceof NoSuchSide)) throw error;
      problems.push(error.message);
      return [];
    }
  });
  const [older, newer] = sides;
  return older === undefined || newer === undefined ? undefined : { old: older, new: newer };
}

function nameOf(conditions: PlayedConditions): string {
  return Object.entries(conditions)
    .map(([name, value]) => `${name}=${value}`)
    .join(", ");
}

function print(text: string, shut: readonly LockOut[]): void {
  line(text);
  for (const words of describeLockOuts(shut)) line(words);
}
