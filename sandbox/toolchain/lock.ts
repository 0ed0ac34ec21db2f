import { randomBytes } from "node:crypto";
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { identify, isRunning, type ProcessIdentity } from "../processes.ts";

/** What a lock file tells its readers. */
export interface LockOptions {
  /** Called once when somebody else holds the lock. */
  readonly onWait: (holder: ProcessIdentity) => void;
  /** Time between two looks. Default 500 ms. */
  readonly pollMs?: number;
}

/**
 * Does `work` while this process alone holds the lock file. The file names its holder by id and start time, so a lock whose
 * holder is gone, however it ended, is taken over; one whose holder lives is waited for.
 */
export async function withLock<T>(file: string, options: LockOptions, work: () => Promise<T>): Promise<T> {
  const mine = await acquire(file, options);
  try {
    return await work();
  } finally {
    if (read(file) === mine) rmSync(file, { force: true });
  }
}

async function acquire(file: string, { onWait, pollMs = 500 }: LockOptions): Promise<string> {
  const self = identify(process.pid);
  if (!self)
    throw new Error("This process cannot read its own start time, so it cannot hold a lock that others can judge.");
  // The token makes two locks of one process different.
  const mine = JSON.stringify({ ...self, token: randomBytes(8).toString("hex") });
  let said = false;
  for (;;) {
    if (createWhole(file, mine)) return mine;
    const seen = read(file);
    if (seen === undefined) continue;
    const holder = parse(seen);
    if (holder && isRunning(holder)) {
      if (!said) onWait(holder);
      said = true;
      await delay(pollMs);
    } else {
      removeStale(file, seen);
    }
  }
}

/** Creates the file with its content in one step: a reader never sees it half written. False when it is there already. */
function createWhole(file: string, content: string): boolean {
  const draft = `${file}.${randomBytes(6).toString("hex")}`;
  writeFileSync(draft, content, { mode: 0o600 });
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Takes the stale file away; puts back what it took when another process was quicker and the file is a live one by now. */
function removeStale(file: string, stale: string): void {
  const aside = `${file}.${randomBytes(6).toString("hex")}`;
  try {
    renameSync(file, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
    throw error;
  }
  const taken = read(aside);
  if (taken !== undefined && taken !== stale) createWhole(file, taken);
  rmSync(aside, { force: true });
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

function parse(content: string): ProcessIdentity | undefined {
  try {
    const { pid, startTime } = JSON.parse(content) as Partial<ProcessIdentity>;
    return typeof pid === "number" && typeof startTime === "string" ? { pid, startTime } : undefined;
  } catch {
    return undefined;
  }
}
