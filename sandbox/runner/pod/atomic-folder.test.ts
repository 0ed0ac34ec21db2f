import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { writeAtomically } from "./atomic-folder.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "entrada-volume-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const read = (name: string) => readFileSync(join(folder, name), "utf8");

test("files are read by their names, with their modes", () => {
  writeAtomically(folder, [
    { path: "token", content: "t", mode: 0o400 },
    { path: "sub/ca.crt", content: Buffer.from("c"), mode: 0o644 },
  ]);
  expect([read("token"), read("sub/ca.crt")]).toEqual(["t", "c"]);
  expect(statSync(join(folder, "token")).mode & 0o777).toBe(0o400);
});

test("a new version replaces all files at once, and nothing of the old one stays on the disk", () => {
  writeAtomically(folder, [{ path: "token", content: "old", mode: 0o400 }]);
  const before = realpathSync(join(folder, "token"));
  writeAtomically(folder, [{ path: "token", content: "new", mode: 0o400 }]);
  expect(read("token")).toBe("new");
  expect(realpathSync(join(folder, "token"))).not.toBe(before);
  expect(readdirSync(folder).filter((name) => /^\.\.\d/.test(name))).toHaveLength(1);
});

test("a name that comes twice is refused, and the old files stay", () => {
  writeAtomically(folder, [{ path: "a", content: "1", mode: 0o644 }]);
  const twice = [
    { path: "a", content: "2", mode: 0o644 },
    { path: "a", content: "3", mode: 0o644 },
  ];
  expect(() => writeAtomically(folder, twice)).toThrow("EEXIST");
  expect(read("a")).toBe("1");
});
