import { spawn } from "node:child_process";
import { openSync, readFileSync, writeFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { isRunning, type ProcessIdentity } from "./processes.ts";

/** What a process that goes on behind a command writes about itself. */
export interface BackgroundRecord {
  readonly process: ProcessIdentity;
  readonly phase: "starting" | "ready" | "failed";
  readonly failure?: string;
}

/** A long-running process of the sandbox: how it is started, and how to see how far it has come. */
export interface Background<R extends BackgroundRecord> {
  /** For people. @example "The sandbox" */
  readonly name: string;
  /** Its TypeScript file. */
  readonly main: string;
  /** File that its output goes to, begun anew. */
  readonly logFile: string;
  readonly read: () => R | undefined;
  readonly timeoutMs: number;
  /** Gets what the start is waiting for. */
  readonly report: (text: string) => void;
}

/**
 * Starts the process, in a session of its own, with one argument: a file with what it is asked.
 * @throws Error with the last lines of its log when it does not become ready.
 */
export async function startInBackground<R extends BackgroundRecord>(
  background: Background<R>,
  requestFile: string,
): Promise<R> {
  const { name, main, logFile } = background;
  writeFileSync(logFile, "", { mode: 0o600 });
  const log = openSync(logFile, "a");
  const child = spawn(process.execPath, ["--import", "tsx", main, requestFile], {
    cwd: fileURLToPath(new URL("../", import.meta.url)),
    detached: true,
    stdio: ["ignore", log, log],
  });
  let exited = false;
  child.once("exit", () => {
    exited = true;
  });
  child.unref();
  const record = await waitForBackground(background, () => exited);
  if (record?.phase === "ready") return record;
  const lastLines = readFileSync(logFile, "utf8").trim().split("\n").slice(-15).join("\n");
  throw new Error(
    `${name} did not start: ${record?.failure ?? "its process ended"}.\nThe last lines of ${logFile}:\n${lastLines}`,
  );
}

/**
 * Waits until the process says that it is ready or that it failed, or is gone.
 * @param gone whether it has ended without a word
 */
export async function waitForBackground<R extends BackgroundRecord>(
  { name, logFile, read, timeoutMs, report }: Background<R>,
  gone: () => boolean,
): Promise<R | undefined> {
  const started = Date.now();
  let reported = started;
  while (Date.now() - started < timeoutMs) {
    const record = read();
    if (record && record.phase !== "starting" && isRunning(record.process)) return record;
    if (gone()) return read();
    if (Date.now() - reported > 5_000) {
      report(`… ${Math.round((Date.now() - started) / 1000)} s`);
      reported = Date.now();
    }
    await delay(100);
  }
  throw new Error(`${name} was not ready after ${timeoutMs / 1000} s. Its log: ${logFile}`);
}
