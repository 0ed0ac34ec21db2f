import type { LockOut } from "../../model/index.ts";
import { red, yellow } from "../output.ts";

/** Lock-outs as lines: errors, then warnings. */
export function describeLockOuts(lockOuts: readonly LockOut[]): string[] {
  return lockOuts.flatMap(({ enforced, message, fix }) => [
    enforced ? red(`Lock-out: ${message}`) : yellow(`Lock-out once report-only policies are enforced: ${message}`),
    `  Fix: ${fix}`,
  ]);
}
