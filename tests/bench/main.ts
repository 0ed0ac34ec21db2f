import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { readConfig, stackFile } from "../../cli/project.ts";
import { benchConditionalAccess } from "./conditional-access.ts";
import { inTurns, type Measure, measure, medianTime } from "./measure.ts";
import { median } from "./median.ts";
import { benchPreview } from "./preview/section.ts";

/**
 * `npm run bench`: how long the program takes from its start to its first registration, and a no-op `up`, as ratios to an
 * empty program and to a flat program with the same number of resources. Both sides of a ratio run in turns on this
 * machine, so its speed falls out; absolute numbers are printed for orientation only. Then previews of prod, grown to many tools and people (docs/performance.md),
 * and the Conditional Access evaluator. `npm run bench -- conditional-access` measures one part alone.
 */
const config = JSON.stringify(readConfig(stackFile("sandbox")));
const startRounds = 9;
const upRounds = 5;

function report(title: string, { ours, other }: { ours: Measure[]; other: Measure[] }, aim?: number): void {
  const memory = (measures: Measure[]) => Math.max(...measures.map(({ mebibytes }) => mebibytes));
  const ratio = medianTime(ours) / medianTime(other);
  console.log(`${title}: ${ratio.toFixed(2)} times${aim === undefined ? "" : ` (aim: at most ${aim})`}`);
  console.log(
    `  ${Math.round(medianTime(ours))} ms against ${Math.round(medianTime(other))} ms (medians of ${ours.length})`,
  );
  console.log(`  peak memory ${Math.round(memory(ours))} MiB against ${Math.round(memory(other))} MiB`);
}

async function benchStart(): Promise<void> {
  const start = (which: string) => () => measure("first-registration.ts", [which], { PULUMI_CONFIG: config });
  const started = await inTurns(startRounds, { ours: start("project"), other: start("empty") });
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
    await measure("no-op.ts", ["prepare"]);
    const up =
      (...which: string[]) =>
      () =>
        measure("no-op.ts", which);
    const noOp = await inTurns(upRounds, { ours: up("project"), other: up("flat") });
    report(`No-op up of ${noOp.ours[0]?.resources} resources, project / flat program`, noOp, 1.25);
    report(
      "No-op up with policies / without",
      await inTurns(3, { ours: up("project", "policies"), other: up("project") }),
    );
  } finally {
    await measure("no-op.ts", ["dispose"]);
    rmSync(folder, { recursive: true, force: true });
  }
}

const { positionals: asked, values } = parseArgs({
  allowPositionals: true,
  options: { tools: { type: "string" }, people: { type: "string" }, rounds: { type: "string" } },
});
const sections: Readonly<Record<string, () => void | Promise<void>>> = {
  start: benchStart,
  up: benchUp,
  preview: () => benchPreview(values),
  "conditional-access": benchConditionalAccess,
};
const unknown = asked.filter((name) => sections[name] === undefined);
if (unknown.length > 0) {
  console.error(`There is no benchmark ${unknown.join(", ")}; there are ${Object.keys(sections).join(", ")}.`);
  process.exit(2);
}
for (const [name, section] of Object.entries(sections)) {
  if (asked.length === 0 || asked.includes(name)) await section();
}
