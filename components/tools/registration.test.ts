import { describe, expect, it } from "vitest";
import { assignments } from "./registration.ts";

describe("assignments", () => {
  it("gives each role's teams their groups and refuses a team without one", () => {
    expect(assignments("charts", { access: { Admin: ["a"], Gamma: ["a", "b"] } }, { a: "1", b: "2" })).toEqual({
      Admin: { a: "1" },
      Gamma: { a: "1", b: "2" },
    });
    expect(() => assignments("charts", { access: { Admin: ["c"] } }, {})).toThrow(
      'tools.charts.access names the team "c", which is not declared',
    );
  });
});
