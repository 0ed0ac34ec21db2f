import { describe, expect, it } from "vitest";
import { unknownText } from "../core/values.ts";
import {
  application,
  block,
  breakGlass,
  group,
  idOf,
  ids,
  legacyBlock,
  type PolicyWords,
  policy,
  principal,
  tool,
} from "../testing/conditional-access.ts";
import { type Sample, stackMessages, urnOf } from "../testing/harness.ts";
import { caAdminsPhishingResistant } from "./ca-admins-phishing-resistant.ts";
import { caBlockLegacy } from "./ca-block-legacy.ts";
import { caGuestsMfa } from "./ca-guests-mfa.ts";
import { caMfaEveryTool } from "./ca-mfa-every-tool.ts";

const enforced = { state: "enforced", applications: [] };
const reportOnly = "enabledForReportingButNotEnforced";
const builtIn = (last: number) => `/policies/authenticationStrengthPolicies/00000000-0000-0000-0000-00000000000${last}`;
const strong = (id: string) => ({ grantControls: { operator: "OR", authenticationStrengthPolicyId: id } });
const strengthOf = (...allowedCombinations: string[]): Sample => ({
  type: "azuread:index/authenticationStrengthPolicy:AuthenticationStrengthPolicy",
  name: "own",
  props: { id: `/policies/authenticationStrengthPolicies/${idOf(70)}`, allowedCombinations },
});
const databricks = "2ff814a6-3304-4ab8-85cb-cd0e6f879c1d";

describe("ca-mfa-every-tool", () => {
  const run = (samples: readonly Sample[], config: object = enforced) =>
    stackMessages(caMfaEveryTool, [breakGlass, ...tool, ...samples], config);

  it.each<[string, PolicyWords]>([
    ["a second factor", {}],
    ["a strength", strong(builtIn(2))],
    ["all applications", { applications: { includedApplications: ["All"] } }],
    [
      "every place and platform by its word",
      { conditions: { locations: { includedLocations: ["All"] }, platforms: { includedPlatforms: ["all"] } } },
    ],
    [
      "empty conditions, as providers answer",
      { conditions: { signInRiskLevels: [], insiderRiskLevels: "", locations: { includedLocations: [] } } },
    ],
    ["both controls", { grantControls: { operator: "AND", builtInControls: ["mfa", "compliantDevice"] } }],
  ])("is content with %s", (_, words) => expect(run([policy(words)])).toEqual([]));

  it.each<[string, PolicyWords]>([
    ["no grant", { grantControls: undefined }],
    ["a device alone", { grantControls: { operator: "OR", builtInControls: ["compliantDevice"] } }],
    ["either of two", { grantControls: { operator: "OR", builtInControls: ["mfa", "compliantDevice"] } }],
    ["a team", { users: { includedUsers: [], includedGroups: [idOf(20)] } }],
    ["report-only", { state: reportOnly }],
    ["nothing that is on", { state: "disabled" }],
    [
      "outside the office",
      { conditions: { locations: { includedLocations: ["All"], excludedLocations: ["AllTrusted"] } } },
    ],
    ["some platforms", { conditions: { platforms: { includedPlatforms: ["all"], excludedPlatforms: ["linux"] } } }],
    ["risk", { conditions: { signInRiskLevels: ["high"] } }],
    ["insider risk", { conditions: { insiderRiskLevels: "elevated" } }],
    ["a flow", { conditions: { authenticationFlowTransferMethods: ["deviceCodeFlow"] } }],
    ["some devices", { conditions: { devices: { filter: { mode: "exclude", rule: "device.isCompliant -eq True" } } } }],
    ["browsers", { conditions: { clientAppTypes: ["browser"] } }],
    ["another application", { applications: { includedApplications: [idOf(50)] } }],
    [
      "all but this application",
      { applications: { includedApplications: ["All"], excludedApplications: [ids.client] } },
    ],
    ["a strength that a password meets", { ...strong(idOf(70)) }],
  ])("is not content with a policy for %s", (_, words) => {
    expect(run([strengthOf("fido2", "password"), policy(words)])).toEqual([
      expect.stringContaining(
        `${urnOf(application())} Application "superset": sign-in is "superset" without an enabled policy that always asks`,
      ),
    ]);
  });

  it("finds a tool for which nobody wrote a policy, and one of the platform", () => {
    expect(run([])).toHaveLength(1);
    expect(run([policy()], { ...enforced, applications: [databricks] })).toEqual([
      expect.stringContaining(`ConditionalAccessPolicy "mfa": sign-in is "${databricks}" without`),
    ]);
    const both = policy({ applications: { includedApplications: [ids.client, databricks.toUpperCase()] } });
    expect(run([both], { ...enforced, applications: [databricks] })).toEqual([]);
  });

  it("leaves applications alone that nobody signs in to, and everything while the settings do without", () => {
    expect(run([policy(), application("nightly", { clientId: idOf(40), web: {} })])).toEqual([]);
    expect(run([], { state: "off" })).toEqual([]);
    expect(run([policy({ state: reportOnly })], { state: "report-only" })).toEqual([]);
  });

  it("counts what a preview cannot know, and knows each tool by where its id comes from", () => {
    const refs = { "conditions.applications.includedApplications.0": "superset" };
    const late = [application("superset", { clientId: undefined }), application("airflow", { clientId: undefined })];
    const found = stackMessages(caMfaEveryTool, [...late, policy({ refs })], enforced);
    expect(found).toEqual([expect.stringContaining('Application "airflow"')]);
    const throughPrincipal = { "conditions.applications.includedApplications.0": "superset-sp" };
    const lateToo = [...late, principal({ clientId: undefined }, { clientId: "superset" })];
    expect(stackMessages(caMfaEveryTool, [...lateToo, policy({ refs: throughPrincipal })], enforced)).toEqual(found);
    expect(run([policy({ state: unknownText })])).toEqual([]);
    expect(run([policy({ applications: { includedApplications: [unknownText] } })])).toEqual([]);
    expect(run([policy({ grantControls: { operator: "OR", builtInControls: [unknownText] } })])).toEqual([]);
  });
});

describe("ca-guests-mfa", () => {
  const run = (...samples: Sample[]) => stackMessages(caGuestsMfa, [breakGlass, ...tool, ...samples], enforced);
  const kinds = ["internalGuest", "b2bCollaborationGuest", "b2bCollaborationMember", "otherExternalUser"];
  const guests = (guestOrExternalUserTypes: readonly string[], tenants: object = {}) =>
    policy({
      name: "guests",
      users: { includedUsers: [], includedGuestsOrExternalUsers: [{ guestOrExternalUserTypes, ...tenants }] },
    });
  const employees = policy({ users: { excludedGuestsOrExternalUsers: [{ guestOrExternalUserTypes: kinds }] } });

  it("is content with everybody, and with a policy of their own", () => {
    expect(run(policy())).toEqual([]);
    expect(run(employees, guests(kinds))).toEqual([]);
    expect(run(employees, guests(kinds, { externalTenants: [{ membershipKind: "all" }] }))).toEqual([]);
    expect(run(policy({ users: { includedUsers: ["GuestsOrExternalUsers"] } }))).toEqual([]);
    expect(run(employees, guests([unknownText]))).toEqual([]);
  });

  it.each<[string, Sample[]]>([
    ["nobody asks them", [employees]],
    ["all guests are left out by the word", [policy({ users: { excludedUsers: ["GuestsOrExternalUsers"] } })]],
    ["one kind of them is asked", [employees, guests(["b2bCollaborationMember"])]],
    [
      "those of one tenant are asked",
      [employees, guests(kinds, { externalTenants: [{ membershipKind: "enumerated", members: [idOf(90)] }] })],
    ],
  ])("finds that %s", (_, samples) => {
    expect(run(...samples)).toEqual([expect.stringContaining("that always asks guests for a second factor")]);
  });
});

describe("ca-block-legacy", () => {
  const run = (...samples: Sample[]) => stackMessages(caBlockLegacy, [breakGlass, ...tool, ...samples], enforced);
  const legacy = (words: PolicyWords) =>
    policy({ conditions: { clientAppTypes: ["exchangeActiveSync", "other"] }, grantControls: block, ...words });

  it("is content with the block of both kinds for everybody", () => {
    expect(run(legacyBlock)).toEqual([]);
    expect(run(legacy({ applications: { includedApplications: ["All"] } }))).toEqual([]);
  });

  it.each<[string, PolicyWords]>([
    ["only one kind", { conditions: { clientAppTypes: ["other"] } }],
    ["no block", { grantControls: { operator: "OR", builtInControls: ["mfa"] } }],
    ["some people", { users: { includedUsers: [], includedGroups: [idOf(20)] } }],
    ["report-only", { state: reportOnly }],
    [
      "other places",
      {
        conditions: {
          clientAppTypes: ["exchangeActiveSync", "other"],
          locations: { includedLocations: ["All"], excludedLocations: ["AllTrusted"] },
        },
      },
    ],
  ])("is not content with a policy for %s", (_, words) => {
    expect(run(legacy(words))).toEqual([expect.stringContaining("that blocks legacy clients for all users")]);
  });
});

describe("ca-admins-phishing-resistant", () => {
  const adminRole = idOf(100);
  const admins = group("bi-admins", { objectId: ids.admins, assignableToRole: true });
  const assignment: Sample = {
    type: "azuread:index/appRoleAssignment:AppRoleAssignment",
    name: "superset-Admin-bi-admins",
    props: { appRoleId: adminRole, principalObjectId: ids.admins, resourceObjectId: ids.principal },
  };
  const config = { ...enforced, adminRoles: [adminRole], adminGroups: [], level: "phishing-resistant" };
  const run = (samples: readonly Sample[], changes: object = {}) =>
    stackMessages(caAdminsPhishingResistant, [breakGlass, ...tool, admins, assignment, ...samples], {
      ...config,
      ...changes,
    });
  const forAdmins = (id: string, words: PolicyWords = {}) =>
    policy({ users: { includedUsers: [], includedGroups: [ids.admins] }, ...strong(id), ...words });

  it("is content with the strength for the team, or for everybody", () => {
    expect(run([forAdmins(builtIn(4))])).toEqual([]);
    expect(run([policy(strong(builtIn(4)))])).toEqual([]);
    expect(run([strengthOf("fido2", "windowsHelloForBusiness"), forAdmins(idOf(70))])).toEqual([]);
    expect(run([forAdmins(builtIn(3))], { level: "passwordless" })).toEqual([]);
    expect(run([strengthOf("fido2", "deviceBasedPush"), forAdmins(idOf(70))], { level: "passwordless" })).toEqual([]);
    expect(run([policy()], { level: "mfa" })).toEqual([]);
    expect(run([], { state: "off" })).toEqual([]);
    const existing = { ...assignment, props: { ...assignment.props, principalObjectId: idOf(30) } };
    const strict = (id: string) =>
      forAdmins(builtIn(4), { users: { includedUsers: [], includedGroups: [ids.admins, id] } });
    expect(run([existing, strict(idOf(30))])).toEqual([]);
    expect(run([existing, strict(idOf(31))])).toEqual([
      expect.stringContaining(
        `AppRoleAssignment "superset-Admin-bi-admins": sign-in is the group "${idOf(30)}", an admin`,
      ),
    ]);
    expect(run([], { adminRoles: [] })).toEqual([]);
  });

  it.each<[string, Sample[]]>([
    ["any second factor", [policy()]],
    ["a weaker strength", [forAdmins(builtIn(3))]],
    ["a strength of the stack with a weak way", [strengthOf("fido2", "password,sms"), forAdmins(idOf(70))]],
    [
      "another team",
      [
        group("sales", { objectId: idOf(20) }),
        forAdmins(builtIn(4), { users: { includedUsers: [], includedGroups: [idOf(20)] } }),
      ],
    ],
    ["all but the team", [policy({ ...strong(builtIn(4)), users: { excludedGroups: [ids.breakGlass, ids.admins] } })]],
    ["another tool", [forAdmins(builtIn(4), { applications: { includedApplications: [idOf(50)] } })]],
  ])("is not content with %s", (_, samples) => {
    expect(run(samples)).toEqual([
      expect.stringContaining(
        `${urnOf(admins)} Group "bi-admins": sign-in is an administrator of "superset" without an enabled policy that demands phishing-resistant`,
      ),
    ]);
  });

  it("knows tools outside Entra's roles by the settings, and goes by origin in a first preview", () => {
    const platform = { applications: [databricks], adminGroups: ["bi-admins"] };
    const both = { applications: { includedApplications: [ids.client, databricks] } };
    expect(run([forAdmins(builtIn(4), both)], platform)).toEqual([]);
    expect(run([forAdmins(builtIn(4))], platform)).toEqual([
      expect.stringContaining(`an administrator of "${databricks}"`),
    ]);

    const late: Sample[] = [
      group("bi-admins", { assignableToRole: true }),
      application("superset", { clientId: undefined }),
      principal({ clientId: undefined, objectId: undefined }, { clientId: "superset" }),
      {
        ...assignment,
        props: { appRoleId: adminRole },
        refs: { principalObjectId: "bi-admins", resourceObjectId: "superset-sp" },
      },
    ];
    const refs = {
      "conditions.users.includedGroups.0": "bi-admins",
      "conditions.applications.includedApplications.0": "superset",
    };
    expect(stackMessages(caAdminsPhishingResistant, [...late, forAdmins(builtIn(4), { refs })], config)).toEqual([]);
    expect(stackMessages(caAdminsPhishingResistant, [...late, forAdmins(builtIn(3), { refs })], config)).toHaveLength(
      1,
    );
  });
});
