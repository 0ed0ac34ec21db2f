import { contracts } from "../../components/tools/registry.ts";
import {
  compare,
  type GridEntry,
  type LockOut,
  lockOuts,
  type PlayedConditions,
  type Scene,
  type Settings,
  sceneOf,
  whatIfEverybody,
  whatIfIn,
} from "../../model/index.ts";
import { json, line, WrongUse } from "../output.ts";
import { loadSettings, projectRoot, stackFile } from "../project.ts";
import { comparisonJson, renderComparison } from "../what-if/comparison.ts";
import { askedConditions, type ConditionOptions } from "../what-if/conditions.ts";
import { everybodyJson, renderEverybody } from "../what-if/everybody.ts";
import { describeLockOuts } from "../what-if/lock-outs.ts";
import { renderOne } from "../what-if/one.ts";
import { NoSuchSide, readSide, type Side } from "../what-if/revision.ts";
import { chosen } from "../what-if/selection.ts";

export interface WhatIfOptions extends ConditionOptions {
  readonly as?: string;
  readonly tool?: string;
  readonly stack: string;
  /** A git revision or a stack file; `A..B` for both sides. */
  readonly compare?: string;
  readonly to?: string;
  readonly json?: boolean;
}

/**
 * Prints what Conditional Access says, from settings alone: nothing needs to run for it.
 * @param root the checkout whose revisions are compared
 * @throws WrongUse for options that cannot be meant
 */
export function whatIfCommand(options: WhatIfOptions, root = projectRoot): void {
  const { conditions, problems } = askedConditions(options);
  if (options.to !== undefined && options.compare === undefined)
    problems.push("--to says what to compare with, and needs --compare.");
  const grid = Object.keys(conditions).length === 0 ? undefined : [{ name: nameOf(conditions), conditions }];
  const shut =
    options.compare === undefined
      ? answer(options, conditions, grid, problems)
      : compareSides(options, options.compare, grid, problems, root);
  process.exitCode = shut.some(({ enforced }) => enforced) ? 1 : 0;
}

function answer(
  options: WhatIfOptions,
  conditions: PlayedConditions,
  grid: readonly GridEntry[] | undefined,
  problems: string[],
): LockOut[] {
  const settings = loadSettings(stackFile(options.stack), { lockOuts: true });
  const scene = sceneOf(settings, contracts);
  const { people, tools } = chosen([{ settings, scene }], options, problems);
  if (problems.length > 0) throw new WrongUse(problems, "what-if");
  const shut = lockOuts(settings, contracts);
  const [person, tool] = [people?.[0], tools?.[0]];
  const known = scene.people.some(({ id }) => id === person);
  if (known && person !== undefined && tool !== undefined) one(scene, options, { person, tool, conditions, grid }, shut);
  else everybody(settings, options, { people, tools, grid }, shut);
  return shut;
}
