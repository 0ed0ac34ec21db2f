import { describe, expect, it } from "vitest";
import type { Rule } from "../core/rule.ts";
import { unknownText } from "../core/values.ts";
import { block, location, type PolicyWords, policy } from "../testing/conditional-access.ts";
import { messages } from "../testing/harness.ts";
import { caAllClientTypes } from "./ca-all-client-types.ts";
import { caHasTarget } from "./ca-has-target.ts";
import { caNoApprovedAppGrant } from "./ca-no-approved-app-grant.ts";
import { caNoBareAll } from "./ca-no-bare-all.ts";
import { caOperatorAnd } from "./ca-operator-and.ts";
import { caRiskSeparate } from "./ca-risk-separate.ts";
import { caSessionBounded } from "./ca-session-bounded.ts";
import { caStrengthXorMfa } from "./ca-strength-xor-mfa.ts";
import { caTrustedLocations } from "./ca-trusted-locations.ts";

const run = (rule: Rule, words: PolicyWords, config: object = {}) => messages(rule, policy(words), config);
const grant = (operator: string, ...builtInControls: unknown[]) => ({ grantControls: { operator, builtInControls } });
const strength = "/policies/authenticationStrengthPolicies/00000000-0000-0000-0000-000000000004";

describe("ca-has-target", () => {
  it("accepts applications, user actions, workload identities and what is not known yet", () => {
    expect(run(caHasTarget, {})).toEqual([]);
    expect(run(caHasTarget, { applications: { includedApplications: [unknownText] } })).toEqual([]);
    expect(run(caHasTarget, { applications: { includedUserActions: ["urn:user:registersecurityinfo"] } })).toEqual([]);
    const clientApplications = { includedServicePrincipals: ["ServicePrincipalsInMyTenant"] };
    expect(run(caHasTarget, { users: { includedUsers: ["None"] }, conditions: { clientApplications } })).toEqual([]);
    expect(run(caHasTarget, { state: "disabled", applications: {} })).toEqual([]);
  });

  it("refuses a policy about no application or nobody", () => {
    expect(run(caHasTarget, { applications: { includedApplications: ["None"] } })).toEqual([
      expect.stringContaining('conditions.applications is "None"'),
    ]);
    expect(run(caHasTarget, { users: { includedUsers: ["None"] } })).toEqual([
      expect.stringContaining("conditions.users is nobody"),
    ]);
  });
});

describe("ca-no-bare-all", () => {
  const all = { includedApplications: ["All"] };

  it("accepts all applications with an exclusion, and named ones without", () => {
    expect(run(caNoBareAll, { applications: all })).toEqual([]);
    expect(run(caNoBareAll, { applications: all, users: { excludedGroups: [unknownText] } })).toEqual([]);
    expect(run(caNoBareAll, { users: { excludedGroups: [] } })).toEqual([]);
    expect(run(caNoBareAll, { applications: all, state: "disabled", users: { excludedGroups: [] } })).toEqual([]);
  });

  it.each(["All", "MicrosoftAdminPortals"])("refuses %s without an excluded group, also in report-only", (word) => {
    const applications = { includedApplications: [word] };
    const state = "enabledForReportingButNotEnforced";
    expect(run(caNoBareAll, { applications, state, users: { excludedGroups: [], excludedUsers: ["x"] } })).toEqual([
      expect.stringContaining(`the applications "${word}"`),
    ]);
  });
});

describe("ca-operator-and", () => {
  it.each([
    ["one control", grant("OR", "mfa")],
    ["both", grant("AND", "mfa", "compliantDevice")],
    ["either kind of managed device", grant("OR", "compliantDevice", "domainJoinedDevice")],
    ["an operator that is not known yet", grant(unknownText, "mfa", "compliantDevice")],
    ["a block", { grantControls: block }],
    ["no grant at all", { grantControls: undefined }],
  ])("accepts %s", (_, words) => expect(run(caOperatorAnd, words)).toEqual([]));

  it.each([
    ["mfa, compliantDevice", grant("OR", "compliantDevice", "mfa")],
    ["passwordChange, compliantDevice", grant("OR", "passwordChange", "compliantDevice")],
    [
      "an authentication strength, compliantDevice",
      {
        grantControls: {
          operator: "OR",
          builtInControls: ["compliantDevice"],
          authenticationStrengthPolicyId: unknownText,
        },
      },
    ],
    ["mfa", { grantControls: { operator: "OR", builtInControls: ["mfa"], termsOfUses: ["t"] } }],
  ])("refuses OR over %s, unless the settings say why", (shown, words) => {
    expect(run(caOperatorAnd, words)).toEqual([expect.stringContaining(`is OR over ${shown}; wanted: "AND"`)]);
    expect(run(caOperatorAnd, words, { reasons: { mfa: "Tablets have no second factor." } })).toEqual([]);
    expect(run(caOperatorAnd, words, { reasons: { other: "Another policy." } })).toHaveLength(1);
  });
});

describe("ca-all-client-types", () => {
  const clients = (...clientAppTypes: string[]): PolicyWords => ({ conditions: { clientAppTypes } });
  const each = ["browser", "mobileAppsAndDesktopClients", "exchangeActiveSync", "other"];

  it("accepts all of them by word or by name, blocks, and session controls for browsers", () => {
    expect(run(caAllClientTypes, clients("all"))).toEqual([]);
    expect(run(caAllClientTypes, clients(...each))).toEqual([]);
    expect(run(caAllClientTypes, clients(unknownText))).toEqual([]);
    expect(run(caAllClientTypes, { ...clients("exchangeActiveSync", "other"), grantControls: block })).toEqual([]);
    expect(run(caAllClientTypes, { ...clients("browser"), grantControls: undefined })).toEqual([]);
  });

  it.each([["browser"], ["browser", "mobileAppsAndDesktopClients"], [...each.slice(0, 3)]])(
    "refuses a demand of %s",
    (...types) => {
      const names = types.join(", ");
      expect(run(caAllClientTypes, clients(...types))).toEqual([expect.stringContaining(`is ${names}; wanted: all`)]);
    },
  );
});

describe("ca-risk-separate", () => {
  it("accepts one kind of risk", () => {
    expect(run(caRiskSeparate, { conditions: { userRiskLevels: ["high"], signInRiskLevels: [] } })).toEqual([]);
    expect(run(caRiskSeparate, { conditions: { signInRiskLevels: ["high"] } })).toEqual([]);
  });

  it("refuses both, known or not", () => {
    const conditions = { userRiskLevels: ["high"], signInRiskLevels: unknownText };
    expect(run(caRiskSeparate, { conditions })).toHaveLength(1);
  });
});

describe("ca-strength-xor-mfa", () => {
  it("accepts either, and refuses both", () => {
    const strong = { operator: "AND", authenticationStrengthPolicyId: strength };
    expect(run(caStrengthXorMfa, {})).toEqual([]);
    expect(run(caStrengthXorMfa, { grantControls: { ...strong, builtInControls: ["compliantDevice"] } })).toEqual([]);
    expect(run(caStrengthXorMfa, { grantControls: { ...strong, builtInControls: ["mfa"] } })).toEqual([
      expect.stringContaining("mfa beside authenticationStrengthPolicyId"),
    ]);
  });
});

describe("ca-no-approved-app-grant", () => {
  it("finds the control among unknown ones, and accepts its successor", () => {
    expect(run(caNoApprovedAppGrant, grant("OR", "compliantApplication"))).toEqual([]);
    expect(run(caNoApprovedAppGrant, grant("OR", unknownText, "approvedApplication"))).toHaveLength(1);
  });
});

describe("ca-session-bounded", () => {
  const session = (sessionControls: object): PolicyWords => ({ sessionControls });

  it("accepts what ends within the bound, and every time", () => {
    expect(run(caSessionBounded, {})).toEqual([]);
    expect(run(caSessionBounded, session({ persistentBrowserMode: "never" }))).toEqual([]);
    expect(run(caSessionBounded, session({ signInFrequency: 12, signInFrequencyPeriod: "hours" }))).toEqual([]);
    expect(run(caSessionBounded, session({ signInFrequency: unknownText }))).toEqual([]);
    expect(run(caSessionBounded, session({ signInFrequencyInterval: "everyTime" }))).toEqual([]);
  });

  it("refuses more than the settings allow", () => {
    const days = session({ signInFrequency: 2, signInFrequencyPeriod: "days" });
    expect(run(caSessionBounded, days)).toEqual([expect.stringContaining("is 48h; wanted: at most 24h")]);
    expect(run(caSessionBounded, days, { maxHours: 48 })).toEqual([]);
    expect(run(caSessionBounded, session({ signInFrequency: 13 }), { maxHours: 12 })).toHaveLength(1);
  });
});

describe("ca-trusted-locations", () => {
  const find = (ip: object) => messages(caTrustedLocations, location(ip));

  it.each([["203.0.113.7/32"], ["198.51.0.0/16"], ["2001:db8::/32"], ["2a00:1450:4000::/48"], [unknownText]])(
    "accepts %s as a trusted place",
    (range) => {
      expect(find({ ipRanges: [range], trusted: true })).toEqual([]);
    },
  );

  it.each([
    ["0.0.0.0/0", "/16 or narrower"],
    ["20.0.0.0/8", "/16 or narrower"],
    ["203.0.0.0/15", "/16 or narrower"],
    ["::/0", "/32 or narrower"],
    ["2000::/3", "/32 or narrower"],
    ["10.1.2.0/24", "public addresses"],
    ["172.20.0.0/16", "public addresses"],
    ["192.168.1.0/24", "public addresses"],
    ["127.0.0.1/32", "public addresses"],
    ["169.254.10.0/24", "public addresses"],
    ["100.64.0.0/16", "public addresses"],
    ["fd12:3456::/48", "public addresses"],
    ["fe80::/64", "public addresses"],
    ["::1/128", "public addresses"],
    ["203.0.113.7", "CIDR notation"],
    ["203.0.113.0/33", "CIDR notation"],
    ["office", "CIDR notation"],
  ])("refuses %s", (range, wanted) => {
    const found = find({ ipRanges: ["198.51.100.0/24", range, unknownText], trusted: true });
    expect(found).toEqual([expect.stringContaining(`ip.ipRanges[1] is "${range}"; wanted: `)]);
    expect(found[0]).toContain(wanted);
  });

  it("lets a place that is not trusted be wide, but not private", () => {
    expect(find({ ipRanges: ["20.0.0.0/8"], trusted: false })).toEqual([]);
    expect(find({ ipRanges: ["20.0.0.0/8"], trusted: unknownText })).toEqual([]);
    expect(find({ ipRanges: ["10.0.0.0/8"] })).toHaveLength(1);
    expect(
      messages(caTrustedLocations, { ...location({}), props: { country: { countriesAndRegions: ["DE"] } } }),
    ).toEqual([]);
  });
});
