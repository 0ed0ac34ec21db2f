import { describe, expect, it } from "vitest";
import { signInContracts as contracts, signInSettings } from "../testing/sign-ins.ts";
import type { PlayedConditions } from "./played.ts";
import { UnknownQuestion, whatIf, whatIfEverybody } from "./what-if.ts";

const settings = signInSettings();
const ask = (person: string, conditions: PlayedConditions = {}, tool = "charts", of = settings) =>
  whatIf(of, contracts as never, { person, tool, conditions });

describe("what-if for one sign-in", () => {
  it.each([
    ["mei.tanaka", {}, "challenge", 50076],
    ["mei.tanaka", { mfa: "authenticator" }, "allow", undefined],
    ["mei.tanaka", { mfa: "fido2" }, "challenge", 50076],
    ["mei.tanaka", { country: "US", mfa: "authenticator" }, "block", 53003],
    ["ana.lima", { mfa: "authenticator" }, "challenge", 50076],
    ["ana.lima", { mfa: "fido2" }, "allow", undefined],
    ["ana.lima", { mfa: "fido2", client: "other" }, "block", 53003],
    ["mira.holt", { mfa: "authenticator" }, "allow", undefined],
    ["breakglass-1", { country: "US" }, "allow", undefined],
  ] as const)("says to %s under %j: %s %s", (person, conditions, outcome, code) => {
    const { verdict } = ask(person, conditions);
    expect([verdict.outcome, verdict.code]).toEqual([outcome, code]);
  });

  it("lists every policy with state and reason", () => {
    const { policies } = ask("mei.tanaka", { country: "US" });
    const short = policies.map(({ displayName, ...rest }) => [displayName.replace("Contoso sandbox - ", ""), rest]);
    expect(short).toContainEqual([
      "Blocked outside the countries where people work",
      { state: "enabled", applies: true, reason: "notSet" },
    ]);
    expect(short).toContainEqual([
      "Multifactor authentication and short sessions for guests",
      { state: "enabled", applies: false, reason: "users" },
    ]);
    expect(policies).toHaveLength(13);
  });

  it("knows who holds a role, and asks the policies all the same", () => {
    expect([ask("mei.tanaka").assigned, ask("pavel.orlov").assigned]).toEqual([true, false]);
    expect(ask("pavel.orlov").verdict.outcome).toBe("challenge");
    expect(ask("mira.holt", {}, "maps").assigned).toBe(false);
  });

  it("shows what report-only policies would do, apart", () => {
    const silent = signInSettings({ state: "report-only" });
    expect(ask("mei.tanaka", { country: "US" }, "charts", silent)).toMatchObject({
      verdict: { outcome: "allow" },
      reportOnly: { outcome: "block", code: 53003 },
    });
    expect(ask("mei.tanaka").reportOnly).toBeNull();
    expect(ask("breakglass-1", {}, "charts", silent).reportOnly).toBeNull();
  });

  it("refuses people and tools that are not there", () => {
    expect(() => ask("nobody")).toThrow(UnknownQuestion);
    expect(() => ask("mei.tanaka", {}, "radar")).toThrow('There is no tool "radar".');
  });
});

describe("what-if for everybody", () => {
  it("answers for every person, tool and condition, with the same verdicts as one by one", () => {
    const { rows, grid } = whatIfEverybody(settings, contracts as never);
    expect(rows).toHaveLength(6 * 2 * grid.length);
    for (const { person, tool, condition, ...answer } of rows) {
      const conditions = grid.find(({ name }) => name === condition)?.conditions ?? {};
      const { policies, ...one } = ask(person, conditions, tool);
      expect(answer).toEqual(one);
    }
  });

  it("keeps to a selection, and names partners' people as out of reach", () => {
    const acme = {
      displayName: "Acme",
      issuer: "https://acme.okta.com",
      people: { "kai.larsen": { displayName: "Kai Larsen", mail: "kai@acme.com" } },
    };
    const open = signInSettings({}, { partners: { acme } });
    const grid = [{ name: "abroad", conditions: { country: "US" } }];
    const few = whatIfEverybody(open, contracts as never, { people: ["mei.tanaka"], tools: ["maps"], grid });
    expect(few.rows.map(({ person, tool, condition }) => [person, tool, condition])).toEqual([
      ["mei.tanaka", "maps", "abroad"],
    ]);
    expect(few.notReached).toEqual([]);
    expect(whatIfEverybody(open, contracts as never).notReached).toEqual([
      { id: "kai.larsen@acme", displayName: "Kai Larsen", partner: "Acme", tools: [] },
    ]);
  });
});
