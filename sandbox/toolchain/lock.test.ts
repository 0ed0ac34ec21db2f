import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { identify } from "../processes.ts";
import { withLock } from "./lock.ts";

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "entrada-lock-"));
  file = join(folder, "lock");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("two holders never overlap, and nothing is left behind", async () => {
  let inside = 0;
  let most = 0;
  const work = () =>
    withLock(file, { onWait: () => {}, pollMs: 5 }, async () => {
      inside += 1;
      most = Math.max(most, inside);
      await delay(10);
      inside -= 1;
    });
  await Promise.all([work(), work(), work(), work()]);
  expect(most).toBe(1);
  expect(readdirSync(folder)).toEqual([]);
});

test("a failure frees the lock", async () => {
  const fails = withLock(file, { onWait: () => {} }, () => Promise.reject(new Error("no luck")));
  await expect(fails).rejects.toThrow("no luck");
  expect(existsSync(file)).toBe(false);
});

test("a living holder is waited for and named once", async () => {
  const child = spawn(process.execPath, ["-e", "setTimeout(() => {}, 60000)"]);
  try {
    writeFileSync(file, JSON.stringify(identify(child.pid ?? 0)));
    const onWait = vi.fn();
    const done = withLock(file, { onWait, pollMs: 5 }, async () => "mine");
    await delay(50);
    expect(onWait).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ pid: child.pid }));
    child.kill();
    await once(child, "exit");
    expect(await done).toBe("mine");
  } finally {
    child.kill();
  }
});

test.each([
  ["another process got the holder's id", JSON.stringify({ pid: process.pid, startTime: "long ago" })],
  ["the holder is gone", JSON.stringify({ pid: 2 ** 22 + 1, startTime: "1" })],
  ["the file is damaged", "{"],
])("a stale lock is taken over: %s", async (_, content) => {
  writeFileSync(file, content);
  const onWait = vi.fn();
  expect(await withLock(file, { onWait }, async () => "mine")).toBe("mine");
  expect(onWait).not.toHaveBeenCalled();
});
