import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { SandboxLayout } from "../layout.ts";
import { identify, isRunning, type ProcessIdentity } from "../processes.ts";

/**
 * Lets one command at a time change the sandbox. A lock whose process is gone is taken over, and the caller is told.
 * @throws when another command is at work.
 */
export function lockSandbox(layout: SandboxLayout): { readonly tookOver: boolean; release(): void } {
  const file = join(layout.run, "command.lock");
  const own = identify(process.pid);
  if (own === undefined) throw new Error("This process cannot see itself in the process table.");
  let tookOver = false;
  for (;;) {
    try {
      writeFileSync(file, JSON.stringify(own), { mode: 0o600, flag: "wx" });
      return { tookOver, release: () => rmSync(file, { force: true }) };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
    const holder = readHolder(file);
    if (holder !== undefined && isRunning(holder)) {
      throw new Error(
        `Another entrada command (process ${holder.pid}) is changing this sandbox. Wait until it has finished.`,
      );
    }
    rmSync(file, { force: true });
    tookOver = true;
  }
}

function readHolder(file: string): ProcessIdentity | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as ProcessIdentity;
  } catch {
    // Gone since, or cut short by a kill: nobody holds it.
    return undefined;
  }
}
