import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { SandboxLayout } from "../layout.ts";
import { isRunning, type ProcessIdentity } from "../processes.ts";

/** A process that the supervisor started, so that `down` can end it even when the supervisor itself was killed. */
export interface ChildRecord extends ProcessIdentity {
  readonly name: string;
}

/** What a running sandbox tells the commands; kept in run/supervisor.json, mode 0600. */
export interface SupervisorRecord {
  readonly process: ProcessIdentity;
  readonly phase: "starting" | "ready" | "failed";
  /** Why the start failed, for people. */
  readonly failure?: string;
  /** `http://127.0.0.1:port` of the CONNECT proxy. */
  readonly proxy: string;
  /** The sandbox's own certificate authority, PEM. */
  readonly caFile: string;
  readonly kubeconfig: string;
  readonly tenantId: string;
  /** Which code and toolchain it runs, see software.ts. */
  readonly software: string;
  /** Address and bearer token of the supervisor's own control endpoint. */
  readonly control: { readonly url: string; readonly token: string };
  /** Package → port, for PULUMI_DEBUG_PROVIDERS. */
  readonly providers: Readonly<Record<string, number>>;
  readonly children: readonly ChildRecord[];
}

const file = (layout: SandboxLayout) => join(layout.run, "supervisor.json");

/** The record as it was last written, whether its process lives or not. */
export function readRecord(layout: SandboxLayout): SupervisorRecord | undefined {
  try {
    return JSON.parse(readFileSync(file(layout), "utf8")) as SupervisorRecord;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

export function writeRecord(layout: SandboxLayout, record: SupervisorRecord): void {
  const next = `${file(layout)}.next`;
  writeFileSync(next, JSON.stringify(record, undefined, 2), { mode: 0o600 });
  renameSync(next, file(layout));
}

export function removeRecord(layout: SandboxLayout): void {
  rmSync(file(layout), { force: true });
}

/** The record of a supervisor that runs and is ready; undefined otherwise. */
export function runningSandbox(layout: SandboxLayout): SupervisorRecord | undefined {
  const record = readRecord(layout);
  return record?.phase === "ready" && isRunning(record.process) ? record : undefined;
}
