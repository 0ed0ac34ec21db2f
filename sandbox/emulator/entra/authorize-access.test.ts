import { describe, expect, it } from "vitest";
import { BUILT_IN_STRENGTHS } from "../../../model/conditional-access/policy.ts";
import { signInsOf } from "./sign-in-log.ts";
import { ANA, JON, NESTED, type TestTenant, TOOL, testTenant } from "./testing.ts";
import { type AuthorizeOptions, authorize, pageError, redirected, sessionCookie } from "./testing-flow.ts";
import { addCountries, addPolicy, registerAll, type TestPolicy } from "./testing-policies.ts";

const MINUTE = 60_000;

/** A tenant whose people have two methods, with one policy. */
async function tenantWith(policy: TestPolicy): Promise<TestTenant> {
  return testTenant((data) => {
    registerAll(data, ["fido2", "authenticator"]);
    addPolicy(data, "the policy", policy);
  });
}

const MFA: TestPolicy = { controls: ["mfa"] };
const hasCode = (response: Response) => response.headers.has("location") && redirected(response).has("code");
const offered = async (response: Response) =>
  [...(await response.text()).matchAll(/name="mfa" value="([^"]+)"/g)].map(([, method]) => method);

async function codeOf(tenant: TestTenant, options: AuthorizeOptions): Promise<number | undefined> {
  return pageError(await authorize(tenant, options));
}

describe("a demand for a method", () => {
  it("is a page that offers what is registered and enough, and the answer opens the tool", async () => {
    const tenant = await tenantWith(MFA);
    const page = await authorize(tenant, { as: ANA });
    expect(page.status).toBe(200);
    expect(page.headers.get("content-security-policy")).toContain("default-src 'none'");
    const cookie = sessionCookie(page);
    const text = await page.clone().text();
    expect(text).toContain("Verify your identity");
    expect(text).not.toContain("prompt=");
    expect(await offered(page)).toEqual(["fido2", "authenticator"]);
    expect(hasCode(await authorize(tenant, { cookie, fields: { mfa: "authenticator" } }))).toBe(true);
  });

  it("is met at once by who answers beforehand, and by the session afterwards", async () => {
    const tenant = await tenantWith(MFA);
    const first = await authorize(tenant, { as: ANA, fields: { mfa: "authenticator" } });
    expect(hasCode(first)).toBe(true);
    const cookie = sessionCookie(first);
    expect(hasCode(await authorize(tenant, { cookie }))).toBe(true);
    expect(hasCode(await authorize(tenant, { cookie, changes: { prompt: "none" } }))).toBe(true);
  });

  it("comes again where a stronger method is wanted than the session's", async () => {
    const tenant = await tenantWith(MFA);
    const cookie = sessionCookie(await authorize(tenant, { as: ANA, fields: { mfa: "authenticator" } }));
    addPolicy(tenant.data, "strong", { strength: BUILT_IN_STRENGTHS["phishing-resistant"] });
    expect(await offered(await authorize(tenant, { cookie }))).toEqual(["fido2"]);
    expect(await codeOf(tenant, { cookie, fields: { mfa: "authenticator" } })).toBe(50076);
    expect(hasCode(await authorize(tenant, { cookie, fields: { mfa: "fido2" } }))).toBe(true);
    expect(hasCode(await authorize(tenant, { cookie }))).toBe(true);
  });

  it("goes to the tool when no page may be shown", async () => {
    const tenant = await testTenant((data) => registerAll(data, ["authenticator"]));
    const cookie = sessionCookie(await authorize(tenant, { as: ANA }));
    addPolicy(tenant.data, "the policy", MFA);
    const answer = redirected(await authorize(tenant, { cookie, changes: { prompt: "none" } }));
    expect(answer.get("error")).toBe("interaction_required");
    expect(answer.get("error_description")).toContain("AADSTS50076: Due to a configuration change");
    expect(answer.get("error_description")).toContain("00000003-0000-0000-c000-000000000000");
    expect(answer.get("state")).toBe("xyz");
  });

  it("keeps out who has nothing to answer with, or does not", async () => {
    const tenant = await tenantWith(MFA);
    expect(await codeOf(tenant, { as: ANA, fields: { mfa: "none" } })).toBe(50076);
    expect(await codeOf(tenant, { as: ANA, fields: { mfa: "sms" } })).toBe(50076);
    registerAll(tenant.data, []);
    expect(await codeOf(tenant, { as: ANA })).toBe(50079);
    expect(await codeOf(tenant, { as: ANA, fields: { mfa: "fido2" } })).toBe(50079);
  });

  it("comes after the account and the assignment", async () => {
    const tenant = await tenantWith({ controls: ["block"] });
    expect(await codeOf(tenant, { as: NESTED })).toBe(50105);
    expect(await codeOf(tenant, { as: JON })).toBe(53003);
  });
});

describe("what nobody can do on the spot", () => {
  const refusals: [string, TestPolicy, number][] = [
    ["a block", { controls: ["block"] }, 53003],
    ["a compliant device", { controls: ["compliantDevice"] }, 53000],
    ["a hybrid joined device", { controls: ["domainJoinedDevice"] }, 53001],
    ["an approved application", { controls: ["approvedApplication"] }, 53002],
    ["an application with protection", { controls: ["compliantApplication"] }, 53009],
    ["terms of use", { terms: ["terms-1"] }, 50158],
    ["a new password", { controls: ["passwordChange"] }, 50142],
  ];
  it.each(refusals)("is a page: %s", async (_name, policy, code) => {
    const response = await authorize(await tenantWith(policy), { as: ANA, fields: { mfa: "authenticator" } });
    expect(response.status).toBe(400);
    const text = await response.clone().text();
    expect(await pageError(response)).toBe(code);
    expect(text).toMatch(/id="fix">[^<]*Policies: the policy\./);
    expect(text).toContain("prompt=select_account");
  });

  it("is told to the tool in silence", async () => {
    const tenant = await testTenant();
    const cookie = sessionCookie(await authorize(tenant, { as: ANA }));
    addPolicy(tenant.data, "the policy", { controls: ["block"] });
    const answer = redirected(await authorize(tenant, { cookie, changes: { prompt: "none" } }));
    expect(answer.get("error")).toBe("interaction_required");
    expect(answer.get("error_description")).toContain("AADSTS53003: Access has been blocked");
  });

  it("is nothing where a policy only reports", async () => {
    const tenant = await tenantWith({ controls: ["block"], state: "enabledForReportingButNotEnforced" });
    expect(hasCode(await authorize(tenant, { as: ANA }))).toBe(true);
  });
});

describe("played conditions", () => {
  const elsewhere: TestPolicy = {
    controls: ["block"],
    conditions: { locations: { includeLocations: ["All"], excludeLocations: ["work"] } },
  };
  it("say where the sign-in comes from, and stay with the session", async () => {
    const tenant = await testTenant((data) => {
      data.home = { country: "PT", ipAddress: "203.0.113.10" };
      addCountries(data, "work", ["PT", "DE"]);
      addPolicy(data, "elsewhere", elsewhere);
    });
    expect(hasCode(await authorize(tenant, { as: ANA }))).toBe(true);
    expect(hasCode(await authorize(tenant, { as: ANA, fields: { country: "DE", ip: "" } }))).toBe(true);
    expect(await codeOf(tenant, { as: ANA, fields: { country: "BR" } })).toBe(53003);
    const cookie = sessionCookie(await authorize(tenant, { as: ANA }));
    expect(await codeOf(tenant, { cookie, fields: { country: "BR" } })).toBe(53003);
    expect(await codeOf(tenant, { cookie })).toBe(53003);
    expect(hasCode(await authorize(tenant, { cookie, fields: { country: "PT" } }))).toBe(true);
  });

  it("open what a device, a client or a flow is asked for", async () => {
    const device = await tenantWith({ controls: ["compliantDevice"] });
    expect(hasCode(await authorize(device, { as: ANA, fields: { device: "compliant" } }))).toBe(true);
    const legacy = await tenantWith({ controls: ["block"], conditions: { clientAppTypes: ["other"] } });
    expect(hasCode(await authorize(legacy, { as: ANA }))).toBe(true);
    expect(await codeOf(legacy, { as: ANA, fields: { client: "other" } })).toBe(53003);
    const flow = await tenantWith({
      controls: ["block"],
      conditions: { authenticationFlows: { transferMethods: "deviceCodeFlow" } },
    });
    expect(await codeOf(flow, { as: ANA, fields: { flow: "device-code" } })).toBe(53003);
  });

  it("take the platform from the browser, unless somebody plays another", async () => {
    const tenant = await tenantWith({
      controls: ["block"],
      conditions: { platforms: { includePlatforms: ["android"], excludePlatforms: [] } },
    });
    const userAgent = "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36";
    expect(await codeOf(tenant, { as: ANA, userAgent })).toBe(53003);
    expect(hasCode(await authorize(tenant, { as: ANA, userAgent, fields: { platform: "ios" } }))).toBe(true);
    expect(hasCode(await authorize(tenant, { as: ANA }))).toBe(true);
  });

  it("are refused all at once when they cannot be, without a session", async () => {
    const tenant = await testTenant();
    const fields = { country: "Portugal", device: "phone", mfa: "magic" };
    const response = await authorize(tenant, { as: ANA, fields });
    expect(response.status).toBe(400);
    expect(response.headers.get("set-cookie")).toBeNull();
    const text = await response.text();
    for (const wrong of Object.values(fields)) expect(text).toContain(wrong);
  });

  it("can be chosen on the page, which folds them up and remembers them", async () => {
    const tenant = await testTenant((data) => {
      data.home = { country: "PT", ipAddress: "203.0.113.10" };
    });
    const fresh = await (await authorize(tenant)).text();
    expect(fresh).toContain("<details><summary>Conditions of this sign-in</summary>");
    expect(fresh).toContain('<label for="condition-country">');
    expect(fresh).toContain('placeholder="PT"');
    expect(fresh).toContain('<select id="condition-device" name="device"');
    const cookie = sessionCookie(await authorize(tenant, { as: ANA, fields: { device: "hybrid", country: "DE" } }));
    const again = await (await authorize(tenant, { cookie, changes: { prompt: "login" } })).text();
    expect(again).toContain('<option value="hybrid" selected>');
    expect(again).toContain('name="country" value="DE"');
  });
});

describe("the sign-in frequency", () => {
  it("asks for the person again when the session is too old", async () => {
    const tenant = await tenantWith({ frequency: { value: 1, type: "hours" } });
    const cookie = sessionCookie(await authorize(tenant, { as: ANA }));
    tenant.wait(59 * MINUTE);
    expect(hasCode(await authorize(tenant, { cookie }))).toBe(true);
    tenant.wait(2 * MINUTE);
    const page = await authorize(tenant, { cookie });
    expect(await page.text()).toContain("Sign in to Superset");
    const silent = redirected(await authorize(tenant, { cookie, changes: { prompt: "none" } }));
    expect(silent.get("error")).toBe("interaction_required");
    expect(silent.get("error_description")).toContain("AADSTS70044");
    expect(hasCode(await authorize(tenant, { as: ANA, cookie }))).toBe(true);
  });

  it("lets days pass where it says days", async () => {
    const tenant = await tenantWith({ frequency: { value: 1, type: "days" } });
    const cookie = sessionCookie(await authorize(tenant, { as: ANA }));
    tenant.wait(23 * 60 * MINUTE);
    expect(hasCode(await authorize(tenant, { cookie }))).toBe(true);
  });

  it("asks every time, but for five minutes", async () => {
    const tenant = await tenantWith({ frequency: { frequencyInterval: "everyTime", value: null, type: null } });
    const cookie = sessionCookie(await authorize(tenant, { as: ANA }));
    tenant.wait(4 * MINUTE);
    expect(hasCode(await authorize(tenant, { cookie }))).toBe(true);
    tenant.wait(2 * MINUTE);
    expect(await (await authorize(tenant, { cookie })).text()).toContain("Sign in to Superset");
  });

  it("asks for the method alone where only that is meant", async () => {
    const tenant = await tenantWith({
      controls: ["mfa"],
      frequency: { authenticationType: "secondaryAuthentication" },
    });
    const cookie = sessionCookie(await authorize(tenant, { as: ANA, fields: { mfa: "fido2" } }));
    tenant.wait(61 * MINUTE);
    expect(await offered(await authorize(tenant, { cookie }))).toEqual(["fido2", "authenticator"]);
    expect(hasCode(await authorize(tenant, { cookie, fields: { mfa: "fido2" } }))).toBe(true);
    expect(hasCode(await authorize(tenant, { cookie }))).toBe(true);
  });
});

describe("the log", () => {
  it("keeps every sign-in with what each policy said", async () => {
    const tenant = await tenantWith(MFA);
    addPolicy(tenant.data, "off", { controls: ["block"], state: "disabled" });
    addPolicy(tenant.data, "other tool", { controls: ["block"], apps: ["5e0ff1ce-0000-4000-8000-0000000000ff"] });
    addPolicy(tenant.data, "trial", { controls: ["compliantDevice"], state: "enabledForReportingButNotEnforced" });
    const changes = { "client-request-id": "c0000000-0000-4000-8000-00000000c0de" };
    const cookie = sessionCookie(
      await authorize(tenant, { as: ANA, changes, fields: { country: "BR", ip: "198.51.100.7" } }),
    );
    await authorize(tenant, { cookie, changes, fields: { mfa: "fido2" } });
    const [asked, done, ...more] = signInsOf(tenant.context);
    expect(more).toEqual([]);
    expect(asked).toMatchObject({ status: { errorCode: 50076 }, conditionalAccessStatus: "failure" });
    expect(done).toMatchObject({
      correlationId: changes["client-request-id"],
      userId: ANA,
      appId: TOOL,
      resourceDisplayName: "Microsoft Graph",
      ipAddress: "198.51.100.7",
      location: { countryOrRegion: "BR" },
      clientAppUsed: "Browser",
      isInteractive: true,
      status: { errorCode: 0 },
      conditionalAccessStatus: "success",
    });
    const result = (entry: typeof done) =>
      Object.fromEntries((entry?.appliedConditionalAccessPolicies ?? []).map((one) => [one.id, one.result]));
    expect(result(asked)).toMatchObject({ "the policy": "failure" });
    expect(result(done)).toEqual({
      "the policy": "success",
      off: "notEnabled",
      "other tool": "notApplied",
      trial: "reportOnlyFailure",
    });
    expect(done?.appliedConditionalAccessPolicies).toContainEqual(
      expect.objectContaining({ id: "other tool", conditionsNotSatisfied: "application", enforcedGrantControls: [] }),
    );
  });

  it("forgets what is older than a thousand sign-ins", async () => {
    const tenant = await testTenant();
    const cookie = sessionCookie(await authorize(tenant, { as: ANA }));
    const [first] = signInsOf(tenant.context);
    for (let i = 0; i < 1000; i++) await authorize(tenant, { cookie });
    expect(signInsOf(tenant.context)).toHaveLength(1000);
    expect(signInsOf(tenant.context)).not.toContain(first);
  });
});
