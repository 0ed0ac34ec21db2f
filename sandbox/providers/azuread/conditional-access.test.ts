import { beforeEach, describe, expect, it, test } from "vitest";
import { AZURE_CLI, DATABRICKS } from "../../emulator/first-party.ts";
import { NOWHERE } from "../../emulator/testing.ts";
import { type PropertyMap, UNKNOWN } from "../protocol/types.ts";
import { deploy, redeploy, refTo, type TestCloud, testCloud } from "../testing.ts";
import { policyBody } from "./conditional-access-body.ts";

const POLICY = refTo("azuread:index/conditionalAccessPolicy:ConditionalAccessPolicy");
const STRENGTH = refTo("azuread:index/authenticationStrengthPolicy:AuthenticationStrengthPolicy");
const PREFIX = "/identity/conditionalAccess/policies/";

let cloud: TestCloud;
beforeEach(() => {
  cloud = testCloud();
});

const conditions = (more = {}) => ({
  applications: { includedApplications: [DATABRICKS] },
  clientAppTypes: ["all"],
  users: { includedUsers: ["All"] },
  ...more,
});
const mfa = { operator: "OR", builtInControls: ["mfa"] };
const args = (more = {}) => ({
  displayName: "MFA",
  state: "enabled",
  conditions: conditions(),
  grantControls: mfa,
  ...more,
});
const stored = (id: string) => cloud.world.context.store.data.conditionalAccessPolicies[id.slice(PREFIX.length)];
const block = { operator: "OR", builtInControls: ["block"] };
const guests = (externalTenants: object[]) => [
  { guestOrExternalUserTypes: ["b2bCollaborationGuest", "b2bCollaborationMember"], externalTenants },
];

/** Every shape that Graph gives back as it got it. */
const shapes: [string, () => object][] = [
  ["MFA for everybody", () => args()],
  ["report-only", () => args({ state: "enabledForReportingButNotEnforced" })],
  ["off", () => args({ state: "disabled" })],
  [
    "people, groups and roles, in and out",
    () =>
      args({
        conditions: conditions({
          users: {
            includedUsers: [cloud.world.person("ana.lima"), cloud.world.person("jon.berg")],
            excludedUsers: [cloud.world.person("gus"), "GuestsOrExternalUsers"],
            includedRoles: ["62e90394-69f5-4237-9190-012177145e10"],
            excludedRoles: ["b1be1c3e-b65d-4f19-8427-f6fa0d97feb9"],
          },
        }),
      }),
  ],
  [
    "guests of any tenant",
    () =>
      args({
        conditions: conditions({ users: { includedGuestsOrExternalUsers: guests([{ membershipKind: "all" }]) } }),
      }),
  ],
  [
    "guests of some tenants left out",
    () =>
      args({
        conditions: conditions({
          users: {
            includedUsers: ["All"],
            excludedGuestsOrExternalUsers: guests([{ membershipKind: "enumerated", members: [NOWHERE] }]),
          },
        }),
      }),
  ],
  [
    "guests with an account here",
    () =>
      args({
        conditions: conditions({
          users: { includedGuestsOrExternalUsers: [{ guestOrExternalUserTypes: ["internalGuest"] }] },
        }),
      }),
  ],
  [
    "applications but one",
    () =>
      args({
        conditions: conditions({
          applications: { includedApplications: ["All"], excludedApplications: [AZURE_CLI] },
        }),
      }),
  ],
  [
    "a filter for applications",
    () =>
      args({
        conditions: conditions({
          applications: {
            includedApplications: ["All"],
            filter: { mode: "exclude", rule: 'CustomSecurityAttribute.Data_Class -eq "open"' },
          },
        }),
      }),
  ],
  [
    "a user action",
    () =>
      args({ conditions: conditions({ applications: { includedUserActions: ["urn:user:registersecurityinfo"] } }) }),
  ],
  [
    "legacy clients",
    () => args({ grantControls: block, conditions: conditions({ clientAppTypes: ["exchangeActiveSync", "other"] }) }),
  ],
  [
    "flows, in whatever order",
    () =>
      args({
        grantControls: block,
        conditions: conditions({ authenticationFlowTransferMethods: ["authenticationTransfer", "deviceCodeFlow"] }),
      }),
  ],
  [
    "platforms and places",
    () =>
      args({
        grantControls: block,
        conditions: conditions({
          platforms: { includedPlatforms: ["all"], excludedPlatforms: ["windows", "macOS", "linux"] },
          locations: { includedLocations: ["All"], excludedLocations: ["AllTrusted"] },
        }),
      }),
  ],
  [
    "a device filter",
    () =>
      args({
        conditions: conditions({
          devices: {
            filter: { mode: "exclude", rule: 'device.isCompliant -eq True -or device.trustType -eq "ServerAD"' },
          },
        }),
      }),
  ],
  [
    "risks",
    () =>
      args({
        conditions: conditions({ signInRiskLevels: ["medium", "high"], insiderRiskLevels: "elevated" }),
        sessionControls: { signInFrequencyInterval: "everyTime" },
      }),
  ],
  [
    "a new password",
    () =>
      args({
        conditions: conditions({ applications: { includedApplications: ["All"] }, userRiskLevels: ["high"] }),
        grantControls: { operator: "AND", builtInControls: ["mfa", "passwordChange"] },
      }),
  ],
  [
    "workloads",
    () =>
      args({
        grantControls: block,
        conditions: conditions({
          users: { includedUsers: ["None"] },
          clientApplications: { includedServicePrincipals: ["ServicePrincipalsInMyTenant"] },
          servicePrincipalRiskLevels: ["high"],
        }),
      }),
  ],
  [
    "a built-in strength",
    () =>
      args({
        grantControls: {
          operator: "OR",
          authenticationStrengthPolicyId:
            "/policies/authenticationStrengthPolicies/00000000-0000-0000-0000-000000000004",
        },
      }),
  ],
  [
    "a device or another",
    () => args({ grantControls: { operator: "OR", builtInControls: ["compliantDevice", "domainJoinedDevice"] } }),
  ],
  [
    "a session by hours",
    () => args({ grantControls: undefined, sessionControls: { signInFrequency: 12, signInFrequencyPeriod: "hours" } }),
  ],
  [
    "a session with everything said",
    () =>
      args({
        conditions: conditions({ applications: { includedApplications: ["All"] } }),
        sessionControls: {
          applicationEnforcedRestrictionsEnabled: false,
          cloudAppSecurityPolicy: "monitorOnly",
          disableResilienceDefaults: true,
          persistentBrowserMode: "never",
          signInFrequency: 1,
          signInFrequencyAuthenticationType: "secondaryAuthentication",
          signInFrequencyInterval: "timeBased",
          signInFrequencyPeriod: "days",
        },
      }),
  ],
  [
    "a session without effect",
    () =>
      args({ sessionControls: { applicationEnforcedRestrictionsEnabled: false, disableResilienceDefaults: false } }),
  ],
];

describe("what was sent comes back", () => {
  test.each(shapes)("%s", async (_, shape) => {
    const made = await deploy(cloud.azuread, POLICY, shape() as ReturnType<typeof args>);
    expect(made.id).toBe(`${PREFIX}${String(made.outputs.objectId)}`);
    const again = await cloud.azuread.diff(POLICY, made.id, made, made.inputs);
    expect(again.changes).toEqual({});
    const refreshed = await cloud.azuread.read(POLICY, made.id, made);
    expect(refreshed?.inputs).toEqual(made.inputs);
    const imported = await cloud.azuread.read(POLICY, made.id);
    const { changes } = await cloud.azuread.diff(
      POLICY,
      made.id,
      { ...made, inputs: imported?.inputs ?? {} },
      made.inputs,
    );
    expect(changes).toEqual({});
    const update = await redeploy(cloud.azuread, POLICY, made, shape() as ReturnType<typeof args>);
    expect(update.outputs).toEqual(made.outputs);
  });
});

describe("the life of a policy", () => {
  it("is sent whole, with explicit nulls", async () => {
    const { inputs } = await deploy(cloud.azuread, POLICY, args());
    expect(cloud.requests).toEqual([
      "POST /v1.0/identity/conditionalAccess/policies",
      expect.stringMatching(/^GET \/v1\.0\/identity\/conditionalAccess\/policies\//),
    ]);
    expect(policyBody(inputs)).toEqual({
      displayName: "MFA",
      state: "enabled",
      conditions: {
        applications: {
          includeApplications: [DATABRICKS],
          excludeApplications: [],
          includeUserActions: [],
          applicationFilter: null,
        },
        clientAppTypes: ["all"],
        clientApplications: null,
        devices: null,
        locations: null,
        platforms: null,
        servicePrincipalRiskLevels: [],
        signInRiskLevels: [],
        userRiskLevels: [],
        authenticationFlows: null,
        users: {
          includeUsers: ["All"],
          excludeUsers: [],
          includeGroups: [],
          excludeGroups: [],
          includeRoles: [],
          excludeRoles: [],
          includeGuestsOrExternalUsers: null,
          excludeGuestsOrExternalUsers: null,
        },
      },
      grantControls: { operator: "OR", builtInControls: ["mfa"], customAuthenticationFactors: [], termsOfUse: [] },
      sessionControls: null,
    });
  });

  test.each<[PropertyMap, unknown]>([
    [{}, null],
    [{ signInFrequency: 0, persistentBrowserMode: "" }, null],
    [{ signInFrequencyInterval: "timeBased" }, null],
    [
      { signInFrequencyInterval: "everyTime" },
      {
        signInFrequency: {
          isEnabled: true,
          frequencyInterval: "everyTime",
          authenticationType: "primaryAndSecondaryAuthentication",
        },
      },
    ],
    [
      { signInFrequency: 4, signInFrequencyPeriod: "hours" },
      {
        signInFrequency: {
          isEnabled: true,
          value: 4,
          type: "hours",
          frequencyInterval: "timeBased",
          authenticationType: "primaryAndSecondaryAuthentication",
        },
        applicationEnforcedRestrictions: { isEnabled: false },
        disableResilienceDefaults: false,
      },
    ],
    [
      { persistentBrowserMode: "never", cloudAppSecurityPolicy: "monitorOnly" },
      {
        persistentBrowser: { isEnabled: true, mode: "never" },
        cloudAppSecurity: { isEnabled: true, cloudAppSecurityType: "monitorOnly" },
        applicationEnforcedRestrictions: { isEnabled: false },
        disableResilienceDefaults: false,
      },
    ],
  ])("session controls %j are sent as they take effect", (sessionControls, expected) => {
    expect(policyBody({ ...args(), sessionControls }).sessionControls).toEqual(expected);
  });

  it("is known by its object id only once it is there", async () => {
    const { inputs } = await cloud.azuread.check(POLICY, undefined, args());
    const planned = await cloud.azuread.create(POLICY, inputs, { preview: true, timeoutSeconds: 1 });
    expect(planned.outputs.objectId).toBe(UNKNOWN);
    expect(cloud.requests).toEqual([]);
  });

  it("is promoted with one change, in place", async () => {
    const made = await deploy(cloud.azuread, POLICY, args({ state: "enabledForReportingButNotEnforced" }));
    const { diff, outputs } = await redeploy(cloud.azuread, POLICY, made, args());
    expect(diff.changes).toEqual({ state: "update" });
    expect(outputs).toMatchObject({ state: "enabled", objectId: made.outputs.objectId });
    expect(cloud.requests.at(-2)).toBe(`PATCH /v1.0${made.id}`);
  });

  it("loses what the program says no more", async () => {
    const rich = args({
      conditions: conditions({
        users: { includedUsers: ["All"], excludedGuestsOrExternalUsers: guests([{ membershipKind: "all" }]) },
        platforms: { includedPlatforms: ["linux"] },
        locations: { includedLocations: ["All"] },
        devices: { filter: { mode: "include", rule: "device.isCompliant -eq True" } },
        authenticationFlowTransferMethods: ["deviceCodeFlow"],
        signInRiskLevels: ["high"],
      }),
      grantControls: {
        operator: "AND",
        authenticationStrengthPolicyId: "/policies/authenticationStrengthPolicies/00000000-0000-0000-0000-000000000002",
      },
      sessionControls: { signInFrequency: 1, signInFrequencyPeriod: "days" },
    });
    const plain = await deploy(cloud.azuread, POLICY, args({ displayName: "plain" }));
    const made = await deploy(cloud.azuread, POLICY, rich);
    const { diff } = await redeploy(cloud.azuread, POLICY, made, args());
    expect(Object.keys(diff.changes).sort()).toEqual([
      "conditions.authenticationFlowTransferMethods",
      "conditions.devices",
      "conditions.locations",
      "conditions.platforms",
      "conditions.signInRiskLevels",
      "conditions.users.excludedGuestsOrExternalUsers",
      "grantControls.authenticationStrengthPolicyId",
      "grantControls.builtInControls",
      "grantControls.operator",
      "sessionControls",
    ]);
    const { conditions: left, grantControls, sessionControls } = stored(made.id) ?? {};
    expect({ left, grantControls, sessionControls }).toEqual({
      left: stored(plain.id)?.conditions,
      grantControls: stored(plain.id)?.grantControls,
      sessionControls: null,
    });
  });

  it("shows what somebody changed beside it", async () => {
    const made = await deploy(cloud.azuread, POLICY, args());
    const { conditionalAccessPolicies } = cloud.world.context.store.data;
    const now = stored(made.id);
    if (now) conditionalAccessPolicies[now.id] = { ...now, state: "disabled" };
    const drifted = await cloud.azuread.read(POLICY, made.id, made);
    const { changes } = await cloud.azuread.diff(POLICY, made.id, drifted ?? made, made.inputs);
    expect(changes).toEqual({ state: "update" });
  });

  it("is gone after its deletion, also when somebody was faster", async () => {
    const made = await deploy(cloud.azuread, POLICY, args());
    for (const _ of [1, 2]) await cloud.azuread.delete(POLICY, made.id, made.outputs, { timeoutSeconds: 5 });
    expect(await cloud.azuread.read(POLICY, made.id)).toBeUndefined();
    expect(cloud.requests.filter((request) => request.startsWith("DELETE"))).toHaveLength(1);
  });

  it("is found by its name after an interrupted run", async () => {
    const made = await deploy(cloud.azuread, POLICY, args());
    expect(await cloud.azuread.find(POLICY, args())).toBe(made.id);
    expect(await cloud.azuread.find(POLICY, args({ displayName: "another" }))).toBeUndefined();
  });

  it("refuses ids of another form", async () => {
    await expect(cloud.azuread.read(POLICY, NOWHERE)).rejects.toThrow(
      "/identity/conditionalAccess/policies/<object id>",
    );
  });

  it("says what Graph says", async () => {
    const unknown = args({ conditions: conditions({ users: { includedGroups: [NOWHERE] } }) });
    await expect(deploy(cloud.azuread, POLICY, unknown)).rejects.toThrow("invalid group ids");
    const filtered = {
      includedServicePrincipals: ["ServicePrincipalsInMyTenant"],
      filter: { mode: "include", rule: "x" },
    };
    const workloads = conditions({ users: { includedUsers: ["None"] }, clientApplications: filtered });
    await expect(deploy(cloud.azuread, POLICY, args({ conditions: workloads, grantControls: block }))).rejects.toThrow(
      "501",
    );
  });
});

test.each<[object, string]>([
  [{ displayName: undefined }, "displayName"],
  [{ state: "on" }, "state"],
  [{ conditions: conditions({ users: undefined }) }, "conditions.users"],
  [{ conditions: conditions({ users: { excludedUsers: ["x"] } }) }, "conditions.users"],
  [{ conditions: conditions({ applications: {} }) }, "conditions.applications"],
  [
    {
      conditions: conditions({
        applications: { includedApplications: ["All"], includedUserActions: ["urn:user:registerdevice"] },
      }),
    },
    "conditions.applications",
  ],
  [{ conditions: conditions({ clientAppTypes: ["modern"] }) }, "conditions.clientAppTypes"],
  [
    { conditions: conditions({ platforms: { includedPlatforms: ["beos"] } }) },
    "conditions.platforms.includedPlatforms",
  ],
  [{ conditions: conditions({ platforms: { excludedPlatforms: ["iOS"] } }) }, "conditions.platforms.includedPlatforms"],
  [{ conditions: conditions({ locations: {} }) }, "conditions.locations.includedLocations"],
  [{ conditions: conditions({ userRiskLevels: ["severe"] }) }, "conditions.userRiskLevels"],
  [{ conditions: conditions({ insiderRiskLevels: "high" }) }, "conditions.insiderRiskLevels"],
  [{ conditions: conditions({ devices: { filter: { mode: "some", rule: "x" } } }) }, "conditions.devices.filter.mode"],
  [
    {
      conditions: conditions({
        applications: { includedApplications: ["All"], filter: { mode: "some", rule: "x" } },
      }),
    },
    "conditions.applications.filter.mode",
  ],
  [
    { conditions: conditions({ authenticationFlowTransferMethods: ["ropc"] }) },
    "conditions.authenticationFlowTransferMethods",
  ],
  [
    { conditions: conditions({ users: { includedGuestsOrExternalUsers: [{ guestOrExternalUserTypes: ["none"] }] } }) },
    "conditions.users.includedGuestsOrExternalUsers",
  ],
  [{ grantControls: undefined }, "grantControls"],
  [{ grantControls: { operator: "OR" } }, "grantControls"],
  [{ grantControls: { ...mfa, operator: "XOR" } }, "grantControls.operator"],
  [{ grantControls: { ...mfa, builtInControls: ["password"] } }, "grantControls.builtInControls"],
  [
    { grantControls: { operator: "OR", authenticationStrengthPolicyId: "00000000-0000-0000-0000-000000000002" } },
    "grantControls.authenticationStrengthPolicyId",
  ],
  [{ sessionControls: { signInFrequency: 4 } }, "sessionControls.signInFrequency"],
  [{ sessionControls: { signInFrequencyPeriod: "hours" } }, "sessionControls.signInFrequency"],
  [
    { sessionControls: { signInFrequency: 4, signInFrequencyPeriod: "hours", signInFrequencyInterval: "everyTime" } },
    "sessionControls.signInFrequencyInterval",
  ],
  [{ sessionControls: { persistentBrowserMode: "sometimes" } }, "sessionControls.persistentBrowserMode"],
  [{ grantControls: undefined, sessionControls: { disableResilienceDefaults: false } }, "sessionControls"],
])("%j is refused before Graph is asked", async (more, property) => {
  const { failures } = await cloud.azuread.check(POLICY, undefined, args(more));
  expect(failures.map((failure) => failure.property)).toEqual([property]);
});

it("lets what a preview does not know yet be", async () => {
  const unknown = args({ state: UNKNOWN, conditions: conditions({ users: { includedGroups: UNKNOWN } }) });
  expect((await cloud.azuread.check(POLICY, undefined, unknown)).failures).toEqual([]);
});

describe("an authentication strength", () => {
  const keys = { displayName: "Security keys", description: "Keys only", allowedCombinations: ["fido2"] };

  it("lives", async () => {
    const made = await deploy(cloud.azuread, STRENGTH, keys);
    expect(made.id).toMatch(/^\/policies\/authenticationStrengthPolicies\/[0-9a-f-]{36}$/);
    expect((await cloud.azuread.read(STRENGTH, made.id, made))?.inputs).toEqual(keys);
    expect((await cloud.azuread.read(STRENGTH, made.id))?.inputs).toEqual(keys);
    expect(await cloud.azuread.find(STRENGTH, keys)).toBe(made.id);
    const renamed = await redeploy(cloud.azuread, STRENGTH, made, {
      ...keys,
      displayName: "Keys",
      description: undefined,
    });
    expect(renamed.diff.changes).toEqual({ description: "delete", displayName: "update" });
    expect(cloud.requests).not.toContain(`POST /v1.0${made.id}/updateAllowedCombinations`);
    const wider = { displayName: "Keys", allowedCombinations: ["windowsHelloForBusiness", "fido2"] };
    const { diff, outputs } = await redeploy(cloud.azuread, STRENGTH, renamed, wider);
    expect(Object.values(diff.changes)).not.toContain("update-replace");
    expect(outputs.allowedCombinations).toEqual(wider.allowedCombinations);
    expect(cloud.requests).toContain(`POST /v1.0${made.id}/updateAllowedCombinations`);
    const turned = await cloud.azuread.diff(
      STRENGTH,
      made.id,
      { ...renamed, inputs: wider },
      {
        ...wider,
        allowedCombinations: ["fido2", "windowsHelloForBusiness"],
      },
    );
    expect(turned.changes).toEqual({});
    await cloud.azuread.delete(STRENGTH, made.id, outputs, { timeoutSeconds: 5 });
    expect(await cloud.azuread.read(STRENGTH, made.id)).toBeUndefined();
  });

  it("is named by a policy with its whole id", async () => {
    const strength = await deploy(cloud.azuread, STRENGTH, keys);
    const grantControls = { operator: "OR", authenticationStrengthPolicyId: strength.id };
    const made = await deploy(cloud.azuread, POLICY, args({ grantControls }));
    expect(made.outputs.grantControls).toMatchObject(grantControls);
    await expect(cloud.azuread.delete(STRENGTH, strength.id, strength.outputs, { timeoutSeconds: 5 })).rejects.toThrow(
      "referenced",
    );
  });
});
