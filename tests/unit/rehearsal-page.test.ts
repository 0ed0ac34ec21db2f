import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { commandsOf } from "./page-commands.ts";

// What is rehearsed is what production.md prints: `tests/sandbox/walk.test.ts` runs the rehearsal's commands.
const page = (name: string) => readFileSync(new URL(`../../docs/${name}`, import.meta.url), "utf8");
const rehearsal = commandsOf(page("rehearsal.md")).map(({ line }) => line);

/** The sections of production.md that are rehearsed: tools, stack file, state, preview and up. */
const production = page("production.md")
  .split(/^## /m)
  .filter((section) => /^[1-4]\. /.test(section))
  .flatMap((section) => {
    const commands = commandsOf(section).map(({ line }) => line);
    // The file is written for qa; then the environment that is there already is brought up.
    return /^[34]/.test(section) ? commands.map((line) => line.replaceAll(/\bqa\b/g, "prod")) : commands;
  });

/** What only Azure has, by how it begins. */
const azureAlone = ["az ", "kubelogin "];
const starts = (words: readonly string[]) => (line: string) => words.some((word) => line.startsWith(word));

it("has every command of production.md's walk, in its order and word for word, but those that it names", () => {
  const expected = production.filter((line) => !starts(azureAlone)(line));
  expect(expected.length).toBeGreaterThan(8);
  expect(rehearsal.filter((line) => expected.includes(line))).toEqual(expected);
});

it("leaves out what its list says, and nothing that is not there", () => {
  for (const start of azureAlone) expect(production.some(starts([start]))).toBe(true);
  for (const start of azureAlone) expect(rehearsal.some(starts([start]))).toBe(false);
});
