import { describe, expect, it } from "vitest";
import { matches, parseFilter } from "./filter.ts";

const person = { displayName: "Ana O'Neil", mail: null, enabled: true, tags: ["a", "b"], api: { version: 2 } };
const passes = (text: string) => matches(parseFilter(text), person);

describe("$filter", () => {
  it.each([
    "displayName eq 'ana o''neil'",
    "displayName ne 'x' and enabled eq true",
    "displayName in ('x', 'Ana O''Neil')",
    "startswith(displayName,'ana')",
    "endsWith(displayName,'NEIL')",
    "not (displayName eq 'x')",
    "not startswith(displayName, 'x') and (mail eq 'y' or mail eq null)",
    "tags/any(t:t eq 'b')",
    "api/version eq 2",
    "displayName eq 'x' or displayName eq 'y' or enabled eq true",
  ])("takes %s", (text) => {
    expect(passes(text)).toBe(true);
  });

  it.each(["displayName eq 'x'", "mail ne null", "tags/any(t:t eq 'c')", "enabled eq false or api/version eq 1"])(
    "refuses %s",
    (text) => {
      expect(passes(text)).toBe(false);
    },
  );

  it.each([
    "displayName",
    "displayName eq",
    "displayName like 'x'",
    "displayName eq 'x' 'y'",
    "(enabled eq true",
    "displayName eq x",
    "",
  ])("does not understand %j", (text) => {
    expect(() => parseFilter(text)).toThrow(expect.objectContaining({ status: 400 }));
  });

  it("names a property that does not exist", () => {
    expect(() => passes("nickname eq 'x'")).toThrow("'nickname'");
  });

  it("takes 15 alternatives and no more", () => {
    const names = (count: number) => Array.from({ length: count }, (_, index) => `'${index}'`).join(",");
    expect(passes(`displayName in (${names(15)})`)).toBe(false);
    expect(() => parseFilter(`displayName in (${names(16)})`)).toThrow("Max allowed: 15");
  });
});
