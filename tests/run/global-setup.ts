import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MARK } from "./leftovers.ts";

/**
 * Gives a run of tests, and every program that they start, one temporary folder, and puts a keeper beside it: a process that ends and
 * removes whatever is left once the run is over, also when that was interrupted or killed.
 */
export default function setup(): () => Promise<void> {
  const before = process.env.TMPDIR;
  const folder = mkdtempSync(join(tmpdir(), "entrada-run-"));
  // Its standard input is how it learns of the end: the system closes it, whatever happened to this process.
  const program = join(import.meta.dirname, "keeper.ts");
  const keeper = spawn(process.execPath, ["--import", "tsx", program, folder, String(process.pid)], {
    stdio: ["pipe", "inherit", "inherit"],
    detached: true,
  });
  keeper.unref();
  process.env.TMPDIR = folder;
  process.env[MARK] = folder;
  return async () => {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
    delete process.env[MARK];
    keeper.ref();
    const ended = once(keeper, "exit");
    keeper.stdin.end();
    await ended;
  };
}
