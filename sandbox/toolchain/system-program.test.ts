import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ensureSystemProgram } from "./system-program.ts";

const WANTED = { program: "swing", package: "swingset", purpose: "swings" };
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "entrada-system-"));
  mkdirSync(join(folder, "bin"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const place = (name: string, script: string) => {
  writeFileSync(join(folder, "bin", name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(folder, "bin", name), 0o755);
};
const ensure = (mayInstall: boolean, lines: string[] = []) =>
  ensureSystemProgram(WANTED, {
    mayInstall,
    log: (line) => lines.push(line),
    env: { PATH: `${join(folder, "bin")}:/usr/bin:/bin`, FOLDER: folder },
  });
/** A package manager that leaves the program behind, as the real one would. */
const APT = `echo "$@" >> "$FOLDER/apt.log"
[ "$1" = install ] || exit 0
printf '#!/bin/sh\\n' > "$FOLDER/bin/swing"; chmod +x "$FOLDER/bin/swing"`;

test("what is on PATH is taken, and nothing is installed", async () => {
  place("swing", "exit 0");
  place("apt-get", "exit 1");
  expect(await ensure(true)).toBe(join(folder, "bin", "swing"));
});

test("what is missing is installed from the package, where that is allowed", async () => {
  place("apt-get", APT);
  const lines: string[] = [];
  expect(await ensure(true, lines)).toBe(join(folder, "bin", "swing"));
  expect(lines).toEqual(["installing swingset with apt-get (about half a minute)"]);
});

test("who may not install is told what to install", async () => {
  place("apt-get", APT);
  await expect(ensure(false)).rejects.toThrow(
    "swing, which swings, could not be had (it is not on PATH). Install it with the system's package manager, on Debian and Ubuntu: apt-get install swingset",
  );
});

test.each([
  ["fails", "echo 'E: no such package' >&2; exit 100", /could not be had \(E: no such package\)/],
  ["brings something else", "exit 0", /the package swingset was installed and brought no such program/],
])("an installation that %s is told", async (_how, script, expected) => {
  place("apt-get", script);
  await expect(ensure(true)).rejects.toThrow(expected);
});
