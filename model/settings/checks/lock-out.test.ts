import { describe, expect, it } from "vitest";
import { withChanges } from "../../testing/sample.ts";
import { signInContracts as contracts, signInPeople, signInRaw } from "../../testing/sign-ins.ts";
import { parseSettings } from "../parse.ts";

function problems(conditionalAccess: Record<string, unknown>, changes: Record<string, unknown> = {}) {
  const parsed = parseSettings(withChanges(signInRaw(conditionalAccess, changes)), contracts as never);
  return parsed.ok ? [] : parsed.problems;
}

const keyless = { people: { ...signInPeople, "ana.lima": { displayName: "Ana Lima" } } };

describe("settings that lock somebody out", () => {
  it("are refused at the part of the baseline that does it", () => {
    expect(problems({}, keyless)).toEqual([
      {
        path: "conditionalAccess.baseline.admins",
        found: expect.stringContaining("Nobody can reach Charts as Owner"),
        allowed: expect.stringContaining("a way in"),
        fix: expect.stringContaining("fido2"),
      },
    ]);
  });

  it("are refused at the company's own policy", () => {
    const mine = { displayName: "Mine", who: { everybody: true }, tools: "all", demand: "block" };
    expect(problems({ policies: { mine } }).map(({ path }) => path)).toEqual(["conditionalAccess.policies.mine"]);
  });

  it("are taken while the policies only report", () => {
    expect(problems({ state: "report-only" }, keyless)).toEqual([]);
  });

  it("are not looked for while something else is wrong", () => {
    expect(problems({ countries: ["XX"] }, keyless).map(({ path }) => path)).toEqual([
      "conditionalAccess.countries[0]",
    ]);
  });
});
