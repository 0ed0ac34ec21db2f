import { beforeEach, describe, expect, it, test } from "vitest";
import { NOWHERE } from "../../testing.ts";
import { reference } from "../testing.ts";
import {
  APP,
  LOCATIONS,
  OTHER_APP,
  office,
  POLICIES,
  type PolicyParts,
  type PolicyWorld,
  policy,
  policyWorld,
} from "./testing.ts";

let world: PolicyWorld;
beforeEach(() => {
  world = policyWorld();
});

const EVALUATE = "/identity/conditionalAccess/evaluate";
const user = (key: string, more: object = {}) => ({
  "@odata.type": "#microsoft.graph.userSignIn",
  userId: world.person(key),
  ...more,
});
const opening = (...includeApplications: string[]) => ({
  "@odata.type": "#microsoft.graph.applicationContext",
  includeApplications,
});
const question = (more: object = {}) => ({
  signInIdentity: user("ana.lima"),
  signInContext: opening(APP),
  signInConditions: { devicePlatform: "windows", clientAppType: "browser", country: "PT", ipAddress: "198.51.100.7" },
  ...more,
});
interface Result {
  id: string;
  policyApplies: boolean;
  analysisReasons: string;
}
const ask = async (more: object = {}): Promise<Result[]> => {
  const { status, body } = await world.graph("POST", `/beta${EVALUATE}`, question(more));
  expect(status, JSON.stringify(body)).toBe(200);
  return body.value;
};
/** What becomes of one policy: `applies`, or why it does not. */
const reason = async (parts: PolicyParts, more: object = {}) => {
  const { id } = await world.made(POLICIES, policy(parts));
  const found = (await ask(more)).find((result) => result.id === id);
  expect(found?.policyApplies).toBe(found?.analysisReasons === "notSet");
  return found?.policyApplies ? "applies" : found?.analysisReasons;
};

it("answers with whole policies in both versions", async () => {
  const made = await world.made(POLICIES, policy());
  for (const version of ["v1.0", "beta"]) {
    const { status, body } = await world.graph("POST", `/${version}${EVALUATE}`, question());
    expect(status).toBe(200);
    const context = `https://graph.microsoft.com/${version}/$metadata#Collection(microsoft.graph.whatIfAnalysisResult)`;
    expect(body["@odata.context"]).toBe(context);
    expect(body.value).toHaveLength(1);
    expect(body.value[0]).toMatchObject({
      id: made.id,
      templateId: null,
      displayName: "MFA",
      createdDateTime: made.createdDateTime,
      state: "enabled",
      policyApplies: true,
      analysisReasons: "notSet",
      partialEnablementStrategy: null,
      conditions: { clients: null, times: null, deviceStates: null, applications: { networkAccess: null } },
      grantControls: { operator: "OR", builtInControls: ["mfa"] },
      sessionControls: null,
    });
  }
});

it("leaves out what does not apply when asked to", async () => {
  await world.made(POLICIES, policy({ state: "enabledForReportingButNotEnforced" }));
  await world.made(POLICIES, policy({ state: "disabled" }));
  await world.made(POLICIES, policy({ applications: { includeApplications: [OTHER_APP] } }));
  expect((await ask()).map((result) => result.analysisReasons).sort()).toEqual([
    "application",
    "notSet",
    "policyNotEnabled",
  ]);
  expect(await ask({ appliedPoliciesOnly: true })).toMatchObject([
    { state: "enabledForReportingButNotEnforced", policyApplies: true },
  ]);
});

describe("who", () => {
  it("follows nested groups", async () => {
    const [outer, inner] = [await world.group("outer"), await world.group("inner")];
    await world.graph("POST", `/groups/${outer}/members/$ref`, reference(inner));
    await world.graph("POST", `/groups/${inner}/members/$ref`, reference(world.person("ana.lima")));
    expect(await reason({ users: { includeGroups: [outer] } })).toBe("applies");
    expect(await reason({ users: { includeGroups: [outer] } }, { signInIdentity: user("jon.berg") })).toBe("users");
    expect(await reason({ users: { includeUsers: ["All"], excludeGroups: [outer] } })).toBe("users");
  });

  it("knows guests, or takes the caller's word for it", async () => {
    const users = (guestOrExternalUserTypes: string) => ({
      users: { includeGuestsOrExternalUsers: { guestOrExternalUserTypes } },
    });
    const gus = { signInIdentity: user("gus") };
    const partner = {
      signInIdentity: user("ana.lima", { externalUserType: "serviceProvider", externalTenantId: NOWHERE }),
    };
    expect(await reason(users("b2bCollaborationGuest"), gus)).toBe("applies");
    expect(await reason(users("serviceProvider"), gus)).toBe("users");
    expect(await reason(users("serviceProvider"), partner)).toBe("applies");
    expect(await reason(users("b2bCollaborationGuest"))).toBe("users");
  });

  it("nobody holds a directory role", async () => {
    expect(await reason({ users: { includeRoles: ["62e90394-69f5-4237-9190-012177145e10"] } })).toBe("users");
  });

  it("takes service principals of the tenant's own", async () => {
    const block = { grant: { operator: "OR", builtInControls: ["block"] } };
    const workloads = {
      users: null,
      conditions: { clientApplications: { includeServicePrincipals: ["ServicePrincipalsInMyTenant"] } },
      ...block,
    };
    const principal = (servicePrincipalId: string) => ({
      signInIdentity: { "@odata.type": "#microsoft.graph.servicePrincipalSignIn", servicePrincipalId },
    });
    const graph =
      Object.values(world.context.store.data.servicePrincipals).find(({ appId }) => appId === APP)?.id ?? "";
    expect(await reason(workloads, principal(world.deployer.objectId))).toBe("applies");
    expect(await reason(workloads, principal(graph))).toBe("workloadIdentities");
    expect(await reason(workloads)).toBe("workloadIdentities");
    expect(await reason({}, principal(world.deployer.objectId))).not.toBe("applies");
  });
});

describe("what for", () => {
  const action = (userAction: string) => ({
    signInContext: { "@odata.type": "#microsoft.graph.userActionContext", userAction },
  });
  const context = (authenticationContextValue: string) => ({
    signInContext: { "@odata.type": "#microsoft.graph.authContext", authenticationContextValue },
  });

  it("tells applications, user actions and contexts apart", async () => {
    const registering = { applications: { includeUserActions: ["urn:user:registersecurityinfo"] } };
    const joining = { applications: { includeUserActions: ["urn:user:registerdevice"] } };
    const c1 = { applications: { includeAuthenticationContextClassReferences: ["c1"] } };
    expect(await reason(registering, action("registerSecurityInformation"))).toBe("applies");
    expect(await reason(registering, action("registerOrJoinDevices"))).toBe("userActions");
    expect(await reason(joining, action("registerOrJoinDevices"))).toBe("applies");
    expect(await reason(c1, context("c1"))).toBe("applies");
    expect(await reason(c1, context("c2"))).toBe("authenticationContext");
    expect(await reason({}, { signInContext: opening(OTHER_APP, APP) })).toBe("applies");
  });
});

describe("conditions", () => {
  const under = (signInConditions: object) => ({ signInConditions });

  test.each<[string, PolicyParts, object, string]>([
    [
      "platform",
      { conditions: { platforms: { includePlatforms: ["macOS"] } } },
      { devicePlatform: "macOS" },
      "applies",
    ],
    [
      "platform",
      { conditions: { platforms: { includePlatforms: ["macOS"] } } },
      { devicePlatform: "iOS" },
      "devicePlatform",
    ],
    ["client", { conditions: { clientAppTypes: ["other"] } }, { clientAppType: "other" }, "applies"],
    ["client", { conditions: { clientAppTypes: ["other"] } }, { clientAppType: "browser" }, "clientApps"],
    ["risk", { conditions: { signInRiskLevels: ["high"] } }, { signInRiskLevel: "high" }, "applies"],
    ["risk none by default", { conditions: { signInRiskLevels: ["high"] } }, {}, "signInRisk"],
    ["user risk", { conditions: { userRiskLevels: ["high"] } }, { userRiskLevel: "low" }, "userRisk"],
    ["insider risk", { conditions: { insiderRiskLevels: "elevated" } }, { insiderRiskLevel: "elevated" }, "applies"],
    [
      "flow",
      { conditions: { authenticationFlows: { transferMethods: "deviceCodeFlow" } } },
      { authenticationFlow: { transferMethod: "deviceCodeFlow" } },
      "applies",
    ],
    [
      "flow none by default",
      { conditions: { authenticationFlows: { transferMethods: "deviceCodeFlow" } } },
      {},
      "authenticationFlow",
    ],
    [
      "device",
      { conditions: { devices: { deviceFilter: { mode: "include", rule: 'device.trustType -eq "AzureAD"' } } } },
      { deviceInfo: { trustType: "EntraID" } },
      "applies",
    ],
    [
      "device",
      { conditions: { devices: { deviceFilter: { mode: "include", rule: 'device.extensionAttribute3 -eq "x"' } } } },
      { deviceInfo: { extensionAttribute3: "x", isCompliant: true } },
      "applies",
    ],
    [
      "device",
      { conditions: { devices: { deviceFilter: { mode: "include", rule: "device.isCompliant -eq True" } } } },
      { deviceInfo: { isCompliant: false } },
      "devices",
    ],
  ])("%s", async (_, parts, conditions, expected) => {
    expect(await reason(parts, under({ devicePlatform: "windows", clientAppType: "browser", ...conditions }))).toBe(
      expected,
    );
  });

  it("judges places by the directory's own named locations", async () => {
    const { id } = await world.made(LOCATIONS, office({ isTrusted: true }));
    const outside = (excluded: string) => ({
      conditions: { locations: { includeLocations: ["All"], excludeLocations: [excluded] } },
    });
    expect(await reason(outside(id))).toBe("location");
    expect(await reason(outside("AllTrusted"))).toBe("location");
    expect(await reason(outside(id), under({ ipAddress: "203.0.113.9", country: "DE" }))).toBe("applies");
    expect(await reason(outside(id), under({ ipAddress: "2001:db8:10::1", country: "PT" }))).toBe("location");
  });

  it("says so when it is not told enough", async () => {
    const clients = { conditions: { clientAppTypes: ["other"] } };
    const platforms = { conditions: { platforms: { includePlatforms: ["macOS"] } } };
    expect(await reason(clients, under({}))).toBe("notEnoughInformation");
    expect(await reason(platforms, under({ devicePlatform: "all", clientAppType: "browser" }))).toBe(
      "notEnoughInformation",
    );
  });
});

test.each<[object, string]>([
  [{ signInIdentity: undefined }, "signInIdentity"],
  [{ signInIdentity: { userId: NOWHERE } }, "signInIdentity"],
  [{ signInIdentity: { "@odata.type": "#microsoft.graph.userSignIn", userId: "ana" } }, "userId"],
  [
    { signInIdentity: { "@odata.type": "#microsoft.graph.userSignIn", userId: NOWHERE } },
    `invalid user ids: ${NOWHERE}`,
  ],
  [
    { signInIdentity: { "@odata.type": "#microsoft.graph.servicePrincipalSignIn", servicePrincipalId: NOWHERE } },
    "invalid service principal ids",
  ],
  [{ signInContext: undefined }, "signInContext"],
  [
    { signInContext: { "@odata.type": "#microsoft.graph.applicationContext", includeApplications: [] } },
    "includeApplications",
  ],
  [{ signInContext: { "@odata.type": "#microsoft.graph.userActionContext", userAction: "dance" } }, "userAction"],
  [{ signInContext: { "@odata.type": "#microsoft.graph.authContext", authenticationContextValue: "x" } }, "c1 to c99"],
  [{ signInConditions: undefined }, "signInConditions"],
  [{ signInConditions: { weather: "rain" } }, "signInConditions.weather"],
  [{ signInConditions: { ipAddress: "home" } }, "signInConditions.ipAddress"],
  [{ signInConditions: { deviceInfo: { trustType: "Mine" } } }, "trustType"],
  [{ appliedPoliciesOnly: "yes" }, "appliedPoliciesOnly"],
  [{ more: true }, "more"],
])("%j is refused", async (more, part) => {
  const { status, body } = await world.graph("POST", EVALUATE, { ...question(), ...more });
  expect([status, body.error.code]).toEqual([400, "BadRequest"]);
  expect(body.error.message).toContain(part);
});

it("asks for the right to read policies", async () => {
  const { status, body } = await world.graph("POST", EVALUATE, question(), "stranger");
  expect([status, body.error.code]).toEqual([403, "AccessDenied"]);
});
