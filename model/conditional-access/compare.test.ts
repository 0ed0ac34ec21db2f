import { describe, expect, it } from "vitest";
import type { Settings } from "../settings/schema.ts";
import { signInContracts as contracts, signInRaw, signInSettings } from "../testing/sign-ins.ts";
import { changeWords, wideChanges } from "./change-words.ts";
import { type Comparison, compare, peopleByKind } from "./compare.ts";
import { sceneOf } from "./scene.ts";

const reason = "A test asks for it";
const before = signInSettings({ offices: { lisbon: { ranges: ["198.51.100.0/24"], trusted: true } } });
const changed = (conditionalAccess: Record<string, unknown>, changes = {}) =>
  signInSettings(
    { offices: { lisbon: { ranges: ["198.51.100.0/24"], trusted: true } }, ...conditionalAccess },
    changes,
  );

function words(comparison: Comparison, settings: Settings, changes = comparison.enforced): string[] {
  const { teams } = sceneOf(settings, contracts as never);
  return wideChanges(changes, comparison).map((change) =>
    changeWords(change, comparison, teams).replaceAll("Contoso sandbox - ", ""),
  );
}

function read(after: Settings, from = before): string[] {
  return words(compare(from, after, contracts as never), after);
}

const off = { state: "off", reason };

describe("a comparison of settings", () => {
  it("finds nothing where nothing changes", () => {
    expect(compare(before, before, contracts as never)).toMatchObject({ enforced: [], reportOnly: [] });
  });

  it("says who is newly challenged, and where", () => {
    const mine = {
      displayName: "Keys outside the office",
      who: { teams: ["analysts"] },
      tools: ["maps"],
      from: { outside: ["lisbon"] },
      demand: "passwordless",
    };
    const people = { ...signInRaw().people, "mei.tanaka": { displayName: "Mei", methods: ["fido2"] } };
    expect(read(changed({ policies: { mine } }, { people }), changed({}, { people }))).toEqual([
      'mei.tanaka now also needs Passwordless MFA for maps outside the office lisbon, by "Keys outside the office".',
    ]);
  });

  it("says who is newly blocked, and by whom; the way back lets them through", () => {
    const wide = changed({ countries: ["PT", "DE", "US"] });
    const mine = { displayName: "Not in the US", who: { teams: ["analysts"] }, tools: "all", demand: "block" };
    const narrow = changed({
      countries: ["PT", "DE", "US"],
      policies: { mine: { ...mine, from: { outside: ["lisbon"] }, platforms: ["linux"] } },
    });
    expect(read(narrow, wide)).toEqual([
      'mei.tanaka would be blocked from every tool (AADSTS53003) on Linux, by "Not in the US".',
    ]);
    expect(read(wide, narrow)).toEqual([
      'mei.tanaka is no longer blocked from every tool on Linux, asked for multifactor authentication, by "Not in the US".',
    ]);
  });

  it("says for want of what somebody is blocked", () => {
    expect(read(changed({ devices: "managed" }))).toContain(
      'everybody but mira.holt (2 people) would be blocked from every tool (AADSTS53000) without a managed device, for want of a compliant device or a hybrid joined device, by "Managed devices only".',
    );
  });

  it("tells a demand that falls away from one that changes", () => {
    const without = changed({ baseline: { mfa: off } });
    expect(read(without)).toEqual([
      expect.stringMatching(/^mei.tanaka no longer needs multifactor authentication for every tool/),
      expect.stringMatching(
        /^ana.lima no longer needs multifactor authentication for every tool, but still Phishing-resistant MFA/,
      ),
    ]);
    expect(peopleByKind(compare(before, without, contracts as never).enforced)).toMatchObject({
      "newly-let-through": ["mei.tanaka"],
      "other-demands": ["ana.lima"],
      "newly-blocked": [],
    });
  });

  it("tells a session that changes", () => {
    expect(read(changed({ frequency: { admins: "2h" } }))).toEqual([
      'ana.lima gets another session in every tool with a managed device: signs in again after 2 hours (before: signs in again after 4 hours), by "Sign-in frequency for administrators".',
    ]);
  });

  it("keeps apart what only happens once report-only policies are enforced", () => {
    const silent = changed({ state: "report-only" });
    const open = changed({ state: "off" });
    const tried = compare(open, silent, contracts as never);
    expect(tried.enforced).toEqual([]);
    expect(words(tried, silent, tried.reportOnly)).toContainEqual(
      expect.stringMatching(/^mira.holt now needs multifactor authentication for charts/),
    );
    const promoted = compare(silent, before, contracts as never);
    expect(promoted.reportOnly).toEqual([]);
    expect(promoted.enforced.length).toBeGreaterThan(0);
  });

  it("compares sign-ins that both sides have; changed access is named apart", () => {
    const { tools } = signInRaw();
    const moved = changed(
      {},
      { tools: { ...tools, maps: { ...tools.maps, access: { Viewer: ["admins", "guests"] } } } },
    );
    const { enforced, access } = compare(before, moved, contracts as never);
    expect(enforced).toEqual([]);
    expect(access).toEqual({
      gained: [{ person: "mira.holt", tool: "maps" }],
      lost: [{ person: "mei.tanaka", tool: "maps" }],
    });
  });

  it("keeps to a selection", () => {
    const grid = [{ name: "at home", conditions: {} }];
    const few = compare(before, changed({ state: "off" }), contracts as never, {
      people: ["mei.tanaka"],
      tools: ["maps"],
      grid,
    });
    expect(few.enforced.map(({ kind, people, tools, conditions }) => [kind, people, tools, conditions])).toEqual([
      ["newly-let-through", ["mei.tanaka"], ["maps"], ["at home"]],
    ]);
  });
});
