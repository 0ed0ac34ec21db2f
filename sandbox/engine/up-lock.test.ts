import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { sandboxLayout } from "../layout.ts";
import { lockSandbox } from "./up-lock.ts";

let root: string;
const layout = () => sandboxLayout(root);
const holder = (content: string) => writeFileSync(join(layout().run, "command.lock"), content);

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "entrada-lock-"));
  mkdirSync(layout().run);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe("lockSandbox", () => {
  it("lets one command in at a time", () => {
    const first = lockSandbox(layout());
    expect(() => lockSandbox(layout())).toThrow(/Another entrada command/);
    first.release();
    const second = lockSandbox(layout());
    expect(second.tookOver).toBe(false);
    second.release();
  });

  it("takes over from a process that is gone, also when its id was given to another", () => {
    holder(JSON.stringify({ pid: process.pid, startTime: "0" }));
    expect(lockSandbox(layout()).tookOver).toBe(true);
  });

  it("takes over a lock that was cut short", () => {
    holder("{");
    expect(lockSandbox(layout()).tookOver).toBe(true);
  });
});
