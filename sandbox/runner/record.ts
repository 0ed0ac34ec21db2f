import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { SandboxLayout } from "../layout.ts";
import { isRunning, type ProcessIdentity } from "../processes.ts";

/** What a running runner tells the commands; kept in run/runner.json, mode 0600. */
export interface RunnerRecord {
  readonly process: ProcessIdentity;
  readonly phase: "starting" | "ready" | "failed";
  /** Why the start failed, for people. */
  readonly failure?: string;
  /** Address and bearer token of the runner's own control endpoint. */
  readonly control: { readonly url: string; readonly token: string };
  /** Which code it runs, see supervisor/software.ts. */
  readonly software: string;
}

const file = (layout: SandboxLayout) => join(layout.run, "runner.json");

/** The record as it was last written, whether its process lives or not. */
export function readRunner(layout: SandboxLayout): RunnerRecord | undefined {
  try {
    return JSON.parse(readFileSync(file(layout), "utf8")) as RunnerRecord;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

export function writeRunner(layout: SandboxLayout, record: RunnerRecord): void {
  const next = `${file(layout)}.next`;
  writeFileSync(next, JSON.stringify(record, undefined, 2), { mode: 0o600 });
  renameSync(next, file(layout));
}

export function removeRunner(layout: SandboxLayout): void {
  rmSync(file(layout), { force: true });
}

/** The record of a runner that runs and is ready; undefined otherwise. */
export function runningRunner(layout: SandboxLayout): RunnerRecord | undefined {
  const record = readRunner(layout);
  return record?.phase === "ready" && isRunning(record.process) ? record : undefined;
}
