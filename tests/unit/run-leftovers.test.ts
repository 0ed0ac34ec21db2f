import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, it, vi } from "vitest";
import { identify } from "../../sandbox/processes.ts";

/** Starts a run that leaves something behind. */
async function played() {
  const program = join(import.meta.dirname, "play-run.ts");
  const run = spawn(process.execPath, ["--import", "tsx", program], { stdio: ["pipe", "pipe", "inherit"] });
  const [text] = await once(run.stdout, "data");
  const { folder, pid } = JSON.parse(String(text)) as { folder: string; pid: number };
  expect(existsSync(join(folder, "left"))).toBe(true);
  expect(identify(pid)).toBeDefined();
  return { run, folder, pid };
}

it("a run of tests that ends takes along what a test left", async () => {
  const { run, folder, pid } = await played();
  const ended = once(run, "exit");
  run.stdin.end();
  expect((await ended)[0]).toBe(0);
  expect(identify(pid)).toBeUndefined();
  expect(existsSync(folder)).toBe(false);
});

it.each(["SIGINT", "SIGTERM", "SIGKILL"] as const)("so does one that is ended by %s", async (signal) => {
  const { run, folder, pid } = await played();
  run.kill(signal);
  await vi.waitFor(() => expect(existsSync(folder)).toBe(false), { timeout: 40_000, interval: 100 });
  expect(identify(pid)).toBeUndefined();
});
