import { describe, expect, it } from "vitest";
import type { Rule } from "../core/rule.ts";
import { unknownText } from "../core/values.ts";
import {
  application,
  breakGlass,
  group,
  idOf,
  ids,
  type PolicyWords,
  policy,
  principal,
  tool,
} from "../testing/conditional-access.ts";
import { type Sample, stackMessages } from "../testing/harness.ts";
import { caClientIds } from "./ca-client-ids.ts";
import { caExcludesBreakGlass } from "./ca-excludes-break-glass.ts";
import { caGroupsProtected } from "./ca-groups-protected.ts";
import { caReferencesExist } from "./ca-references-exist.ts";

const run = (rule: Rule, samples: readonly Sample[], config: object = {}) => stackMessages(rule, samples, config);
const excludedAt = "conditions.users.excludedGroups";

/** The break-glass group before it is made. */
const lateBreakGlass = group("break-glass", { assignableToRole: true, members: [unknownText] });
/** A policy before its groups are made: lists of names, each of which becomes an unknown with its origin. */
function late(included: readonly string[], excluded: readonly string[], more: PolicyWords = {}): Sample {
  const refs = [
    ...included.map((name, at) => [`conditions.users.includedGroups.${at}`, name]),
    ...excluded.map((name, at) => [`${excludedAt}.${at}`, name]),
  ];
  const users = { includedUsers: [], includedGroups: included, excludedGroups: excluded };
  return policy({ ...more, users, refs: Object.fromEntries(refs) });
}

describe("ca-excludes-break-glass", () => {
  it("accepts the exclusion by id and by origin, and policies that are off or about workloads", () => {
    expect(run(caExcludesBreakGlass, [breakGlass, policy()])).toEqual([]);
    expect(run(caExcludesBreakGlass, [lateBreakGlass, group("admins"), late(["admins"], ["break-glass"])])).toEqual([]);
    expect(
      run(caExcludesBreakGlass, [breakGlass, policy({ state: "disabled", users: { excludedGroups: [] } })]),
    ).toEqual([]);
    const workload = policy({ users: { includedUsers: ["None"], excludedGroups: [] } });
    expect(run(caExcludesBreakGlass, [breakGlass, workload])).toEqual([]);
    const whole = { ...policy(), props: { state: "enabled", conditions: unknownText } };
    expect(run(caExcludesBreakGlass, [breakGlass, { ...whole, refs: { conditions: "break-glass" } }])).toEqual([]);
  });

  it("refuses another group in its place, known or not, and no group at all", () => {
    const other = group("admins", { objectId: ids.admins, assignableToRole: true });
    expect(run(caExcludesBreakGlass, [breakGlass, other, policy({ users: { excludedGroups: [ids.admins] } })])).toEqual(
      [expect.stringContaining(`${excludedAt} is "admins" alone; wanted: the group "break-glass"`)],
    );
    const people = { ...late([], ["admins"]), props: policy({ users: { excludedGroups: [unknownText] } }).props };
    expect(run(caExcludesBreakGlass, [lateBreakGlass, group("admins"), people])).toEqual([
      expect.stringContaining(`${excludedAt} is "admins" alone`),
    ]);
    expect(run(caExcludesBreakGlass, [policy()])).toEqual([expect.stringContaining(`is ${ids.breakGlass} alone`)]);
  });

  it("takes the group's name from the settings", () => {
    const named = { ...breakGlass, name: "emergency" };
    expect(run(caExcludesBreakGlass, [named, policy()], { group: "emergency" })).toEqual([]);
    expect(run(caExcludesBreakGlass, [named, policy()])).toHaveLength(1);
  });

  it("demands a guarded group with named members", () => {
    const weak = group("break-glass", {
      objectId: ids.breakGlass,
      dynamicMembership: { enabled: true, rule: 'user.jobTitle -eq "Emergency"' },
    });
    const found = run(caExcludesBreakGlass, [weak, policy()]);
    expect(found.map((text) => /": (\w+) is/.exec(text)?.[1])).toEqual([
      "assignableToRole",
      "dynamicMembership",
      "members",
    ]);
    const outside = group("break-glass", { objectId: ids.breakGlass, assignableToRole: true });
    const membership: Sample = {
      type: "azuread:index/groupMember:GroupMember",
      name: "break-glass-1",
      props: { groupObjectId: ids.breakGlass, memberObjectId: idOf(3) },
    };
    expect(run(caExcludesBreakGlass, [outside, membership, policy()])).toEqual([]);
    expect(run(caExcludesBreakGlass, [outside, policy()])).toEqual([expect.stringContaining("members is empty")]);
    expect(run(caExcludesBreakGlass, [outside])).toEqual([]);
  });
});

describe("ca-groups-protected", () => {
  const open = group("travellers", { objectId: idOf(20) });
  const excluding = (...more: string[]) => policy({ users: { excludedGroups: [ids.breakGlass, ...more] } });

  it("accepts role-assignable groups in exclusions, of the stack or existing, and any closed group in inclusions", () => {
    const guarded = group("travellers", { objectId: idOf(20), assignableToRole: true });
    expect(run(caGroupsProtected, [breakGlass, guarded, excluding(idOf(20))])).toEqual([]);
    expect(run(caGroupsProtected, [breakGlass, excluding(idOf(30))], { privilegedGroups: [idOf(30)] })).toEqual([]);
    const byDepartment = group("sales", {
      objectId: idOf(21),
      dynamicMembership: { enabled: true, rule: 'user.department -eq "Sales"' },
    });
    const included = policy({ users: { includedUsers: [], includedGroups: [idOf(20), idOf(21)] } });
    expect(run(caGroupsProtected, [breakGlass, open, byDepartment, included])).toEqual([]);
    expect(
      run(caGroupsProtected, [
        breakGlass,
        open,
        { ...excluding(idOf(20)), props: { ...policy().props, state: "disabled" } },
      ]),
    ).toEqual([]);
  });

  it("refuses ordinary and unknown groups in exclusions", () => {
    expect(run(caGroupsProtected, [breakGlass, open, excluding(idOf(20))])).toEqual([
      expect.stringContaining('the group "travellers", which is not role-assignable'),
    ]);
    expect(run(caGroupsProtected, [breakGlass, excluding(idOf(31))], { privilegedGroups: [idOf(30)] })).toEqual([
      expect.stringContaining(`"${idOf(31)}", no group of the stack; wanted: role-assignable groups, or existing ones`),
    ]);
  });

  it("refuses them in a first preview too, as far as it can tell which list they are in", () => {
    const travellers = group("travellers");
    const all = [lateBreakGlass, travellers, group("admins", { assignableToRole: true }), group("sales")];
    expect(run(caGroupsProtected, [...all, late([], ["break-glass", "travellers"])])).toHaveLength(1);
    // The break-glass group is the one that is excluded, so the other one is included.
    expect(run(caGroupsProtected, [...all, late(["travellers"], ["break-glass"])])).toEqual([]);
    // Of two ordinary groups one is excluded, whichever it is.
    expect(run(caGroupsProtected, [...all, late(["sales"], ["break-glass", "travellers"])])).toEqual([
      expect.stringContaining("which is not role-assignable"),
    ]);
    // Either of the two may be it: found as soon as the ids are known.
    expect(run(caGroupsProtected, [...all, late(["admins"], ["break-glass", "travellers"])])).toEqual([]);
  });

  it("refuses groups in inclusions that people leave by themselves", () => {
    const including = policy({ users: { includedUsers: [], includedGroups: [idOf(22)] } });
    const dynamic = (rule: string) =>
      group("abroad", { objectId: idOf(22), dynamicMembership: { enabled: true, rule } });
    const find = (one: Sample, config: object = {}) => run(caGroupsProtected, [breakGlass, one, including], config);
    expect(find(dynamic('User.OtherMails -any (_ -contains "@x")'))).toEqual([
      expect.stringContaining("whose rule reads user.otherMails"),
    ]);
    expect(find(dynamic('user.city -eq "Lisbon"'), { ownAttributes: ["city"] })).toHaveLength(1);
    expect(find(dynamic('user.city -eq "Lisbon"'))).toEqual([]);
    const unified = (visibility?: string) =>
      group("abroad", { objectId: idOf(22), types: ["Unified"], ...(visibility ? { visibility } : {}) });
    expect(find(unified())).toEqual([expect.stringContaining("which anybody can join and leave")]);
    expect(find(unified("Private"))).toEqual([]);
  });
});

describe("ca-client-ids", () => {
  it("accepts words, strangers and what is not known yet", () => {
    const named = policy({ applications: { includedApplications: ["All", idOf(50), ids.client] } });
    expect(run(caClientIds, [...tool, named])).toEqual([]);
    const refs = { "conditions.applications.includedApplications.0": "superset" };
    const made = [
      application("superset", { clientId: undefined }),
      principal({ clientId: undefined }, { clientId: "superset" }),
    ];
    expect(run(caClientIds, [...made, policy({ refs })])).toEqual([]);
    expect(run(caClientIds, [made[0] as Sample, policy({ refs })])).toEqual([
      expect.stringContaining('"superset", which has no enterprise application'),
    ]);
  });

  it("refuses object ids of either kind, in exclusions too", () => {
    const applications = {
      includedApplications: [ids.principal.toUpperCase()],
      excludedApplications: [ids.application],
    };
    const found = run(caClientIds, [...tool, policy({ applications })]);
    expect(found).toEqual([
      expect.stringContaining(
        `includedApplications is "${ids.principal.toUpperCase()}", the object id of "superset-sp"`,
      ),
      expect.stringContaining(`excludedApplications is "${ids.application}", the object id of "superset"`),
    ]);
  });
});

describe("ca-references-exist", () => {
  const config = { applications: [idOf(50)], groups: [idOf(51)] };
  const office: Sample = {
    type: "azuread:index/namedLocation:NamedLocation",
    name: "office",
    props: { objectId: idOf(60), id: `/identity/conditionalAccess/namedLocations/${idOf(60)}` },
  };
  const keys: Sample = {
    type: "azuread:index/authenticationStrengthPolicy:AuthenticationStrengthPolicy",
    name: "keys",
    props: { id: `/policies/authenticationStrengthPolicies/${idOf(70)}`, allowedCombinations: ["fido2"] },
  };
  const stack = [breakGlass, ...tool, office, keys];
  const strong = (id: string) => ({ grantControls: { operator: "OR", authenticationStrengthPolicyId: id } });

  it.each<[string, PolicyWords]>([
    ["the stack's own", {}],
    [
      "what the settings name",
      { applications: { includedApplications: [idOf(50).toUpperCase()] }, users: { includedGroups: [idOf(51)] } },
    ],
    [
      "words",
      {
        applications: { includedApplications: ["Office365"], excludedApplications: ["MicrosoftAdminPortals"] },
        users: { includedUsers: ["GuestsOrExternalUsers"] },
      },
    ],
    ["people by id, who are looked up", { users: { includedUsers: [idOf(80)] } }],
    [
      "named locations",
      { conditions: { locations: { includedLocations: ["All"], excludedLocations: ["AllTrusted", idOf(60)] } } },
    ],
    ["directory roles", { users: { includedRoles: ["62e90394-69f5-4237-9190-012177145e10"] } }],
    [
      "a strength of Entra's own",
      strong("/policies/authenticationStrengthPolicies/00000000-0000-0000-0000-000000000004"),
    ],
    ["a strength of the stack", strong(`/policies/authenticationStrengthPolicies/${idOf(70)}`)],
    ["what is not known yet", { ...strong(unknownText), users: { includedGroups: [unknownText] } }],
  ])("accepts %s", (_, words) => expect(run(caReferencesExist, [...stack, policy(words)], config)).toEqual([]));

  it.each<[string, string, PolicyWords]>([
    [
      "an application",
      "conditions.applications.includedApplications",
      { applications: { includedApplications: [idOf(90)] } },
    ],
    [
      "an excluded application",
      "conditions.applications.excludedApplications",
      { applications: { includedApplications: ["All"], excludedApplications: [idOf(90)] } },
    ],
    ["a group", "conditions.users.includedGroups", { users: { includedGroups: [idOf(90)] } }],
    [
      "a location",
      "conditions.locations.includedLocations",
      { conditions: { locations: { includedLocations: [idOf(90)] } } },
    ],
    ["a strength", "grantControls.authenticationStrengthPolicyId", strong(idOf(90))],
    ["a name in place of an id", "conditions.users.excludedUsers", { users: { excludedUsers: ["ana@contoso.com"] } }],
    ["a role's name", "conditions.users.includedRoles", { users: { includedRoles: ["Global Administrator"] } }],
  ])("refuses %s that is not there", (_, at, words) => {
    expect(run(caReferencesExist, [...stack, policy(words)], config)).toEqual([
      expect.stringMatching(new RegExp(`"mfa": ${at.replaceAll(".", "\\.")} is ".+"; wanted: .+ Fix: `)),
    ]);
  });
});
