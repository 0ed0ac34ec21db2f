import { readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { SandboxLayout } from "../layout.ts";
import { identify } from "../processes.ts";

/** A process id that no process has. */
const nobody = 0;

/** The file backend's lock of one running operation. */
interface EngineLock {
  readonly file: string;
  readonly pid: number;
  readonly hostname: string;
}

/**
 * Frees the state of locks whose process is gone. A lock of a process that still runs is respected: an engine whose command
 * was killed ends by itself when it notices, so this waits a while and then refuses.
 * @returns how many locks were taken from dead processes.
 */
export async function releaseStaleLocks(layout: SandboxLayout, waitMs = 30_000): Promise<number> {
  let released = 0;
  const until = Date.now() + waitMs;
  for (;;) {
    const held: EngineLock[] = [];
    for (const lock of readLocks(join(layout.state, ".pulumi", "locks"))) {
      if (lock.hostname === hostname() && identify(lock.pid) === undefined) {
        rmSync(lock.file, { force: true });
        released++;
      } else held.push(lock);
    }
    if (held.length === 0) return released;
    if (Date.now() > until) {
      const owners = held.map((lock) => `process ${lock.pid} on ${lock.hostname}`).join(", ");
      throw new Error(
        `The stack is in use by ${owners}. Wait until it has finished, or end it, and run the command again.`,
      );
    }
    await delay(250);
  }
}

function readLocks(folder: string): EngineLock[] {
  let entries: string[];
  try {
    entries = readdirSync(folder, { recursive: true, encoding: "utf8" });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
  return entries.flatMap((entry) => {
    const file = join(folder, entry);
    try {
      if (statSync(file).isDirectory()) return [];
      // Its owner was killed between writing a lock and giving it its name; the engine takes every file here for a lock.
      if (!file.endsWith(".json")) return [{ file, pid: nobody, hostname: hostname() }];
      const { pid, hostname: host } = JSON.parse(readFileSync(file, "utf8")) as { pid: number; hostname: string };
      return [{ file, pid, hostname: host }];
    } catch (error) {
      // Its owner removed it between the listing and the reading.
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
      throw error;
    }
  });
}
