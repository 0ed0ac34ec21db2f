import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, expect, it } from "vitest";
import { deployedTools } from "../../cli/sign-in/deployed.ts";
import { type Running, TestSandbox } from "./harness.ts";
import { clusterObjects, directoryObjects, stateResources } from "./live.ts";
import { smallCompany } from "./small-company.ts";

/** When to kill: while the sandbox starts, while the preview runs, or once so many resources stand in the state. */
const moments = ["Toolchain (", "Opening the stack (", 1, 8, 15, 22, 30, 40, 55, 70] as const;
const sandbox = new TestSandbox();
// One tool has every kind of resource that can be interrupted; ten times the whole company would take an hour.
const folder = mkdtempSync(join(tmpdir(), "entrada-company-"));
const up = ["sandbox", "up", "--stack-file", smallCompany(folder, ["superset"])];
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await sandbox.dispose();
});

it("up, killed with SIGKILL at ten moments and run again, ends right: nothing twice, nothing lost", {
  timeout: 1_800_000,
}, async () => {
  await sandbox.ok(...up);
  const whole = await everything();
  const said: string[] = [];
  for (const [attempt, moment] of moments.entries()) {
    // Purge protection keeps a destroyed vault's name for days, as in Azure: only a reset gives an empty start.
    await sandbox.ok("sandbox", "reset");
    const run = sandbox.start(up);
    await reached(run, moment);
    // Every second time the engine itself outlives the command that started it.
    process.kill(attempt % 2 === 0 ? -run.pid : run.pid, "SIGKILL");
    expect((await run.finished).signal).toBe("SIGKILL");

    said.push(await sandbox.ok(...up));
    expect(await everything()).toEqual(whole);
    expect(await sandbox.ok(...up)).toMatch(/Nothing changed/);
  }
  // Some kill hit an operation that was under way, and the next run said what became of it.
  expect(said.join("\n")).toMatch(/taken into the state as|had not been created yet/);
});

/** Names of all that is there, in the emulator, the API server and the state; what was made twice stands here twice. */
async function everything() {
  return {
    directory: directoryObjects(sandbox),
    deployments: await clusterObjects(sandbox, "deployments"),
    state: stateResources(sandbox)
      .map(({ urn }) => urn)
      .sort(),
    tools: Object.keys(deployedTools(sandbox.layout, "sandbox")),
  };
}

async function reached(run: Running, moment: (typeof moments)[number]): Promise<void> {
  const there = () => (typeof moment === "string" ? run.output().includes(moment) : recorded() >= moment);
  while (!there()) {
    if (run.ended()) throw new Error(`up ended before ${moment} was reached:\n${run.output()}`);
    await delay(20);
  }
}

function recorded(): number {
  try {
    return stateResources(sandbox).length;
  } catch {
    // No state yet, or read in the middle of its writing.
    return 0;
  }
}
