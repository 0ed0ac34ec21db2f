import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { median } from "./median.ts";

const run = promisify(execFile);

/** What a measuring process says of itself in its last line. */
export interface Measure {
  readonly milliseconds: number;
  /** Peak memory of that process. */
  readonly mebibytes: number;
  readonly resources?: number;
  /** Parts of a start, in milliseconds. */
  readonly loading?: number;
  readonly running?: number;
}

/**
 * Runs a script of this folder in a process of its own; answers its last line.
 * @param environment variables beside this process's own
 */
export async function measure<M = Measure>(
  script: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<M> {
  const { stdout } = await run(process.execPath, ["--import", "tsx", join("tests", "bench", script), ...args], {
    maxBuffer: 64 * 1024 * 1024,
    env: { ...process.env, ...environment },
  });
  return JSON.parse(stdout.trim().split("\n").at(-1) ?? "") as M;
}

/**
 * Runs the sides in turns; answers each side's measures.
 * @param options.warm whether a first round does not count, since it only warms the disk cache. Default: true
 */
export async function inTurns<Side extends string, M>(
  rounds: number,
  sides: Readonly<Record<Side, () => Promise<M>>>,
  { warm = true } = {},
): Promise<Record<Side, M[]>> {
  const names = Object.keys(sides) as Side[];
  const measures = Object.fromEntries(names.map((name) => [name, [] as M[]])) as Record<Side, M[]>;
  if (warm) for (const name of names) await sides[name]();
  for (let round = 0; round < rounds; round++) {
    for (const name of names) measures[name].push(await sides[name]());
  }
  return measures;
}

/** The median of their times, in milliseconds. */
export function medianTime(measures: readonly { readonly milliseconds: number }[]): number {
  return median(measures.map(({ milliseconds }) => milliseconds));
}
