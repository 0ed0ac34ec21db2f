import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { sandboxLayout } from "../layout.ts";
import { releaseStaleLocks } from "./locks.ts";

const deadPid = 2 ** 22 + 1;
let root: string;
let locks: string;
const layout = () => sandboxLayout(root);
const lock = (name: string, content: object | string) =>
  writeFileSync(join(locks, name), typeof content === "string" ? content : JSON.stringify(content));

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "entrada-locks-"));
  locks = join(root, "state", ".pulumi", "locks", "organization", "entrada", "sandbox");
  mkdirSync(locks, { recursive: true });
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe("releaseStaleLocks", () => {
  it("takes the lock of a process that is gone", async () => {
    lock("a.json", { pid: deadPid, hostname: hostname() });
    expect(await releaseStaleLocks(layout())).toBe(1);
    expect(existsSync(join(locks, "a.json"))).toBe(false);
  });

  it("takes a lock whose owner was killed before it had its name", async () => {
    lock("a.json.18a2.tmp", '{"pid":');
    expect(await releaseStaleLocks(layout())).toBe(1);
    expect(existsSync(join(locks, "a.json.18a2.tmp"))).toBe(false);
  });

  it("respects a process that runs", async () => {
    lock("a.json", { pid: process.pid, hostname: hostname() });
    await expect(releaseStaleLocks(layout(), 0)).rejects.toThrow(`in use by process ${process.pid}`);
    expect(existsSync(join(locks, "a.json"))).toBe(true);
  });

  it("cannot judge another machine's process", async () => {
    lock("a.json", { pid: deadPid, hostname: "somewhere-else" });
    await expect(releaseStaleLocks(layout(), 0)).rejects.toThrow("somewhere-else");
  });

  it("has nothing to do before the first run", async () => {
    rmSync(join(root, "state"), { recursive: true });
    expect(await releaseStaleLocks(layout())).toBe(0);
  });
});
