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
type Moment = "Toolchain (" | "Opening the stack (" | number;

/** What is killed: the whole process group at once, or the command alone, which the engine outlives. */
const kills = [
  { sandbox: new TestSandbox(), group: true, moments: ["Toolchain (", 1, 15, 30, 55] },
  { sandbox: new TestSandbox(), group: false, moments: ["Opening the stack (", 8, 22, 40, 70] },
] as const;

// One tool has every kind of resource that can be interrupted; ten times the whole company would take an hour.
const folder = mkdtempSync(join(tmpdir(), "entrada-company-"));
const up = ["sandbox", "up", "--stack-file", smallCompany(folder, ["superset"])];
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  for (const { sandbox } of kills) await sandbox.dispose();
});

it("up, killed with SIGKILL at ten moments and run again, ends right: nothing twice, nothing lost", {
  timeout: 1_800_000,
}, async () => {
  // Two sandboxes side by side: one leaves half of a small machine idle.
  const said = await Promise.all(kills.map(({ sandbox, group, moments }) => killed(sandbox, group, moments)));
  // Some kill hit an operation that was under way, and the next run said what became of it.
  expect(said.flat().join("\n")).toMatch(/taken into the state as|had not been created yet/);
});

/** Brings the company up, kills each further try at its moment, and runs it again; gives back what those runs said. */
async function killed(sandbox: TestSandbox, group: boolean, moments: readonly Moment[]): Promise<string[]> {
  await sandbox.ok(...up);
  const whole = await everything(sandbox);
  const said: string[] = [];
  for (const moment of moments) {
    // Purge protection keeps a destroyed vault's name for days, as in Azure: only a reset gives an empty start.
    await sandbox.ok("sandbox", "reset");
    const run = sandbox.start(up);
    await reached(sandbox, run, moment);
    process.kill(group ? -run.pid : run.pid, "SIGKILL");
    expect((await run.finished).signal).toBe("SIGKILL");

    said.push(await sandbox.ok(...up));
    expect(await everything(sandbox)).toEqual(whole);
    expect(await sandbox.ok(...up)).toMatch(/Nothing changed/);
  }
  return said;
}

/** Names of all that is there, in the emulator, the API server and the state; what was made twice stands here twice. */
async function everything(sandbox: TestSandbox) {
  return {
    directory: directoryObjects(sandbox),
    deployments: await clusterObjects(sandbox, "deployments"),
    state: stateResources(sandbox)
      .map(({ urn }) => urn)
      .sort(),
    tools: Object.keys(deployedTools(sandbox.layout, "sandbox")),
  };
}

async function reached(sandbox: TestSandbox, run: Running, moment: Moment): Promise<void> {
  const there = () => (typeof moment === "string" ? run.output().includes(moment) : recorded(sandbox) >= moment);
  while (!there()) {
    if (run.ended()) throw new Error(`up ended before ${moment} was reached:\n${run.output()}`);
    await delay(20);
  }
}

function recorded(sandbox: TestSandbox): number {
  try {
    return stateResources(sandbox).length;
  } catch {
    // No state yet, or read in the middle of its writing.
    return 0;
  }
}
