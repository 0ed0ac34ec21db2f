import { beforeEach, describe, expect, it, test } from "vitest";
import { DATABRICKS } from "../../emulator/first-party.ts";
import { NOWHERE } from "../../emulator/testing.ts";
import { type PropertyMap, UNKNOWN } from "../protocol/types.ts";
import { deploy, redeploy, type TestCloud, testCloud } from "../testing.ts";
import { policyBody } from "./conditional-access-body.ts";
import { args, block, conditions, guests, mfa, POLICY, PREFIX } from "./conditional-access-testing.ts";

let cloud: TestCloud;
beforeEach(() => {
  cloud = testCloud();
});

const stored = (id: string) => cloud.world.context.store.data.conditionalAccessPolicies[id.slice(PREFIX.length)];

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
