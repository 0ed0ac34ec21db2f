import { beforeEach, describe, expect, it, test } from "vitest";
import { NOWHERE } from "../../testing.ts";
import { APP, POLICIES, type PolicyWorld, policy, policyWorld } from "./testing.ts";

let world: PolicyWorld;
beforeEach(() => {
  world = policyWorld();
});

const get = async (id: string, version = "v1.0") => (await world.graph("GET", `/${version}${POLICIES}/${id}`)).body;

describe("the life of a policy", () => {
  it("answers the whole shape, with null and empty lists where nothing is said", async () => {
    const made = await world.made(POLICIES, policy());
    expect(made).toEqual({
      "@odata.context": "https://graph.microsoft.com/v1.0/$metadata#identity/conditionalAccess/policies/$entity",
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      templateId: null,
      displayName: "MFA",
      createdDateTime: "2026-03-02T09:00:00.000Z",
      modifiedDateTime: null,
      state: "enabled",
      conditions: {
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
        applications: {
          includeApplications: [APP],
          excludeApplications: [],
          includeUserActions: [],
          includeAuthenticationContextClassReferences: [],
          applicationFilter: null,
        },
        clientAppTypes: ["all"],
        clientApplications: null,
        platforms: null,
        locations: null,
        signInRiskLevels: [],
        userRiskLevels: [],
        servicePrincipalRiskLevels: [],
        insiderRiskLevels: null,
        devices: null,
        authenticationFlows: null,
      },
      grantControls: {
        operator: "OR",
        builtInControls: ["mfa"],
        customAuthenticationFactors: [],
        termsOfUse: [],
        "authenticationStrength@odata.context": `https://graph.microsoft.com/v1.0/$metadata#identity/conditionalAccess/policies('${made.id}')/grantControls/authenticationStrength/$entity`,
        authenticationStrength: null,
      },
      sessionControls: null,
    });
    expect(await get(made.id)).toEqual(made);
  });

  it("takes its own v1.0 answer back", async () => {
    const made = await world.made(POLICIES, policy());
    const { displayName, state, conditions, grantControls, sessionControls } = await get(made.id);
    const { "authenticationStrength@odata.context": _, ...grant } = grantControls;
    const back = { displayName, state, conditions, grantControls: grant, sessionControls };
    const answer = await world.graph("PATCH", `${POLICIES}/${made.id}`, back);
    expect(answer.status).toBe(204);
    expect(await get(made.id)).toEqual({ ...(await get(made.id)), displayName, state, conditions, sessionControls });
  });

  it("lists what only beta knows there alone", async () => {
    const { id } = await world.made(`/beta${POLICIES}`, {
      ...policy({ conditions: { times: null, deviceStates: null } }),
      sessionControls: { signInFrequency: { isEnabled: true, value: 4, type: "hours" } },
    });
    const [stable, beta] = [await get(id), await get(id, "beta")];
    expect(beta.conditions).toMatchObject({ times: null, deviceStates: null });
    expect(beta.sessionControls).toMatchObject({ continuousAccessEvaluation: null });
    expect(Object.keys(stable.conditions)).not.toContain("times");
    expect(Object.keys(stable.sessionControls)).toEqual([
      "signInFrequency",
      "persistentBrowser",
      "applicationEnforcedRestrictions",
      "cloudAppSecurity",
      "disableResilienceDefaults",
    ]);
  });

  it("lists, filters and selects", async () => {
    await world.made(POLICIES, policy());
    await world.made(POLICIES, { ...policy(), displayName: "Other", state: "disabled" });
    const names = async (query: string) =>
      (await world.graph("GET", `${POLICIES}${query}`)).body.value.map((p: { displayName: string }) => p.displayName);
    expect((await names("")).sort()).toEqual(["MFA", "Other"]);
    expect(await names("?$filter=displayName eq 'Other'")).toEqual(["Other"]);
    expect(await names("?$filter=state eq 'enabled'")).toEqual(["MFA"]);
    const { body } = await world.graph("GET", `${POLICIES}?$select=state&$filter=displayName eq 'MFA'`);
    expect(body.value).toEqual([{ state: "enabled" }]);
  });

  it("changes what a PATCH names, and keeps the rest", async () => {
    const everybody = await world.group("everybody");
    const { id } = await world.made(
      POLICIES,
      policy({ conditions: { platforms: { includePlatforms: ["all"], excludePlatforms: ["linux"] } } }),
    );
    world.wait(60_000);
    const answer = await world.graph("PATCH", `${POLICIES}/${id}`, {
      state: "enabledForReportingButNotEnforced",
      conditions: { users: { excludeGroups: [everybody] } },
    });
    expect(answer.status).toBe(204);
    expect(await get(id)).toMatchObject({
      displayName: "MFA",
      state: "enabledForReportingButNotEnforced",
      createdDateTime: "2026-03-02T09:00:00.000Z",
      modifiedDateTime: "2026-03-02T09:01:00.000Z",
      conditions: {
        users: { includeUsers: ["All"], excludeGroups: [everybody] },
        platforms: { includePlatforms: ["all"], excludePlatforms: ["linux"] },
      },
      grantControls: { builtInControls: ["mfa"] },
    });
    await world.graph("PATCH", `${POLICIES}/${id}`, { conditions: { platforms: null } });
    expect((await get(id)).conditions.platforms).toBeNull();
  });

  it("replaces controls as wholes and takes them away with null", async () => {
    const { id } = await world.made(
      POLICIES,
      policy({ session: { signInFrequency: { isEnabled: true, value: 12, type: "hours" } } }),
    );
    const strength = { operator: "AND", authenticationStrength: { id: "00000000-0000-0000-0000-000000000004" } };
    await world.graph("PATCH", `${POLICIES}/${id}`, { grantControls: strength });
    expect((await get(id)).grantControls).toMatchObject({ operator: "AND", builtInControls: [] });
    await world.graph("PATCH", `${POLICIES}/${id}`, { grantControls: null });
    expect(await get(id)).toMatchObject({ grantControls: null, sessionControls: { signInFrequency: { value: 12 } } });
    const { status } = await world.graph("PATCH", `${POLICIES}/${id}`, { sessionControls: null });
    expect(status).toBe(400);
  });

  it("is gone after DELETE", async () => {
    const { id } = await world.made(POLICIES, policy());
    expect((await world.graph("DELETE", `${POLICIES}/${id}`)).status).toBe(204);
    const { status, body } = await world.graph("GET", `${POLICIES}/${id}`);
    expect([status, body.error.code]).toEqual([404, "ResourceNotFound"]);
    expect((await world.graph("DELETE", `${POLICIES}/${id}`)).status).toBe(404);
    expect((await world.graph("PATCH", `${POLICIES}/${id}`, { state: "disabled" })).status).toBe(404);
  });
});

describe("normalisation", () => {
  const conditions = async (parts: Parameters<typeof policy>[0]) =>
    (await get((await world.made(POLICIES, policy(parts))).id)).conditions;

  it("writes keywords and ids as Graph does", async () => {
    const ana = world.person("ana.lima");
    expect(
      await conditions({
        users: { includeUsers: ["all"], excludeUsers: [ana.toUpperCase(), "guestsorexternalusers"] },
        applications: { includeApplications: ["office365", APP.toUpperCase()] },
        conditions: { locations: { includeLocations: ["all"], excludeLocations: ["alltrusted"] } },
      }),
    ).toMatchObject({
      users: { includeUsers: ["All"], excludeUsers: [ana, "GuestsOrExternalUsers"] },
      applications: { includeApplications: ["Office365", APP] },
      locations: { includeLocations: ["All"], excludeLocations: ["AllTrusted"] },
    });
  });

  it("takes empty conditions for none", async () => {
    expect(
      await conditions({
        conditions: {
          platforms: { includePlatforms: [], excludePlatforms: [] },
          locations: { includeLocations: [] },
          devices: { deviceFilter: null },
          authenticationFlows: { transferMethods: null },
          clientApplications: { includeServicePrincipals: [], excludeServicePrincipals: [] },
          signInRiskLevels: null,
        },
      }),
    ).toMatchObject({
      platforms: null,
      locations: null,
      devices: null,
      authenticationFlows: null,
      clientApplications: null,
      signInRiskLevels: [],
    });
  });

  it("writes flags in Graph's order, and marks external tenants with their types", async () => {
    const guests = { guestOrExternalUserTypes: "serviceProvider, b2bCollaborationGuest", externalTenants: null };
    const all = { "@odata.type": "#microsoft.graph.conditionalAccessAllExternalTenants", membershipKind: "all" };
    const some = {
      "@odata.type": "#microsoft.graph.conditionalAccessEnumeratedExternalTenants",
      membershipKind: "enumerated",
      members: [NOWHERE],
    };
    const { users, authenticationFlows, insiderRiskLevels } = await conditions({
      users: {
        includeGuestsOrExternalUsers: { ...guests, externalTenants: all },
        excludeGuestsOrExternalUsers: { guestOrExternalUserTypes: "internalGuest", externalTenants: some },
      },
      conditions: {
        authenticationFlows: { transferMethods: "authenticationTransfer,deviceCodeFlow" },
        insiderRiskLevels: "elevated,minor",
      },
    });
    expect(users.includeGuestsOrExternalUsers).toEqual({
      guestOrExternalUserTypes: "b2bCollaborationGuest,serviceProvider",
      externalTenants: all,
    });
    expect(users.excludeGuestsOrExternalUsers.externalTenants).toEqual(some);
    expect(authenticationFlows).toEqual({ transferMethods: "deviceCodeFlow,authenticationTransfer" });
    expect(insiderRiskLevels).toBe("minor,elevated");
  });

  it("forgets the members when a PATCH turns from some tenants to all", async () => {
    const guests = (externalTenants: object) => ({
      includeGuestsOrExternalUsers: { guestOrExternalUserTypes: "b2bCollaborationGuest", externalTenants },
    });
    const { id } = await world.made(
      POLICIES,
      policy({ users: guests({ membershipKind: "enumerated", members: [NOWHERE] }) }),
    );
    const users = guests({ membershipKind: "all" });
    expect((await world.graph("PATCH", `${POLICIES}/${id}`, { conditions: { users } })).status).toBe(204);
    expect((await get(id)).conditions.users.includeGuestsOrExternalUsers.externalTenants).toEqual({
      "@odata.type": "#microsoft.graph.conditionalAccessAllExternalTenants",
      membershipKind: "all",
    });
  });

  it("gives a policy for workload identities the user None", async () => {
    const { users, clientApplications } = await conditions({
      users: null,
      conditions: { clientApplications: { includeServicePrincipals: ["ServicePrincipalsInMyTenant"] } },
      grant: { operator: "OR", builtInControls: ["block"] },
    });
    expect(users.includeUsers).toEqual(["None"]);
    expect(clientApplications).toEqual({
      includeServicePrincipals: ["ServicePrincipalsInMyTenant"],
      excludeServicePrincipals: [],
      servicePrincipalFilter: null,
    });
  });

  it("puts the whole strength into the answer", async () => {
    const grant = { operator: "OR", authenticationStrength: { id: "00000000-0000-0000-0000-000000000004" } };
    const made = await world.made(POLICIES, policy({ grant }));
    expect(made.grantControls).toMatchObject({
      authenticationStrength: {
        id: "00000000-0000-0000-0000-000000000004",
        displayName: "Phishing resistant MFA",
        policyType: "builtIn",
        requirementsSatisfied: "mfa",
        allowedCombinations: ["windowsHelloForBusiness", "fido2", "x509CertificateMultiFactor"],
        combinationConfigurations: [],
      },
    });
  });

  const none = {
    signInFrequency: null,
    persistentBrowser: null,
    applicationEnforcedRestrictions: null,
    cloudAppSecurity: null,
    disableResilienceDefaults: null,
  };
  const hours = { isEnabled: true, value: 4, type: "hours" };
  test.each([
    [{}, null],
    [none, null],
    [{ disableResilienceDefaults: false, applicationEnforcedRestrictions: { isEnabled: false } }, null],
    [{ signInFrequency: { isEnabled: false, value: 4, type: "hours" } }, null],
    [{ persistentBrowser: { isEnabled: false, mode: "never" } }, null],
    [{ cloudAppSecurity: { isEnabled: null, cloudAppSecurityType: "monitorOnly" } }, null],
    [
      {
        signInFrequency: hours,
        applicationEnforcedRestrictions: { isEnabled: false },
        disableResilienceDefaults: false,
      },
      {
        ...none,
        signInFrequency: {
          ...hours,
          frequencyInterval: "timeBased",
          authenticationType: "primaryAndSecondaryAuthentication",
        },
      },
    ],
    [
      {
        signInFrequency: {
          isEnabled: true,
          frequencyInterval: "everyTime",
          authenticationType: "secondaryAuthentication",
        },
      },
      {
        ...none,
        signInFrequency: {
          isEnabled: true,
          frequencyInterval: "everyTime",
          value: null,
          type: null,
          authenticationType: "secondaryAuthentication",
        },
      },
    ],
    [{ disableResilienceDefaults: true }, { ...none, disableResilienceDefaults: true }],
    [
      { cloudAppSecurity: { isEnabled: true, cloudAppSecurityType: "blockDownloads" } },
      { ...none, cloudAppSecurity: { isEnabled: true, cloudAppSecurityType: "blockDownloads" } },
    ],
  ])("session controls %j become %j", async (session, expected) => {
    const made = await world.made(POLICIES, policy({ session }));
    expect(made.sessionControls).toEqual(expected);
  });
});

describe("permissions", () => {
  const caller = (name: string, ...roles: string[]) => {
    world.callers[name] = { objectId: NOWHERE, clientId: NOWHERE, roles, scopes: [] };
    return name;
  };

  it("opens reading to whoever may read policies", async () => {
    const reader = caller("reader", "Policy.Read.ConditionalAccess");
    expect((await world.graph("GET", POLICIES, undefined, reader)).status).toBe(200);
    const { status, body } = await world.graph("POST", POLICIES, policy(), reader);
    expect([status, body.error.code]).toEqual([403, "AccessDenied"]);
    expect((await world.graph("GET", POLICIES, undefined, "stranger")).status).toBe(403);
  });

  it("needs reading for writing", async () => {
    const writer = caller("writer", "Policy.ReadWrite.ConditionalAccess");
    expect((await world.graph("POST", POLICIES, policy(), writer)).status).toBe(403);
    caller("writer", "Policy.ReadWrite.ConditionalAccess", "Policy.Read.All");
    expect((await world.graph("POST", POLICIES, policy(), writer)).status).toBe(201);
  });
});

describe("objects that a policy names", () => {
  it("stay named after they are gone, and don't keep the policy from being changed", async () => {
    const [group, other] = [await world.group("sales"), await world.group("other")];
    const { id } = await world.made(
      POLICIES,
      policy({ users: { includeUsers: [world.person("gus")], includeGroups: [group] } }),
    );
    await world.graph("DELETE", `/groups/${group}`);
    await world.graph("DELETE", `/users/${world.person("gus")}`, undefined, "admin");
    expect((await get(id)).conditions.users).toMatchObject({ includeGroups: [group] });
    expect((await world.graph("PATCH", `${POLICIES}/${id}`, { state: "disabled" })).status).toBe(204);
    const users = { includeGroups: [group, other] };
    expect((await world.graph("PATCH", `${POLICIES}/${id}`, { conditions: { users } })).status).toBe(204);
    const { body } = await world.graph("POST", POLICIES, policy({ users: { includeGroups: [group] } }));
    expect(body.error.message).toBe(`'users' condition contains invalid group ids: ${group}.`);
  });
});

it("does not emulate what else there is of Conditional Access", async () => {
  for (const path of ["/identity/conditionalAccess/templates", "/identity/conditionalAccess/policies/x/restore"])
    expect((await world.graph("GET", path)).status).toBe(501);
});
