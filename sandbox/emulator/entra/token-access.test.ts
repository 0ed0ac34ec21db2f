import { describe, expect, it } from "vitest";
import { NO_USERS } from "../../../model/conditional-access/blank.ts";
import { BUILT_IN_STRENGTHS } from "../../../model/conditional-access/policy.ts";
import { AZURE_CLI, DATABRICKS } from "../first-party.ts";
import { targetsOf } from "./conditional-access.ts";
import { GRAPH_APP_ID } from "./resources.ts";
import { signInsOf } from "./sign-in-log.ts";
import { ANA, servicePrincipal, type TestTenant, TOOL, TOOL_SP, testTenant } from "./testing.ts";
import { codeFor, redeem, type TokenResult } from "./testing-flow.ts";
import { addCountries, addPolicy, registerAll, type TestPolicy } from "./testing-policies.ts";

const MINUTE = 60_000;
const SCOPE = "openid profile offline_access";

/** Signs Ana in under these conditions and gives what renews her tokens. */
async function signedIn(tenant: TestTenant, fields: Record<string, string> = {}): Promise<() => Promise<TokenResult>> {
  const code = await codeFor(tenant, { as: ANA, fields, changes: { scope: SCOPE } });
  let { body } = await redeem(tenant, { code });
  return async () => {
    const result = await redeem(tenant, { grant_type: "refresh_token", refresh_token: String(body.refresh_token) });
    if (result.status === 200) body = result.body;
    return result;
  };
}

const withMethods = () => testTenant((data) => registerAll(data, ["fido2", "authenticator"]));

describe("a refresh", () => {
  it("is judged by the policies as they are by then", async () => {
    const tenant = await withMethods();
    const refresh = await signedIn(tenant);
    expect((await refresh()).status).toBe(200);
    addPolicy(tenant.data, "stop", { controls: ["block"] });
    const { status, code, body } = await refresh();
    expect([status, code]).toEqual([400, 53003]);
    expect(body).toMatchObject({
      error: "invalid_grant",
      suberror: "message_only",
      error_uri: "https://login.microsoftonline.com/error?code=53003",
      claims: JSON.stringify({ access_token: { capolids: { essential: true, values: ["stop"] } } }),
    });
  });

  const demands: [string, TestPolicy, number, string][] = [
    ["a method", { controls: ["mfa"] }, 50076, "basic_action"],
    ["a compliant device", { controls: ["compliantDevice"] }, 53000, "message_only"],
    ["terms of use", { terms: ["t"] }, 50158, "additional_action"],
  ];
  it.each(demands)("cannot show %s that was not shown", async (_name, policy, code, suberror) => {
    const tenant = await withMethods();
    const refresh = await signedIn(tenant);
    addPolicy(tenant.data, "new", policy);
    const refused = await refresh();
    expect(refused.code).toBe(code);
    expect(refused.body).toMatchObject({ error: "invalid_grant", suberror });
  });

  it("asks who has nothing registered to register, and an app without protection to have it", async () => {
    const tenant = await testTenant();
    const refresh = await signedIn(tenant);
    addPolicy(tenant.data, "new", { controls: ["mfa"] });
    expect((await refresh()).code).toBe(50079);
    addPolicy(tenant.data, "new", { controls: ["compliantApplication"] });
    expect((await refresh()).body).toMatchObject({
      error: "unauthorized_client",
      suberror: "protection_policy_required",
    });
  });

  it("carries the method and the place of its sign-in", async () => {
    const tenant = await withMethods();
    const refresh = await signedIn(tenant, { mfa: "fido2", country: "BR", device: "compliant" });
    addPolicy(tenant.data, "strong", { strength: BUILT_IN_STRENGTHS["phishing-resistant"] });
    addPolicy(tenant.data, "device", { controls: ["compliantDevice"] });
    expect((await refresh()).status).toBe(200);
    addCountries(tenant.data, "work", ["PT"]);
    const locations = { includeLocations: ["All"], excludeLocations: ["work"] };
    addPolicy(tenant.data, "elsewhere", { controls: ["block"], conditions: { locations } });
    expect((await refresh()).code).toBe(53003);
  });

  it("ends with the sign-in frequency, counted from the sign-in and not from the last refresh", async () => {
    const tenant = await withMethods();
    addPolicy(tenant.data, "hourly", { frequency: { value: 1, type: "hours" } });
    const refresh = await signedIn(tenant);
    tenant.wait(50 * MINUTE);
    expect((await refresh()).status).toBe(200);
    tenant.wait(11 * MINUTE);
    const { code, body } = await refresh();
    expect(code).toBe(70043);
    expect(body).toMatchObject({ error: "invalid_grant", suberror: "token_expired" });
    expect(body.error_description).toContain(
      "The token was issued on 2026-03-02T09:00:00.0000000Z and the maximum allowed lifetime for this request is 3600.",
    );
  });

  it("counts from the second factor where only that is meant", async () => {
    const tenant = await withMethods();
    const frequency = { authenticationType: "secondaryAuthentication" } as const;
    addPolicy(tenant.data, "hourly", { controls: ["mfa"], frequency });
    const refresh = await signedIn(tenant, { mfa: "authenticator" });
    tenant.wait(59 * MINUTE);
    expect((await refresh()).status).toBe(200);
    tenant.wait(2 * MINUTE);
    expect((await refresh()).code).toBe(70043);
  });

  it("is refused in silence first where a policy blocks, whatever the age", async () => {
    const tenant = await withMethods();
    const refresh = await signedIn(tenant);
    addPolicy(tenant.data, "hourly", { frequency: {} });
    addPolicy(tenant.data, "stop", { controls: ["block"] });
    tenant.wait(120 * MINUTE);
    expect((await refresh()).code).toBe(53003);
  });

  it("stands in the log, as nobody's interaction", async () => {
    const tenant = await withMethods();
    const refresh = await signedIn(tenant);
    await refresh();
    expect(signInsOf(tenant.context).map(({ isInteractive }) => isInteractive)).toEqual([true, false]);
  });
});

describe("access tokens of Microsoft's own resources", () => {
  it("say how and from where the person signed in", async () => {
    const tenant = await withMethods();
    const scope = "openid User.Read";
    const get = async (fields: Record<string, string>) =>
      (await redeem(tenant, { code: await codeFor(tenant, { fields, changes: { scope } }) })).access;
    expect(await get({ ip: "198.51.100.7" })).toMatchObject({ amr: ["pwd"], ipaddr: "198.51.100.7" });
    expect(await get({ mfa: "authenticator" })).toMatchObject({ amr: ["pwd", "mfa"] });
    expect(await get({ mfa: "fido2" })).toMatchObject({ amr: ["rsa", "mfa"] });
  });
});

describe("an application that signs in as itself", () => {
  const workloads: TestPolicy = {
    controls: ["block"],
    apps: ["All"],
    conditions: {
      users: NO_USERS,
      clientApplications: { includeServicePrincipals: ["ServicePrincipalsInMyTenant"], excludeServicePrincipals: [] },
    },
  };
  const ask = (tenant: TestTenant) =>
    redeem(tenant, { grant_type: "client_credentials", scope: "https://graph.microsoft.com/.default" });

  it("is held up by policies for workload identities, not by those for people", async () => {
    const tenant = await testTenant((data) => addPolicy(data, "people", { controls: ["block"], apps: ["All"] }));
    expect((await ask(tenant)).status).toBe(200);
    addPolicy(tenant.data, "workloads", workloads);
    const { code, body } = await ask(tenant);
    expect(code).toBe(53003);
    expect(body).toMatchObject({ error: "invalid_grant", suberror: "message_only" });
    expect(String(body.claims)).toContain('"workloads"');
    expect(signInsOf(tenant.context).at(-1)).toMatchObject({
      servicePrincipalId: TOOL_SP,
      status: { errorCode: 53003 },
    });
  });

  it("is let through from a trusted place, and where it belongs to several tenants", async () => {
    const tenant = await testTenant((data) => {
      data.home = { country: "PT", ipAddress: "203.0.113.10" };
      addCountries(data, "work", ["PT"]);
      const locations = { includeLocations: ["All"], excludeLocations: ["work"] };
      addPolicy(data, "workloads", { ...workloads, conditions: { ...workloads.conditions, locations } });
    });
    expect((await ask(tenant)).status).toBe(200);
    tenant.data.home = { country: "BR", ipAddress: "203.0.113.10" };
    expect((await ask(tenant)).code).toBe(53003);
    for (const application of Object.values(tenant.data.applications))
      application.signInAudience = "AzureADMultipleOrgs";
    expect((await ask(tenant)).status).toBe(200);
  });
});

describe("what a sign-in opens", () => {
  it("is the client, and the resource where more is asked than who the person is", async () => {
    const { data } = await testTenant();
    const scopes = (resource: string, ...permissions: string[]) =>
      targetsOf(data, TOOL, { oidc: ["openid"], resource, permissions });
    expect(scopes(GRAPH_APP_ID)).toEqual([TOOL]);
    expect(scopes("https://graph.microsoft.com", "User.Read")).toEqual([TOOL]);
    expect(scopes(GRAPH_APP_ID, "User.Read", "Mail.Read")).toEqual([TOOL, GRAPH_APP_ID]);
    expect(scopes(TOOL, "access")).toEqual([TOOL]);
    data.servicePrincipals.databricks = servicePrincipal("databricks", DATABRICKS, "AzureDatabricks");
    expect(scopes(DATABRICKS, "user_impersonation")).toEqual([TOOL, DATABRICKS]);
    const asked = { oidc: ["openid"], resource: DATABRICKS, permissions: ["user_impersonation"] };
    expect(targetsOf(data, AZURE_CLI, asked)).toEqual([DATABRICKS]);
  });
});
