import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { readConfig, stackFile } from "../../cli/project.ts";
import { benchConditionalAccess } from "./conditional-access.ts";
import { median } from "./median.ts";

/**
 * `npm run bench`: how long the program takes from its start to its first registration, and a no-op `up`, as ratios to an
 * empty program and to a flat program with the same number of resources. Both sides of a ratio run in turns on this
 * machine, so its speed falls out; absolute numbers are printed for orientation only. Then the Conditional Access evaluator,
 * which `npm run bench -- conditional-access` measures alone.
 */
const run = promisify(execFile);
const config = JSON.stringify(readConfig(stackFile("sandbox")));
const startRounds = 9;
const upRounds = 5;

interface Measure {
  readonly milliseconds: number;
  readonly mebibytes: number;
  readonly resources?: number;
  /** Parts of a start, in milliseconds. */
  readonly loading?: number;
  readonly running?: number;
}

async function measure(script: string, ...args: string[]): Promise<Measure> {
  const { stdout } = await run(process.execPath, ["--import", "tsx", join("tests", "bench", script), ...args], {
    maxBuffer: 64 * 1024 * 1024,
    env: { ...process.env, PULUMI_CONFIG: config },
  });
  return JSON.parse(stdout.trim().split("\n").at(-1) ?? "") as Measure;
}

/** Runs both sides in turns, after one round that only warms the disk cache. */
async function inTurns(rounds: number, ours: () => Promise<Measure>, other: () => Promise<Measure>) {
  await ours();
  await other();
  const left: Measure[] = [];
  const right: Measure[] = [];
  for (let round = 0; round < rounds; round++) {
    left.push(await ours());
    right.push(await other());
  }
  return { ours: left, other: right };
}

function report(title: string, { ours, other }: { ours: Measure[]; other: Measure[] }, aim?: number): void {
  const time = (measures: Measure[]) => median(measures.map(({ milliseconds }) => milliseconds));
  const memory = (measures: Measure[]) => Math.max(...measures.map(({ mebibytes }) => mebibytes));
  const ratio = time(ours) / time(other);
  console.log(`${title}: ${ratio.toFixed(2)} times${aim === undefined ? "" : ` (aim: at most ${aim})`}`);
  console.log(`  ${Math.round(time(ours))} ms against ${Math.round(time(other))} ms (medians of ${ours.length})`);
  console.log(`  peak memory ${Math.round(memory(ours))} MiB against ${Math.round(memory(other))} MiB`);
}

async function benchStart(): Promise<void> {
  const start = (which: string) => () => measure("first-registration.ts", which);
  const started = await inTurns(startRounds, start("project"), start("empty"));
  report("Start to first registration, project / empty program", started, 1.15);
  const loading = median(started.ours.map(({ loading: part = 0 }) => part));
  const running = median(started.ours.map(({ running: part = 0 }) => part));
  console.log(`  of that: ${Math.round(loading)} ms to load the program, its model and the providers' libraries,`);
  console.log(`  ${Math.round(running)} ms to read the settings and build the resources before the first is sent`);
}

async function benchUp(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "entrada-bench-"));
  process.env.ENTRADA_SANDBOX = folder;
  try {
    console.log("\nBringing the sample company up in a sandbox of its own…");
    await measure("no-op.ts", "prepare");
    const up =
      (which: string, ...options: string[]) =>
      () =>
        measure("no-op.ts", which, ...options);
    const noOp = await inTurns(upRounds, up("project"), up("flat"));
    report(`No-op up of ${noOp.ours[0]?.resources} resources, project / flat program`, noOp, 1.25);
    report("No-op up with policies / without", await inTurns(3, up("project", "policies"), up("project")));
  } finally {
    await measure("no-op.ts", "dispose");
    rmSync(folder, { recursive: true, force: true });
  }
}

const sections: Readonly<Record<string, () => void | Promise<void>>> = {
  start: benchStart,
  up: benchUp,
  "conditional-access": benchConditionalAccess,
};
const asked = process.argv.slice(2);
const unknown = asked.filter((name) => sections[name] === undefined);
if (unknown.length > 0) {
  console.error(`There is no benchmark ${unknown.join(", ")}; there are ${Object.keys(sections).join(", ")}.`);
  process.exit(2);
}
for (const [name, section] of Object.entries(sections)) {
  if (asked.length === 0 || asked.includes(name)) await section();
}
