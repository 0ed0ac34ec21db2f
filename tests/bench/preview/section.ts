import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stackFile } from "../../../cli/project.ts";
import { type RuleTimes, TIMES_FILE } from "../../../policies/core/timing.ts";
import { inTurns, measure } from "../measure.ts";
import { grownStack, type Size } from "./grown.ts";
import type { Preview } from "./once.ts";
import { growthLines, HEAD, type Row, ruleLines, sizeLine } from "./table.ts";

const SCRIPT = join("preview", "once.ts");

/** What to measure, as the command line says it: numbers with commas between. */
export interface PreviewOptions {
  /** @default "5,20,80" */
  readonly tools?: string | undefined;
  /** @default "50,500,5000" */
  readonly people?: string | undefined;
  /** How often each side runs. @default "3" */
  readonly rounds?: string | undefined;
}

/**
 * Previews prod, grown to many tools and people, as new: with policies, without, and the same resources without components. Prints times, how
 * they grow, and at the largest size the time of each rule (docs/performance.md).
 */
export async function benchPreview({ tools = "5,20,80", people = "50,500,5000", rounds = "3" }: PreviewOptions) {
  const sizes = numbers(people).flatMap((some) => numbers(tools).map((many) => ({ tools: many, people: some })));
  const [times = 0] = numbers(rounds);
  const folder = mkdtempSync(join(tmpdir(), "entrada-bench-"));
  const environment = { ENTRADA_SANDBOX: join(folder, "sandbox") };
  console.log(
    "\nPreview of prod as new, by the real engine, program and policy pack. The sandbox stands in for Azure, and its",
  );
  console.log("providers for the official plugins: their time is in the elapsed times alone.");
  console.log(`Medians of ${times}, in turns.`);
  try {
    mkdirSync(environment.ENTRADA_SANDBOX);
    const rows: Row[] = [];
    for (const text of ["", ...HEAD]) console.log(text);
    for (const size of sizes) {
      const row = await measured(size, times, folder, environment);
      console.log(sizeLine(row));
      rows.push(row);
    }
    for (const text of ["", ...growthLines(rows), ""]) console.log(text);
    const largest = sizes.reduce((most, size) => (size.tools * size.people > most.tools * most.people ? size : most));
    console.log(`Policy time per rule, ${largest.tools} tools and ${largest.people} people:`);
    for (const text of ruleLines(await ruleTimes(largest, folder, environment))) console.log(text);
  } finally {
    await measure(SCRIPT, ["dispose"], environment);
    rmSync(folder, { recursive: true, force: true });
  }
}

type Environment = Readonly<Record<string, string>>;

/** The stack file of a size, and what the project registers under it. */
function filesOf({ tools, people }: Size, folder: string): [stackFile: string, recording: string] {
  const name = join(folder, `${tools}-${people}`);
  return [`${name}.yaml`, `${name}.json`];
}

async function measured(size: Size, rounds: number, folder: string, environment: Environment): Promise<Row> {
  const files = filesOf(size, folder);
  writeFileSync(files[0], grownStack(stackFile("prod"), size));
  // It starts the sandbox and warms the disk cache, too.
  await measure(SCRIPT, ["record", ...files], environment);
  const preview = (what: string) => () => measure<Preview>(SCRIPT, [what, ...files], environment);
  const sides = { flat: preview("flat"), ours: preview("ours"), policies: preview("policies") };
  return { size, ...(await inTurns(rounds, sides, { warm: false })) };
}

/** One more preview, in which the pack measures itself. */
async function ruleTimes(size: Size, folder: string, environment: Environment): Promise<RuleTimes> {
  const file = join(folder, "rules.json");
  await measure(SCRIPT, ["policies", ...filesOf(size, folder)], { ...environment, [TIMES_FILE]: file });
  return JSON.parse(readFileSync(file, "utf8")) as RuleTimes;
}

/** @throws for what is no list of positive whole numbers */
function numbers(text: string): number[] {
  const found = text.split(",").map(Number);
  if (found.every((number) => Number.isInteger(number) && number > 0)) return found;
  throw new Error(`"${text}" is no list of numbers such as 5,20,80.`);
}
