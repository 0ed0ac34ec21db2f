import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { EngineEvent } from "@pulumi/pulumi/automation/index.js";
import { policyFacts } from "../cli/policy-pack.ts";
import { loadSettings } from "../cli/project.ts";
import { stackPath } from "../cli/stack-files.ts";
import { policyConfig } from "../policies/config.ts";
import { ChangeCollector } from "../sandbox/engine/changes.ts";
import type { Job } from "./job.ts";

/** How one run of the engine ended. */
export interface EngineRun {
  readonly code: number;
  /** What it printed; JSON when it was asked for with `--json`. */
  readonly output: string;
  readonly collected: ChangeCollector;
  readonly seconds: number;
}

/**
 * Runs `pulumi` on an environment's stack under the policies, with the settings that the rules need to know.
 * @param folder for the policies' settings and the log of events: `--json` leaves what policies say out, events don't
 */
export async function runPulumi(
  job: Job,
  environment: string,
  folder: string,
  command: readonly string[],
  show = false,
): Promise<EngineRun> {
  mkdirSync(folder, { recursive: true });
  const config = join(folder, `${environment}.policies.json`);
  const events = join(folder, `${environment}.events.jsonl`);
  rmSync(events, { force: true });
  const settings = loadSettings(stackPath(job.root, environment));
  writeFileSync(config, JSON.stringify(policyConfig(policyFacts(settings))), { mode: 0o600 });
  const started = Date.now();
  const { code, output } = await job.run(
    "pulumi",
    [
      ...command,
      ...["--stack", environment, "--non-interactive", "--color", "never"],
      ...["--policy-pack", "policies", "--policy-pack-config", config, "--event-log", events],
    ],
    // The option --event-log is one of those that the CLI shows for debugging only; the Automation API uses it too.
    { show, env: { PULUMI_DEBUG_COMMANDS: "true", PULUMI_SKIP_UPDATE_CHECK: "true" } },
  );
  return { code, output, collected: readEvents(events), seconds: Math.round((Date.now() - started) / 1000) };
}

/** The log has one event a line; the last may be cut where a run was stopped. */
function readEvents(file: string): ChangeCollector {
  const collected = new ChangeCollector();
  if (!existsSync(file)) return collected;
  for (const line of readFileSync(file, "utf8").split("\n")) {
    const event = parsed(line);
    if (event !== undefined) collected.onEvent(event);
  }
  return collected;
}

function parsed(line: string): EngineEvent | undefined {
  try {
    return JSON.parse(line) as EngineEvent;
  } catch {
    return undefined;
  }
}
