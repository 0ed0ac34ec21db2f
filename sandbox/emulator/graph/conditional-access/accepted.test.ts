import { beforeAll, describe, test } from "vitest";
import {
  everyApplication,
  everyTime,
  frequency,
  grant,
  OTHER_APP,
  POLICIES,
  type PolicyParts,
  type PolicyWorld,
  policy,
  policyWorld,
  strength,
} from "./testing.ts";

let world: PolicyWorld;
beforeAll(() => {
  world = policyWorld();
});

describe("what goes together", () => {
  test.each<[string, () => PolicyParts]>([
    ["nobody", () => ({ users: { includeUsers: ["None"] }, applications: { includeApplications: ["None"] } })],
    [
      "legacy clients blocked",
      () => ({ conditions: { clientAppTypes: ["exchangeActiveSync", "other"] }, grant: grant("block") }),
    ],
    [
      "Exchange ActiveSync on some platforms",
      () => ({ conditions: { clientAppTypes: ["exchangeActiveSync"], platforms: { includePlatforms: ["iOS"] } } }),
    ],
    [
      "MFA or a device",
      () => ({ grant: { operator: "OR", builtInControls: ["mfa", "compliantDevice", "domainJoinedDevice"] } }),
    ],
    ["a strength and a device", () => ({ grant: { ...grant("compliantDevice"), authenticationStrength: strength } })],
    [
      "a new password",
      () => ({
        applications: everyApplication,
        grant: grant("mfa", "passwordChange"),
        conditions: { userRiskLevels: ["high"] },
        session: everyTime,
      }),
    ],
    [
      "every time at sign-in risk",
      () => ({ conditions: { signInRiskLevels: ["medium", "high"] }, session: everyTime }),
    ],
    ["a session alone", () => ({ grant: null, session: frequency({ value: 23, type: "hours" }) })],
    [
      "a browser that forgets",
      () => ({ applications: everyApplication, session: { persistentBrowser: { isEnabled: true, mode: "never" } } }),
    ],
    [
      "Office's own restrictions",
      () => ({
        applications: { includeApplications: ["Office365"] },
        grant: null,
        session: { applicationEnforcedRestrictions: { isEnabled: true } },
      }),
    ],
    [
      "everybody but one blocked",
      () => ({
        users: { includeUsers: ["All"], excludeUsers: [world.person("ana.lima")] },
        applications: everyApplication,
        grant: grant("block"),
      }),
    ],
    [
      "everything but one blocked",
      () => ({ applications: { ...everyApplication, excludeApplications: [OTHER_APP] }, grant: grant("block") }),
    ],
    ["admins", () => ({ users: { includeRoles: ["62e90394-69f5-4237-9190-012177145e10"] } })],
    [
      "a device filter",
      () => ({
        conditions: {
          devices: {
            deviceFilter: { mode: "exclude", rule: 'device.isCompliant -eq True -or device.trustType -eq "ServerAD"' },
          },
        },
      }),
    ],
    ["registering a device", () => ({ applications: { includeUserActions: ["urn:user:registerdevice"] } })],
    ["a context", () => ({ applications: { includeAuthenticationContextClassReferences: ["c1", "c99"] } })],
    [
      "a filter for applications",
      () => ({
        applications: {
          applicationFilter: { mode: "include", rule: 'CustomSecurityAttribute.Data_Class -eq "secret"' },
        },
      }),
    ],
    [
      "the addresses of per-user MFA",
      () => ({
        conditions: {
          locations: { includeLocations: ["All"], excludeLocations: ["00000000-0000-0000-0000-000000000000"] },
        },
      }),
    ],
    [
      "one workload",
      () => ({
        users: { includeUsers: ["None"] },
        conditions: {
          clientApplications: { includeServicePrincipals: [world.deployer.objectId] },
          servicePrincipalRiskLevels: ["high"],
        },
        grant: grant("block"),
      }),
    ],
  ])("%s", async (_, parts) => {
    await world.made(POLICIES, policy(parts()));
  });
});
