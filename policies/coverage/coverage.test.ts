import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { rules } from "../rules.ts";
import { alone, chapters } from "./index.ts";
import { coveragePage } from "./page.ts";
import { listed } from "./recommendation.ts";

const names = rules.map(({ text }) => text.name);
const entries = chapters.flatMap(({ source, recommendations }) => recommendations.map((one) => ({ source, one })));
const named = new Set(entries.flatMap(({ one }) => ("rules" in one ? one.rules : [])));

it("docs/policy-coverage.md is what the list says (node --import tsx policies/write-docs.ts)", async () => {
  const page = await readFile(new URL("../../docs/policy-coverage.md", import.meta.url), "utf8");
  expect(page).toBe(coveragePage(rules));
});

it("names rules that exist", () => {
  expect([...named, ...Object.keys(alone)].filter((name) => !names.includes(name))).toEqual([]);
});

it("has every rule of the pack, or says why it stands alone, and not both", () => {
  expect(names.filter((name) => !named.has(name) && alone[name] === undefined)).toEqual([]);
  expect(Object.keys(alone).filter((name) => named.has(name))).toEqual([]);
});

describe("each recommendation", () => {
  it("has a rule, or a reason that is one", () => {
    for (const { one } of entries) {
      if ("rules" in one) expect(one.rules.length).toBeGreaterThan(0);
      else expect(one.reason.length).toBeGreaterThan(20);
      expect(one.asks).toMatch(/\.$/);
    }
  });

  it("has a number in its catalogue, once, or Microsoft's page", () => {
    const numbers = entries.flatMap(({ source, one }) => (source === "microsoft" ? [] : [`${source}:${one.id}`]));
    expect(numbers.filter((number, at) => numbers.indexOf(number) !== at)).toEqual([]);
    expect(numbers.filter((number) => number.endsWith("undefined"))).toEqual([]);
    for (const { source, one } of entries) {
      if (source === "microsoft") expect(one).toMatchObject({ url: expect.stringMatching(/^https:\/\/learn\.micro/) });
    }
  });

  it("is claimed by the rules that it names, and by no other", () => {
    const claimed = rules.flatMap(({ text }) =>
      (text.mappings ?? [])
        .filter(({ framework }) => (listed as readonly string[]).includes(framework))
        .map(({ framework, id }) => `${text.name} ${framework}:${id}`),
    );
    const said = entries.flatMap(({ source, one }) =>
      source === "microsoft" || !("rules" in one) ? [] : one.rules.map((name) => `${name} ${source}:${one.id}`),
    );
    expect(said.toSorted()).toEqual(claimed.toSorted());
  });
});
