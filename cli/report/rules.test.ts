import { describe, expect, it } from "vitest";
import { rules } from "../../policies/rules.ts";
import { loadSettings, stackFile } from "../project.ts";
import { levelOf, ruleStandings } from "./rules.ts";

describe("the rules' standing", () => {
  it("has every rule of the pack, at the level that the settings give it", () => {
    const standings = ruleStandings(loadSettings(stackFile("prod")));
    expect(standings.map(({ name }) => name)).toEqual(rules.map(({ text }) => text.name));
    expect(standings.every(({ level }) => level === "mandatory")).toBe(true);
    expect(standings.flatMap(({ controls }) => controls)).toContain("SOC 2: CC6.1");
  });

  it("reads a rule's own level, then that of all, then the pack's", () => {
    const rule = { text: { name: "one" }, policy: { enforcementLevel: "mandatory" } } as Parameters<typeof levelOf>[0];
    expect(levelOf(rule, {})).toBe("mandatory");
    expect(levelOf(rule, { all: "advisory" })).toBe("advisory");
    expect(levelOf(rule, { all: "advisory", one: "disabled" })).toBe("disabled");
    expect(levelOf(rule, { all: "advisory", one: { enforcementLevel: "remediate" } })).toBe("remediate");
    expect(levelOf(rule, { all: "advisory", one: { maxDays: 3 } })).toBe("advisory");
  });
});
