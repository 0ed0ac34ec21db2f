import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { contracts } from "../../components/tools/registry.ts";
import {
  formatProblems,
  type ParseResult,
  type Problem,
  parseSettings,
  settingsFromConfig,
} from "../../model/index.ts";
import { badSettings, goodStackFile } from "../fixtures/bad-settings/load.ts";

const cases = badSettings();

/** Parses a stack file's text the way the program gets it: as text, objects as JSON. */
function parsed(stackFileText: string): ParseResult {
  const { config } = parse(stackFileText) as { config: Record<string, unknown> };
  const text = Object.entries(config).map(([key, value]) => [
    key,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  return parseSettings(settingsFromConfig(Object.fromEntries(text) as Record<string, string>), contracts);
}

function problemsOf(stackFileText: string): readonly Problem[] {
  const result = parsed(stackFileText);
  return result.ok ? [] : result.problems;
}

describe("bad settings", () => {
  it("change a file that is good", () => {
    expect(problemsOf(goodStackFile())).toEqual([]);
  });

  it("are at least thirty", () => {
    expect(cases.length).toBeGreaterThanOrEqual(30);
  });

  it.each(cases)("$name: $title", ({ stackFileText, expected }) => {
    const problems = problemsOf(stackFileText);
    expect(problems.map(({ path }) => path).toSorted()).toEqual(expected.map(({ path }) => path).toSorted());
    for (const { path, found, allowed, fix } of expected) {
      expect(problems.find((problem) => problem.path === path)).toEqual({
        path,
        found: expect.stringContaining(found),
        allowed: expect.stringContaining(allowed),
        fix: expect.stringContaining(fix),
      });
    }
  });

  it("never show what looks like a secret", () => {
    const planted = cases.filter(({ stackFileText }) => stackFileText.includes("canary"));
    expect(planted.length).toBeGreaterThanOrEqual(4);
    for (const { stackFileText } of planted) {
      const problems = problemsOf(stackFileText);
      expect(problems.length).toBeGreaterThan(0);
      expect(JSON.stringify(problems) + formatProblems(problems)).not.toContain("canary");
    }
  });
});
