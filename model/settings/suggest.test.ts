import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { editDistance, listed, suggest, suggestion } from "./suggest.ts";

describe("editDistance", () => {
  it.each([
    ["", "", 0],
    ["abc", "", 3],
    ["owners", "owners", 0],
    ["onwers", "owners", 1],
    ["owner", "owners", 1],
    ["kitten", "sitting", 3],
  ])("between %j and %j is %i", (a, b, expected) => {
    expect(editDistance(a, b)).toBe(expected);
  });

  it("is the same both ways, zero for equal texts only, and at most the longer length", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 12 }), fc.string({ maxLength: 12 }), (a, b) => {
        expect(editDistance(a, b)).toBe(editDistance(b, a));
        expect(editDistance(a, b) === 0).toBe(a === b);
        expect(editDistance(a, b)).toBeLessThanOrEqual(Math.max(a.length, b.length));
      }),
    );
  });
});

describe("suggest", () => {
  it("finds the nearest, whatever the capitals", () => {
    expect(suggest("anlaysts", ["admins", "analysts", "interns"])).toBe("analysts");
    expect(suggest("alpha", ["Admin", "Alpha"])).toBe("Alpha");
  });

  it("finds nothing far away", () => {
    expect(suggest("flavour", ["owners", "members"])).toBeUndefined();
    expect(suggest("x", [])).toBeUndefined();
  });

  it("makes a sentence, or takes the other one", () => {
    expect(suggestion("onwers", ["owners"], "Remove it.")).toBe('Did you mean "owners"?');
    expect(suggestion("flavour", ["owners"], "Remove it.")).toBe("Remove it.");
    expect(listed([])).toBe("none");
    expect(listed(["a", "b"])).toBe("a, b");
  });
});
