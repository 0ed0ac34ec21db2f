import { describe, expect, it } from "vitest";
import { settingsIn, stackFile } from "../../cli/project.ts";
import { grownStack } from "../bench/preview/grown.ts";
import { growth, isLinear } from "../bench/preview/growth.ts";

describe("a grown company", () => {
  it.each([5, 20, 80].flatMap((tools) => [50, 500, 5000].map((people) => ({ tools, people }))))(
    "of $tools tools and $people people has valid settings",
    (size) => {
      const settings = settingsIn(grownStack(stackFile("prod"), size), "the grown stack");
      expect(Object.keys(settings.tools)).toHaveLength(size.tools);
      expect(settings.platform).toBeDefined();
      const grown = Object.entries(settings.teams).filter(([key]) => key.startsWith("team-"));
      expect(grown).toHaveLength(size.people / 25);
      const members = grown.flatMap(([, team]) => team.members);
      expect(new Set(members).size).toBe(size.people);
      const holders = new Set(Object.values(settings.tools).flatMap(({ access }) => Object.values(access).flat()));
      const mostHeld = Math.min(grown.length, 3 * (size.tools - 1));
      expect(grown.filter(([key]) => holders.has(key))).toHaveLength(mostHeld);
    },
  );
});

describe("growth", () => {
  const line = [100, 300, 1200].map((resources) => ({ resources, seconds: 2 + resources / 100 }));

  it("of a straight line with a start is linear, and the start weighs less", () => {
    const steps = growth(line);
    expect(steps.map(({ times }) => times)).toEqual([3, 12]);
    expect(steps.map(({ perResource }) => perResource)).toEqual([expect.closeTo(5 / 9), expect.closeTo(14 / 36)]);
    expect(steps.map(({ perAdded }) => perAdded)).toEqual([undefined, expect.closeTo(1)]);
    expect(steps.every(isLinear)).toBe(true);
  });

  it("sees a square behind a long start", () => {
    const bent = line.map(({ resources }) => ({ resources, seconds: 20 + resources ** 2 / 1e5 }));
    const [first, second] = growth(bent);
    expect(first && isLinear(first)).toBe(true);
    expect(second?.perResource).toBeLessThan(1);
    expect(second && isLinear(second)).toBe(false);
  });

  it("takes sizes in any order, and no two alike", () => {
    expect(growth(line.toReversed())).toEqual(growth(line));
    expect(growth([])).toEqual([]);
    expect(() => growth([...line, { resources: 300, seconds: 9 }])).toThrow("Two sizes have 300 resources");
  });
});
