import { describe, expect, it } from "vitest";
import {
  ALPHA_ROLE,
  ANA,
  assignment,
  GUEST,
  JON,
  LEAVER,
  NESTED,
  REDIRECT,
  TENANT,
  TOOL,
  TOOL_SP,
  testTenant,
} from "./testing.ts";
import { authorize, type Changes, pageError, redirected, sessionCookie } from "./testing-flow.ts";

describe("what nobody may be redirected for", () => {
  const pages: [string, Changes, number][] = [
    ["another path", { redirect_uri: "https://superset.data.contoso.com/oauth-authorized/other" }, 50011],
    ["another case", { redirect_uri: REDIRECT.replace("azure", "Azure") }, 50011],
    ["another scheme", { redirect_uri: REDIRECT.replace("https", "http") }, 50011],
    ["no redirect URI", { redirect_uri: undefined }, 900971],
    ["an unknown client", { client_id: "5e0ff1ce-0000-4000-8000-0000000000ff" }, 700016],
    ["no client", { client_id: undefined }, 900144],
  ];
  it.each(pages)("shows a page for %s", async (_name, changes, code) => {
    const response = await authorize(await testTenant(), { changes });
    expect(response.status).toBe(400);
    expect(await pageError(response)).toBe(code);
  });

  it("says in Microsoft's words which redirect URI is wrong, and hints at a slash", async () => {
    const response = await authorize(await testTenant(), { changes: { redirect_uri: `${REDIRECT}/` } });
    const text = await response.text();
    expect(text).toContain(`${REDIRECT}/`);
    expect(text).toContain("does not match the redirect URIs configured for the application");
    expect(text).toContain("Reply address did not match because requested address had a trailing slash.");
  });

  it("knows other tenants, /common and disabled applications", async () => {
    const tenant = await testTenant();
    expect(await pageError(await authorize(tenant, { tenant: "fabrikam.com" }))).toBe(90002);
    expect(await pageError(await authorize(tenant, { tenant: "no_tenant" }))).toBe(900023);
    expect(await pageError(await authorize(tenant, { tenant: "common" }))).toBe(50194);
    expect((await authorize(tenant, { tenant: "Contoso.com" })).status).toBe(200);
    const disabled = await testTenant((data) =>
      Object.assign(data.servicePrincipals[TOOL_SP] ?? {}, { accountEnabled: false }),
    );
    expect(await pageError(await authorize(disabled))).toBe(7000112);
    const bare = await testTenant((data) => {
      for (const application of Object.values(data.applications)) {
        application.web.redirectUris = [];
        application.spa.redirectUris = [];
        application.publicClient.redirectUris = [];
      }
    });
    expect(await pageError(await authorize(bare))).toBe(500113);
  });

  it("frees only the port of a public client's loopback address", async () => {
    const tenant = await testTenant();
    expect((await authorize(tenant, { changes: { redirect_uri: "http://localhost:8400/callback" } })).status).toBe(200);
    expect(await pageError(await authorize(tenant, { changes: { redirect_uri: "http://localhost:8400/other" } }))).toBe(
      50011,
    );
  });
});

describe("what is redirected with an error", () => {
  const errors: [string, Changes, number, string][] = [
    ["id_token without the implicit grant", { response_type: "code id_token" }, 700054, "unsupported_response_type"],
    ["token", { response_type: "token" }, 700051, "unsupported_response_type"],
    ["an unknown response type", { response_type: "magic" }, 70005, "unsupported_response_type"],
    ["a scope that Graph lacks", { scope: "openid groups" }, 650053, "invalid_client"],
    ["no scope", { scope: undefined }, 900144, "invalid_request"],
    ["two resources", { scope: `openid User.Read ${TOOL}/read` }, 28000, "invalid_scope"],
    ["an unknown resource", { scope: "api://nowhere/read" }, 500011, "invalid_resource"],
    [".default beside a scope", { scope: "User.Read https://graph.microsoft.com/.default" }, 28000, "invalid_scope"],
    ["a short code challenge", { code_challenge: "abc" }, 50147, "invalid_request"],
    ["an unknown challenge method", { code_challenge_method: "S512" }, 90023, "invalid_request"],
    ["silence without a session", { prompt: "none" }, 50058, "login_required"],
  ];
  it.each(errors)("%s", async (_name, changes, code, error) => {
    const response = await authorize(await testTenant(), { changes });
    expect(response.status).toBe(302);
    expect(response.headers.get("location")).toContain(REDIRECT);
    const answer = redirected(response);
    expect(answer.get("error")).toBe(error);
    expect(answer.get("error_description")).toMatch(new RegExp(`^AADSTS${code}: `));
    expect(answer.get("state")).toBe("xyz");
    expect(answer.has("code")).toBe(false);
  });

  it("asks for consent to every scope", async () => {
    const tenant = await testTenant((data) => {
      for (const grant of Object.values(data.oauth2PermissionGrants)) grant.scope = "openid profile";
    });
    expect(redirected(await authorize(tenant, { as: ANA })).get("error_description")).toContain("AADSTS65001");
    expect(redirected(await authorize(tenant, { as: ANA, changes: { scope: "openid profile" } })).has("code")).toBe(
      true,
    );
    const other = await testTenant((data) => {
      for (const grant of Object.values(data.oauth2PermissionGrants))
        Object.assign(grant, { consentType: "Principal", principalId: JON });
    });
    expect(redirected(await authorize(other, { as: ANA })).get("error_description")).toContain("AADSTS65001");
    expect(redirected(await authorize(other, { as: JON })).has("code")).toBe(true);
  });
});

describe("the person", () => {
  it("is picked on a page that names the application and everybody, escaped", async () => {
    const tenant = await testTenant((data) => Object.assign(data.users[JON] ?? {}, { displayName: "<b>Jon</b>" }));
    const response = await authorize(tenant);
    expect(response.status).toBe(200);
    expect(response.headers.get("content-security-policy")).toContain("default-src 'none'");
    const text = await response.text();
    expect(text).toContain("Sign in to Superset");
    expect(text).toContain('value="ana.lima@contoso.com"');
    expect(text).toContain('value="gus@fabrikam.com"');
    expect(text).toContain("&lt;b&gt;Jon&lt;/b&gt;");
    expect(text).not.toContain("<b>Jon</b>");
  });

  it.each([
    ["by user principal name", "ANA.lima@contoso.com"],
    ["by object id", ANA],
    ["by a guest's mail", "gus@fabrikam.com"],
    ["by a rule of a dynamic group", JON],
  ])("signs in %s", async (_name, as) => {
    const response = await authorize(await testTenant(), { as });
    expect(response.status).toBe(302);
    expect(redirected(response).get("code")).toBeTruthy();
    expect(redirected(response).get("state")).toBe("xyz");
  });

  it.each([
    ["unknown", "nobody@contoso.com", 50034],
    ["named like a part of JavaScript", "__proto__", 50034],
    ["disabled", LEAVER, 50057],
    ["reached through a nested group only", NESTED, 50105],
  ])("who is %s sees a page", async (_name, as, code) => {
    const response = await authorize(await testTenant(), { as });
    expect(await pageError(response)).toBe(code);
  });

  it("without assignment is refused silently when no page may be shown", async () => {
    const tenant = await testTenant();
    const cookie = sessionCookie(await authorize(tenant, { as: NESTED }));
    const answer = redirected(await authorize(tenant, { cookie, changes: { prompt: "none" } }));
    expect(answer.get("error")).toBe("interaction_required");
    expect(answer.get("error_description")).toContain("AADSTS50105");
  });

  it("needs no assignment where none is required, and one by itself suffices", async () => {
    const open = await testTenant((data) =>
      Object.assign(data.servicePrincipals[TOOL_SP] ?? {}, { appRoleAssignmentRequired: false }),
    );
    expect(redirected(await authorize(open, { as: NESTED })).has("code")).toBe(true);
    const direct = await testTenant((data) =>
      Object.assign(data.appRoleAssignments, { e3: assignment("e3", ALPHA_ROLE, NESTED) }),
    );
    expect(redirected(await authorize(direct, { as: NESTED })).has("code")).toBe(true);
  });
});

describe("the session", () => {
  it("signs the person in to the next tool without a page, until the account is disabled", async () => {
    const tenant = await testTenant();
    const first = await authorize(tenant, { as: ANA });
    expect(first.headers.get("set-cookie")).toMatch(/HttpOnly.*Secure.*SameSite=None/i);
    const cookie = sessionCookie(first);
    expect(redirected(await authorize(tenant, { cookie })).has("code")).toBe(true);
    expect(redirected(await authorize(tenant, { cookie, changes: { prompt: "none" } })).has("code")).toBe(true);
    expect((await authorize(tenant, { cookie, changes: { prompt: "login" } })).status).toBe(200);
    expect((await authorize(tenant, { cookie, changes: { prompt: "select_account" } })).status).toBe(200);
    expect((await authorize(tenant, { cookie, changes: { login_hint: "jon.berg@contoso.com" } })).status).toBe(200);
    expect(
      redirected(
        await authorize(tenant, {
          cookie,
          changes: { login_hint: "ana.lima@contoso.com", domain_hint: "contoso.com" },
        }),
      ).has("code"),
    ).toBe(true);
    Object.assign(tenant.data.users[ANA] ?? {}, { accountEnabled: false });
    expect((await authorize(tenant, { cookie })).status).toBe(200);
    expect(redirected(await authorize(tenant, { cookie, changes: { prompt: "none" } })).get("error")).toBe(
      "login_required",
    );
  });

  it("ends after a day", async () => {
    const tenant = await testTenant();
    const cookie = sessionCookie(await authorize(tenant, { as: ANA }));
    tenant.wait(24 * 3_600_000 + 1);
    expect((await authorize(tenant, { cookie })).status).toBe(200);
  });
});

describe("how the answer travels", () => {
  it("by fragment and by form", async () => {
    const tenant = await testTenant();
    const fragment = await authorize(tenant, { as: GUEST, changes: { response_mode: "fragment" } });
    expect(fragment.headers.get("location")).toMatch(/#code=/);
    const form = await authorize(tenant, { as: GUEST, changes: { response_mode: "form_post" } });
    expect(form.status).toBe(200);
    const text = await form.text();
    expect(text).toContain(`action="${REDIRECT}"`);
    expect(text).toMatch(/name="code" value="1\./);
    expect(text).toContain('name="state" value="xyz"');
    const refused = await authorize(tenant, { changes: { response_mode: "form_post", prompt: "none" } });
    expect(await refused.text()).toContain('name="error" value="login_required"');
  });

  it("with an ID token where the registration allows it, never in the query", async () => {
    const tenant = await testTenant((data) => {
      for (const application of Object.values(data.applications))
        application.web.implicitGrantSettings.enableIdTokenIssuance = true;
    });
    const hybrid = { response_type: "code id_token", client_info: "1" };
    const answer = redirected(await authorize(tenant, { as: ANA, changes: hybrid }));
    expect(answer.get("id_token")?.split(".")).toHaveLength(3);
    expect(JSON.parse(Buffer.from(answer.get("client_info") ?? "", "base64url").toString())).toEqual({
      uid: ANA,
      utid: TENANT,
    });
    const inQuery = await authorize(tenant, { as: ANA, changes: { ...hybrid, response_mode: "query" } });
    expect(redirected(inQuery).get("error_description")).toContain("AADSTS70007");
    const noNonce = await authorize(tenant, { as: ANA, changes: { ...hybrid, nonce: undefined } });
    expect(redirected(noNonce).get("error_description")).toContain("AADSTS900144");
  });
});
