import { describe, expect, it } from "vitest";
import { sampleSettings } from "../testing/sample.ts";
import { conditionTerms } from "./condition-words.ts";
import { conditionGrid, type GridEntry } from "./grid.ts";

const grid = conditionGrid(
  sampleSettings({ conditionalAccess: { countries: ["PT"], offices: { lisbon: { ranges: ["198.51.100.0/24"] } } } }),
);
const where = (holds: (entry: GridEntry) => boolean) => grid.filter(holds).map(({ name }) => name);

describe("conditions in words", () => {
  it.each([
    ["the whole grid", () => true, []],
    ["one place", ({ place }: GridEntry) => place === "office lisbon", ["at the office lisbon"]],
    ["all other places", ({ place }: GridEntry) => place !== "office lisbon", ["outside the office lisbon"]],
    ["one device", ({ conditions }: GridEntry) => conditions.device === "compliant", ["with a compliant device"]],
    [
      "two devices",
      ({ conditions }: GridEntry) => /compliant|hybrid/.test(conditions.device ?? ""),
      ["with a managed device"],
    ],
    [
      "a place and a risk",
      ({ place, conditions }: GridEntry) => place === "abroad (US)" && conditions.risk !== "high",
      ["abroad (US) without sign-in risk"],
    ],
    [
      "either of two",
      ({ place, conditions }: GridEntry) => place === "unknown country" || conditions.client === "other",
      ["from an unknown country", "with a legacy client"],
    ],
  ])("say what they have in common: %s", (_, holds, words) => {
    expect(conditionTerms(where(holds), grid)).toEqual(words);
  });

  it("need not tell apart what cannot change", () => {
    const shut = new Set(where(({ conditions }) => conditions.risk === "high"));
    const open = where(({ place, conditions }) => place === "abroad (US)" && conditions.risk !== "high");
    expect(conditionTerms(open, grid, shut)).toEqual(["abroad (US)"]);
  });

  it("fall back to names", () => {
    const names = ["abroad (US), compliant device", "macOS"];
    expect(conditionTerms(names, grid)).toEqual(["abroad (US), compliant device", "on macOS"]);
  });
});
