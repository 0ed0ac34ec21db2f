import {
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { SandboxLayout } from "../layout.ts";
import { makeRuntimeFolder, removeRuntimeFolder, runtimeFolder } from "./runtime-folder.ts";

let layout: SandboxLayout;
beforeEach(() => {
  layout = { root: mkdtempSync(join(tmpdir(), "entrada-layout-")) } as SandboxLayout;
});
afterEach(() => {
  rmSync(runtimeFolder(layout), { recursive: true, force: true });
  rmSync(layout.root, { recursive: true, force: true });
});

test("it is made empty and closed to others, each time", () => {
  const folder = makeRuntimeFolder(layout);
  writeFileSync(join(folder, "secret"), "old");
  mkdirSync(join(folder, "deep", "er"), { recursive: true });
  expect(makeRuntimeFolder(layout)).toBe(folder);
  expect(readdirSync(folder)).toEqual([]);
  expect(lstatSync(folder).mode & 0o777).toBe(0o700);
  removeRuntimeFolder(layout);
  expect(existsSync(folder)).toBe(false);
  removeRuntimeFolder(layout);
});

test("its name is short, and another one for each sandbox and user", () => {
  expect(runtimeFolder(layout)).not.toBe(runtimeFolder({ ...layout, root: "/elsewhere" }));
  expect(runtimeFolder(layout)).toContain(`-${process.getuid?.() ?? 0}-`);
  // A socket's path has 107 characters at most: room for `/n/<8>/out-1000.sock`.
  expect(runtimeFolder(layout).length).toBeLessThan(107 - 26);
});

test("a link under its name is not followed, and nothing behind it is touched", () => {
  const target = join(layout.root, "mine");
  mkdirSync(target);
  writeFileSync(join(target, "file"), "");
  symlinkSync(target, runtimeFolder(layout));
  expect(() => makeRuntimeFolder(layout)).toThrow("belongs to somebody else");
  expect(() => removeRuntimeFolder(layout)).toThrow("take it away by hand");
  expect(readdirSync(target)).toEqual(["file"]);
});

test.skipIf(process.getuid?.() !== 0)("another user's folder is not touched", () => {
  mkdirSync(runtimeFolder(layout));
  chownSync(runtimeFolder(layout), 65_534, 65_534);
  expect(() => makeRuntimeFolder(layout)).toThrow("belongs to somebody else");
  expect(existsSync(runtimeFolder(layout))).toBe(true);
});
