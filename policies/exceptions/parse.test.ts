import { describe, expect, it } from "vitest";
import { isExpired, latestDay } from "./exception.ts";
import { parseExceptions } from "./parse.ts";

const now = new Date("2026-11-28T12:00:00Z");
const rules = [
  { name: "redis-no-keys", severity: "medium" },
  { name: "redis-closed", severity: "high" },
  { name: "pod-restricted", severity: "critical" },
] as const;
const resource = "urn:pulumi:staging::entrada::x:Cache$azure-native:redisenterprise:Database::cache";
const good = {
  rule: "redis-no-keys",
  resource,
  owner: "ana.lima@contoso.com",
  reason: "Celery's broker knows keys only.",
  expires: "2027-03-31",
};
const problems = (content: unknown) => parseExceptions(content, rules, now).problems;
const withEntry = (change: object) => problems({ exceptions: [{ ...good, ...change }] });

it("accepts an empty file, none, and a complete entry", () => {
  for (const content of [undefined, null, {}, { exceptions: [] }, { production: ["prod"] }]) {
    expect(problems(content)).toEqual([]);
  }
  expect(parseExceptions({ exceptions: [good] }, rules, now)).toEqual({
    production: ["prod"],
    exceptions: [good],
    problems: [],
  });
});

it("counts the last day itself, and 180 days ahead", () => {
  expect(latestDay(now)).toBe("2027-05-27");
  expect(withEntry({ expires: "2027-05-27" })).toEqual([]);
  expect(withEntry({ expires: "2027-05-28" })).toEqual([expect.stringContaining("at most 180 days ahead")]);
  expect(isExpired(good, new Date("2027-03-31T23:59:59Z"))).toBe(false);
  expect(isExpired(good, new Date("2027-04-01T00:00:00Z"))).toBe(true);
});

it("reads an expired entry, whose own stack then fails", () => {
  expect(withEntry({ expires: "2026-11-27" })).toEqual([]);
});

describe("refuses", () => {
  it.each([
    ["an unknown rule", { rule: "redis-no-key" }, "Rules like it: redis-no-keys, redis-closed."],
    ["no rule", { rule: undefined }, "exceptions[0].rule is not set"],
    ["a pattern", { resource: "urn:pulumi:staging::entrada::*::cache" }, "patterns are not taken"],
    ["a bare name", { resource: "cache" }, 'exceptions[0].resource is "cache"'],
    ["nobody", { owner: "the platform team" }, "an e-mail address"],
    ["a word as a reason", { reason: "needed" }, "20 characters"],
    ["another date", { expires: "31.03.2027" }, "year-month-day"],
    ["a day that is none", { expires: "2027-02-30" }, 'exceptions[0].expires is "2027-02-30"'],
    ["no end", { expires: undefined }, "exceptions[0].expires is not set"],
    ["a key that is none", { ticket: "X-1" }, "Take out `ticket`."],
  ])("%s", (_, change, wanted) => {
    expect(withEntry(change)).toEqual([expect.stringContaining(wanted)]);
  });

  it("critical rules in production only", () => {
    const inStack = (stack: string) => ({ rule: "pod-restricted", resource: resource.replace("staging", stack) });
    expect(withEntry(inStack("staging"))).toEqual([]);
    expect(withEntry(inStack("prod"))).toEqual([expect.stringContaining('a critical rule, in the stack "prod"')]);
    expect(problems({ production: ["live"], exceptions: [{ ...good, ...inStack("live") }] })).toHaveLength(1);
  });

  it("the same twice", () => {
    expect(problems({ exceptions: [good, { ...good, owner: "jon.berg@contoso.com" }] })).toEqual([
      expect.stringContaining("exceptions[1] is the same rule and resource as exceptions[0]"),
    ]);
  });

  it.each([
    ["a list", [good], "the file is"],
    ["other keys", { exception: [] }, "Take out `exception`."],
    ["no list", { exceptions: good }, "exceptions is {"],
    ["an entry that is a word", { exceptions: ["redis-no-keys"] }, "exceptions[0] is"],
    ["production as a word", { production: "prod" }, "`production: [prod]`"],
  ])("%s as a file", (_, content, wanted) => {
    expect(problems(content)).toEqual([expect.stringContaining(wanted)]);
  });

  it("everything at once, and keeps what is right", () => {
    const bad = { rule: "nothing", resource: "x", owner: "y", reason: "z", expires: "never" };
    const parsed = parseExceptions({ exceptions: [bad, good] }, rules, now);
    expect(parsed.problems).toHaveLength(5);
    expect(parsed.exceptions).toEqual([good]);
  });
});
