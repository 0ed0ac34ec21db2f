import { describe, expect, it } from "vitest";
import { sampleSettings } from "../testing/sample.ts";
import { agreementGrid, comparisonGrid, conditionGrid } from "./grid.ts";
import { readConditions } from "./played.ts";

const offices = {
  lisbon: { ranges: ["198.51.100.0/24"], trusted: true },
  oslo: { ranges: ["2001:db8:10::/48"] },
};
const plain = sampleSettings();
const full = sampleSettings({ conditionalAccess: { countries: ["PT", "US"], offices } });

describe.each([
  ["the grid of what-if", conditionGrid],
  ["the grid of the agreement test", agreementGrid],
])("%s", (_, grid) => {
  it.each([
    ["without places", plain],
    ["with countries and offices", full],
  ])("has at least 24 conditions, each named and different, that can be played: %s", (_name, settings) => {
    const entries = grid(settings);
    expect(entries.length).toBeGreaterThanOrEqual(24);
    expect(new Set(entries.map(({ name }) => name)).size).toBe(entries.length);
    expect(new Set(entries.map(({ conditions }) => JSON.stringify(conditions))).size).toBe(entries.length);
    for (const { conditions } of entries) {
      const pairs = Object.entries(conditions).map(([name, value]) => `${name}=${value}`);
      expect(readConditions(pairs)).toEqual({ conditions, problems: [] });
    }
  });
});

describe("places", () => {
  it("are home, somewhere that nobody works, and every office at an address of its own", () => {
    const names = conditionGrid(full).map(({ name }) => name);
    expect(names).toContain("at home (PT)");
    expect(names).toContain("abroad (BR), compliant device, sign-in risk high");
    expect(names).toContain("office lisbon, compliant device");
    expect(conditionGrid(full).find(({ name }) => name === "office oslo")?.conditions).toEqual({ ip: "2001:db8:10::" });
    expect(conditionGrid(plain)[0]).toEqual({ name: "at home", place: "at home", conditions: {} });
  });

  it("say who answers with what in the agreement test alone", () => {
    expect(conditionGrid(full).some(({ conditions }) => conditions.mfa !== undefined)).toBe(false);
    const methods = new Set(agreementGrid(full).map(({ conditions }) => conditions.mfa));
    expect([...methods]).toEqual(["none", "authenticator", "fido2"]);
  });
});

describe("the grid of a comparison", () => {
  it("puts the same sign-in to both sides where home moves, and where only one side has one", () => {
    const moved = sampleSettings({ conditionalAccess: { countries: ["DE"] } });
    const homes = comparisonGrid(full, moved).filter(({ name }) => /^at home \(..\)$/.test(name));
    expect(homes.map(({ conditions }) => conditions)).toEqual([{ country: "DE" }, { country: "PT" }]);
    expect(comparisonGrid(plain, moved)[0]).toMatchObject({ name: "at home (DE)", conditions: { country: "DE" } });
    expect(comparisonGrid(plain, plain)).toEqual(conditionGrid(plain));
  });

  it("asks about both addresses of an office that moved", () => {
    const there = sampleSettings({
      conditionalAccess: { countries: ["PT", "US"], offices: { lisbon: { ranges: ["192.0.2.0/24"] } } },
    });
    const names = comparisonGrid(full, there).map(({ name, conditions }) => `${name}: ${conditions.ip}`);
    expect(names).toContain("office lisbon: 192.0.2.0");
    expect(names).toContain("office lisbon, before the change: 198.51.100.0");
  });
});
