import { describe, expect, it } from "vitest";
import { sampleContract, withChanges } from "../../testing/sample.ts";
import { parseSettings } from "../parse.ts";

const people = {
  // An admin, who would lock herself out with less.
  "ana.lima": { displayName: "Ana Lima", methods: ["fido2"] },
  "jon.berg": { displayName: "Jon Berg" },
  "breakglass-1": { displayName: "Break-glass 1" },
  "breakglass-2": { displayName: "Break-glass 2" },
};
const offices = { lisbon: { ranges: ["198.51.100.0/24"], trusted: true } };
const breakGlass = ["breakglass-1", "breakglass-2"];

/** The problems below `conditionalAccess`, as path, what was found and the fix. */
function problems(conditionalAccess: Record<string, unknown>): string[][] {
  const parsed = parseSettings(withChanges({ people, conditionalAccess }), [sampleContract()]);
  return parsed.ok
    ? []
    : parsed.problems.map(({ path, found, fix }) => [path.replace("conditionalAccess.", ""), found, fix]);
}

/** The problems of one policy of the company's own, with paths below it. */
function policyProblems(changes: Record<string, unknown>): string[][] {
  const good = { displayName: "Mine", who: { everybody: true }, tools: "all", demand: "mfa" };
  const found = problems({ breakGlass, offices, policies: { mine: { ...good, ...changes } } });
  return found.map(([path = "", ...rest]) => [path.replace("policies.mine.", ""), ...rest]);
}

describe("break-glass accounts and deployers", () => {
  it("needs two accounts as soon as anything is enforced, and none before", () => {
    const missing = (found: string) => [["breakGlass", found, expect.stringMatching("security key")]];
    expect(problems({ state: "report-only" })).toEqual([]);
    expect(problems({ state: "enforced" })).toEqual(missing("no account, though policies are enforced"));
    expect(problems({ state: "enforced", breakGlass: ["breakglass-1"] })).toEqual(
      missing("one account, though policies are enforced"),
    );
    expect(problems({ baseline: { mfa: { state: "enforced" } } })).toHaveLength(1);
    const mine = { displayName: "Mine", who: { everybody: true }, tools: "all", demand: "mfa", state: "enforced" };
    expect(problems({ policies: { mine } })).toHaveLength(1);
    expect(problems({ state: "enforced", breakGlass })).toEqual([]);
  });

  it("knows who deploys, once each, and takes no emergency account for it", () => {
    expect(problems({ breakGlass, deployers: ["ana.lim", "jon.berg", "jon.berg", "breakglass-1"] })).toEqual([
      ["deployers[0]", '"ana.lim"', 'Did you mean "ana.lima"?'],
      ["deployers[2]", '"jon.berg" twice', "Remove it here."],
      ["deployers[3]", '"breakglass-1", a break-glass account', expect.stringMatching("Remove it")],
    ]);
  });
});

describe("places", () => {
  it("takes codes of countries that exist, each once", () => {
    expect(problems({ countries: ["DE", "UK", "XX", "DE"] })).toEqual([
      ["countries[1]", '"UK"', 'Write "GB".'],
      ["countries[2]", '"XX"', "Look the country's code up, or remove it."],
      ["countries[3]", '"DE" twice', "Remove it here."],
    ]);
    expect(problems({ countries: ["de"] })).toEqual([["countries[0]", '"de"', 'Write for example "DE".']]);
  });

  it.each([
    ["198.51.100.0/33", '"198.51.100.0/33"', 'Write for example "198.51.100.0/24".'],
    ["198.51.100.7/24", '"198.51.100.7/24"', 'Write "198.51.100.0/24".'],
    ["2001:DB8:10:0::/48", '"2001:DB8:10:0::/48"', 'Write "2001:db8:10::/48".'],
    ["10.0.0.0/16", '"10.0.0.0/16", which holds addresses that are not public', expect.stringMatching("leaves with")],
    ["fd00:1::/48", '"fd00:1::/48", which holds addresses that are not public', expect.stringMatching("leaves with")],
    ["198.0.0.0/8", "a range of /8 in a trusted office", expect.stringMatching("provider")],
    ["2001::/16", "a range of /16 in a trusted office", expect.stringMatching("provider")],
  ])("refuses the trusted range %s", (range, found, fix) => {
    expect(problems({ offices: { lisbon: { ranges: [range], trusted: true } } })).toEqual([
      ["offices.lisbon.ranges[0]", found, fix],
    ]);
  });

  it("finds both that everything is too wide and that it is not public", () => {
    expect(problems({ offices: { lisbon: { ranges: ["0.0.0.0/0"] } } }).map(([, found]) => found)).toEqual([
      "a range of /0",
      '"0.0.0.0/0", which holds addresses that are not public',
    ]);
  });

  it("takes each range once, and no name that means something else", () => {
    const ranges = ["198.51.100.0/24"];
    expect(
      problems({ offices: { lisbon: { ranges }, oslo: { ranges }, trusted: { ranges: ["203.0.113.0/24"] } } }),
    ).toEqual([
      ["offices.oslo.ranges[0]", '"198.51.100.0/24", which lisbon has', "Remove one of the two."],
      ["offices.trusted", 'the name "trusted"', "Name the office by its town."],
    ]);
    expect(problems({ offices: { lisbon: { ranges: ["198.0.0.0/8"] } } })).toEqual([]);
  });
});

describe("the switches", () => {
  it("say why a part is weaker than the whole, and need not when it is stronger", () => {
    const switches = {
      mfa: { state: "enforced" },
      "sign-in-risk": { state: "off" },
      countries: { state: "off", reason: "Travel" },
    };
    expect(problems({ breakGlass, baseline: switches })).toEqual([
      [
        "baseline.sign-in-risk.reason",
        "nothing, though the part is off and the whole is report-only",
        'Say why, for example reason: "No Entra ID P2 licence"; or remove state, so that it is report-only too.',
      ],
    ]);
  });

  it("are of parts that exist", () => {
    expect(problems({ baseline: { "device-codes": { state: "off", reason: "x" } } })).toEqual([
      ["baseline.device-codes", "an unknown key", 'Did you mean "device-code"?'],
    ]);
  });

  it.each(["90m", "24m", "25h", "36h", "0h", "8784h", "12"])("know no frequency %s", (people) => {
    expect(problems({ frequency: { people } }).map(([path]) => path)).toEqual(["frequency.people"]);
  });
});

describe("strengths", () => {
  it("have names that no demand has, and each method once", () => {
    const methods = ["fido2", "fido2"];
    expect(
      problems({
        strengths: { mfa: { displayName: "Any", methods: ["sms"] }, keys: { displayName: "Keys", methods } },
      }),
    ).toEqual([
      ["strengths.mfa", 'the name "mfa", which a demand has', "Choose another name."],
      ["strengths.keys.methods[1]", '"fido2" twice', "Remove it here."],
    ]);
  });
});

describe("own policies", () => {
  it("are fine when they say who, what for and what is demanded", () => {
    expect(policyProblems({ from: { outside: ["lisbon"] } })).toEqual([]);
    expect(policyProblems({ demand: undefined, frequency: "1h" })).toEqual([]);
  });

  it("name somebody, something and some demand", () => {
    expect(
      policyProblems({ who: {}, tools: undefined, demand: undefined }).map(([path, found]) => [path, found]),
    ).toEqual([
      ["who", "nobody"],
      ["policies.mine", "a policy for no tool"],
      ["policies.mine", "a policy that demands nothing"],
    ]);
  });

  it("name teams, people, tools and roles that exist, and no emergency account", () => {
    const who = {
      teams: ["admin", "admins", "admins"],
      people: ["ana.lim", "breakglass-1@contoso.com"],
      roles: { chart: ["Owner"], charts: ["Viewr", "Viewer", "Owner"] },
      except: { teams: ["sales"], people: ["breakglass-2"] },
    };
    expect(policyProblems({ who, tools: ["chart", "charts", "charts"] })).toEqual([
      ["who.teams[0]", '"admin"', 'Did you mean "admins"?'],
      ["who.teams[2]", '"admins" twice', "Remove it here."],
      ["who.except.teams[0]", '"sales"', "Add the team under teams, or remove it here."],
      ["who.people[0]", '"ana.lim"', 'Did you mean "ana.lima"?'],
      ["who.people[1]", '"breakglass-1@contoso.com", a break-glass account', "Remove it here."],
      ["who.except.people[0]", '"breakglass-2", a break-glass account', "Remove it here."],
      ["who.roles.chart", 'the tool "chart"', 'Did you mean "charts"?'],
      ["who.roles.charts[0]", 'the role "Viewr"', 'Did you mean "Viewer"?'],
      ["who.roles.charts[1]", "the role Viewer, which no team holds", expect.stringMatching("Give the role to a team")],
      ["tools[0]", 'the tool "chart"', 'Did you mean "charts"?'],
      ["tools[2]", '"charts" twice', "Remove it here."],
    ]);
  });

  it("name applications by client id, or all alone", () => {
    const app = "797f4846-ba00-4fd7-ba43-dac1f8f63013";
    expect(policyProblems({ apps: ["Superset"] })).toEqual([
      ["apps[0]", '"Superset"', expect.stringMatching("797f4846")],
    ]);
    expect(policyProblems({ apps: ["All", app] })).toEqual([
      ["apps", "All beside other applications", "Remove the others, or All."],
    ]);
  });

  it("name places that the settings have", () => {
    expect(policyProblems({ from: { outside: ["lisbn", "countries", "trusted"] } })).toEqual([
      ["from.outside[0]", 'the place "lisbn"', 'Did you mean "lisbon"?'],
      ["from.outside[1]", "countries, though none are named", expect.stringMatching("conditionalAccess.countries")],
    ]);
    expect(policyProblems({ from: {} })).toEqual([["from", "no place", "Name places, or remove from."]]);
  });

  it("demand what exists", () => {
    expect(policyProblems({ demand: "phishing-resistent" })).toEqual([
      ["demand", '"phishing-resistent"', 'Did you mean "phishing-resistant"?'],
    ]);
    expect(policyProblems({ demand: ["mfa", "mfaa"] })).toEqual([["demand[1]", '"mfaa"', 'Did you mean "mfa"?']]);
    expect(policyProblems({ demand: { "any-of": ["mfa", "mfa"] }, reason: "Why" })).toEqual([
      ["demand.any-of[1]", '"mfa" twice', "Remove it here."],
    ]);
  });

  it("demand what Entra takes together, and say why one of several is enough", () => {
    const found = (changes: Record<string, unknown>) => policyProblems(changes).map(([path, text]) => [path, text]);
    expect(found({ demand: ["block", "mfa"] })).toEqual([["demand", "block beside other demands"]]);
    expect(found({ demand: ["passwordless", "phishing-resistant"] })).toEqual([
      ["demand", "the strengths passwordless and phishing-resistant"],
    ]);
    expect(found({ demand: ["mfa", "passwordless"] })).toEqual([["demand", "mfa beside the strength passwordless"]]);
    expect(found({ demand: { "any-of": ["mfa", "compliant-device"] } })).toEqual([
      ["reason", "nothing, though one of several demands is enough"],
    ]);
    expect(found({ demand: "block", frequency: "1h" })).toEqual([["frequency", "a frequency in a policy that blocks"]]);
  });

  it("hold no conditions that Entra does not take together, and filters that it can read", () => {
    const found = (changes: Record<string, unknown>) => policyProblems(changes).map(([path, text]) => [path, text]);
    expect(policyProblems({ deviceFilter: "device.isCompliant -is True" })).toEqual([
      ["deviceFilter", '"device.isCompliant -is True"', expect.stringMatching("at character 20")],
    ]);
    expect(found({ clients: ["exchange-activesync"], devices: "unmanaged" })).toEqual([
      ["clients", "exchange-activesync alone, with conditions that it does not know"],
    ]);
    expect(found({ clients: ["exchange-activesync", "other"], devices: "unmanaged" })).toEqual([]);
    expect(found({ userRisk: ["high"], frequency: "every-time" })).toEqual([
      ["frequency", "every-time for accounts at risk"],
    ]);
  });

  it("choose devices one way, and have names of their own", () => {
    expect(policyProblems({ devices: "unmanaged", deviceFilter: "device.isCompliant -eq True" })).toEqual([
      ["deviceFilter", "a filter beside devices", expect.stringMatching("Remove devices")],
    ]);
    const mine = { displayName: "Mine", who: { everybody: true }, tools: "all", demand: "mfa" };
    expect(problems({ policies: { mine, yours: mine } })).toEqual([
      ["policies.yours.displayName", '"Mine", which mine has', "Change it here or of mine."],
    ]);
  });
});
