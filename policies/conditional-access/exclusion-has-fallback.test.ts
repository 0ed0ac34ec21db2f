import { describe, expect, it } from "vitest";
import { block, breakGlass, group, idOf, ids, type PolicyWords, policy, tool } from "../testing/conditional-access.ts";
import { type Sample, stackMessages } from "../testing/harness.ts";
import { caExclusionHasFallback } from "./ca-exclusion-has-fallback.ts";

const reportOnly = "enabledForReportingButNotEnforced";

describe("ca-exclusion-has-fallback", () => {
  const travellers = group("travellers", { objectId: idOf(20), assignableToRole: true });
  const run = (...samples: Sample[]) =>
    stackMessages(caExclusionHasFallback, [breakGlass, ...tool, travellers, ...samples]);
  const sparing = (words: PolicyWords = {}) =>
    policy({
      name: "devices",
      grantControls: { operator: "OR", builtInControls: ["compliantDevice"] },
      users: { excludedGroups: [ids.breakGlass, idOf(20)] },
      ...words,
    });

  it.each<[string, Sample[]]>([
    ["everybody is asked by another policy", [policy()]],
    ["the group is asked by name", [policy({ users: { includedUsers: [], includedGroups: [idOf(20)] } })]],
    ["another policy is stricter still", [policy({ grantControls: block })]],
  ])("is content when %s", (_, others) => expect(run(sparing(), ...others)).toEqual([]));

  it("is content with the break-glass group, guests, sessions and policies that are off", () => {
    expect(run(policy())).toEqual([]);
    expect(run(policy({ users: { excludedUsers: ["GuestsOrExternalUsers"] } }))).toEqual([]);
    expect(run(sparing({ grantControls: undefined, sessionControls: { signInFrequency: 1 } }))).toEqual([]);
    expect(run(sparing({ state: "disabled" }))).toEqual([]);
    expect(run(sparing({ state: reportOnly }), policy({ state: reportOnly }))).toEqual([]);
  });

  it.each<[string, Sample[]]>([
    ["nothing else asks", []],
    ["the other policy spares it too", [policy({ users: { excludedGroups: [ids.breakGlass, idOf(20)] } })]],
    ["the other policy is report-only", [policy({ state: reportOnly })]],
    ["the other policy is for another application", [policy({ applications: { includedApplications: [idOf(50)] } })]],
    [
      "the other policy asks outside the office only",
      [policy({ conditions: { locations: { includedLocations: ["All"], excludedLocations: ["AllTrusted"] } } })],
    ],
  ])("finds that %s", (_, others) => {
    const found = run(sparing(), ...others).filter((text) => text.includes('"devices"'));
    expect(found).toEqual([
      expect.stringContaining('the group "travellers", which no other policy asks for a second factor at "superset"'),
    ]);
  });

  it("looks at existing groups, people and all applications as well", () => {
    expect(run(sparing({ users: { excludedGroups: [ids.breakGlass, idOf(30)] } }))).toEqual([
      expect.stringContaining(`the group "${idOf(30)}"`),
    ]);
    expect(run(sparing({ users: { excludedUsers: [idOf(31)] } }))).toEqual([
      expect.stringContaining(`excludedUsers is the person "${idOf(31)}"`),
    ]);
    const everything = sparing({ applications: { includedApplications: ["All"] } });
    expect(run(everything, policy())).toEqual([expect.stringContaining('a second factor at "All"')]);
    expect(run(everything, policy({ applications: { includedApplications: ["All"] } }))).toEqual([]);
  });
});
