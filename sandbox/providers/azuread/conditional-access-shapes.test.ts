import { beforeEach, describe, expect, test } from "vitest";
import { AZURE_CLI } from "../../emulator/first-party.ts";
import { NOWHERE } from "../../emulator/testing.ts";
import { deploy, redeploy, type TestCloud, testCloud } from "../testing.ts";
import { args, block, conditions, guests, POLICY, PREFIX } from "./conditional-access-testing.ts";

let cloud: TestCloud;
beforeEach(() => {
  cloud = testCloud();
});

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
