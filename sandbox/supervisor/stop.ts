import { join } from "node:path";
import { PROCESS_RECORD, readRecorded, stopRecorded } from "../cluster/index.ts";
import type { SandboxLayout } from "../layout.ts";
import { endProcess, isRunning } from "../processes.ts";
import { stopRunner } from "../runner/stop.ts";
import { readRecord, removeRecord } from "./record.ts";

/**
 * Ends the supervisor and every process that it started, each by its own id, also when the supervisor itself was killed.
 * @returns whether anything was running.
 */
export async function stopSandbox(layout: SandboxLayout): Promise<boolean> {
  const supervisor = readRecord(layout)?.process;
  const control = join(layout.cluster, PROCESS_RECORD);
  const running = (supervisor !== undefined && isRunning(supervisor)) || readRecorded(control).length > 0;
  // Before the API server goes, so that it hears of the pods' end.
  await stopRunner(layout);
  // The supervisor ends its children in the right order; what it leaves behind is ended here.
  if (supervisor) await endProcess(supervisor, 20_000);
  await stopRecorded(control);
  removeRecord(layout);
  return running;
}
