import { Hono } from "hono";
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from "jose";
import { describe, expect, it } from "vitest";
import { AADSTS } from "./aadsts-table.ts";
import { aadsts, findAadsts } from "./errors.ts";
import { metadataEndpoints } from "./metadata-endpoints.ts";
import { ANA, NOW, REDIRECT, TENANT, TOOL, testTenant } from "./testing.ts";
import { authorize, sessionCookie, signIn } from "./testing-flow.ts";
import { userinfo } from "./userinfo.ts";

const LOGIN = "https://login.microsoftonline.com";

describe("discovery", () => {
  it("names this tenant's endpoints by GUID, and the placeholder under /common", async () => {
    const { app } = await testTenant();
    const read = async (path: string) =>
      (await (await app.request(`${LOGIN}/${path}`)).json()) as Record<string, string>;
    const own = await read("contoso.com/v2.0/.well-known/openid-configuration");
    expect(own.issuer).toBe(`${LOGIN}/${TENANT}/v2.0`);
    expect(own.token_endpoint).toBe(`${LOGIN}/${TENANT}/oauth2/v2.0/token`);
    expect(own.userinfo_endpoint).toBe("https://graph.microsoft.com/oidc/userinfo");
    expect(own).not.toHaveProperty("code_challenge_methods_supported");
    expect((await read("common/v2.0/.well-known/openid-configuration")).issuer).toBe(`${LOGIN}/{tenantid}/v2.0`);
    expect((await read(`${TENANT}/.well-known/openid-configuration`)).issuer).toBe(
      `https://sts.windows.net/${TENANT}/`,
    );
    const other = await app.request(`${LOGIN}/fabrikam.com/v2.0/.well-known/openid-configuration`);
    expect(other.status).toBe(400);
    expect(await other.json()).toMatchObject({ error: "invalid_tenant", error_codes: [90002] });
  });

  it("serves the public halves of two keys, which verify what was signed", async () => {
    const tenant = await testTenant();
    const { body } = await signIn(tenant, ANA);
    for (const path of [`${TENANT}/discovery/v2.0/keys`, "common/discovery/keys", "common/discovery/v2.0/keys"]) {
      const keys = (await (await tenant.app.request(`${LOGIN}/${path}`)).json()) as JSONWebKeySet;
      expect(keys.keys).toHaveLength(2);
      for (const key of keys.keys) expect(Object.keys(key).sort()).toEqual(["e", "kid", "kty", "n", "use"]);
      const { payload } = await jwtVerify(String(body.id_token), createLocalJWKSet(keys), {
        audience: TOOL,
        currentDate: NOW,
      });
      expect(payload.oid).toBe(ANA);
    }
  });

  it("knows its own host as an instance, and no other", async () => {
    const { app } = await testTenant();
    const ask = (host: string) =>
      app.request(
        `${LOGIN}/common/discovery/instance?api-version=1.1&authorization_endpoint=${encodeURIComponent(`https://${host}/${TENANT}/oauth2/v2.0/authorize`)}`,
      );
    expect(await (await ask("login.microsoftonline.com")).json()).toMatchObject({
      tenant_discovery_endpoint: `${LOGIN}/${TENANT}/v2.0/.well-known/openid-configuration`,
    });
    expect((await ask("login.contoso.com")).status).toBe(400);
  });

  it("answers 501 with the route for what is not emulated", async () => {
    const { app } = await testTenant();
    for (const [method, path] of [
      ["GET", `/${TENANT}/oauth2/v2.0/devicecode`],
      ["POST", `/${TENANT}/oauth2/token`],
      ["GET", "/kerberos"],
    ] as const) {
      const response = await app.request(`${LOGIN}${path}`, { method });
      expect(response.status).toBe(501);
      expect(await response.json()).toEqual({
        error: { code: "NotImplemented", message: `The sandbox does not emulate ${method} ${LOGIN}${path}.` },
      });
    }
  });

  it("lists the cloud's hosts for the provider plugins", async () => {
    const response = await new Hono().get("/metadata/endpoints", metadataEndpoints()).request("/metadata/endpoints");
    const body = (await response.json()) as { authentication: { loginEndpoint: string; audiences: string[] } };
    expect(body.authentication.loginEndpoint).toBe(LOGIN);
    expect(body.authentication.audiences[0]).toBe("https://management.core.windows.net/");
  });
});

describe("signing out", () => {
  const logout = (query: string) => `${LOGIN}/${TENANT}/oauth2/v2.0/logout${query}`;
  const back = `post_logout_redirect_uri=${encodeURIComponent(REDIRECT)}`;

  it("ends the session, calls each tool's logout address and goes on", async () => {
    const tenant = await testTenant();
    const cookie = sessionCookie(await authorize(tenant, { as: ANA }));
    const response = await tenant.app.request(logout(`?${back}&state=s1`), { headers: { cookie } });
    const text = await response.text();
    expect(text).toMatch(/<iframe src="https:\/\/superset\.data\.contoso\.com\/logout\/\?sid=[0-9a-f-]{36}&amp;iss=/);
    expect(text).toContain(`content="2;url=${REDIRECT}?state=s1"`);
    expect(response.headers.get("content-security-policy")).toContain("frame-src https://superset.data.contoso.com");
    expect(response.headers.get("set-cookie")).toMatch(/ESTSAUTH=;.*Max-Age=0/);
    expect((await authorize(tenant, { cookie })).status).toBe(200);
  });

  it("redirects only to what the application registered", async () => {
    const tenant = await testTenant();
    const { body } = await signIn(tenant, ANA);
    tenant.wait(2 * 3_600_000);
    const go = (query: string) => tenant.app.request(logout(query));
    expect((await go(`?${back}&id_token_hint=${body.id_token}`)).headers.get("location")).toBe(REDIRECT);
    expect((await go(`?${back}&client_id=${TOOL}`)).status).toBe(302);
    const evil = await go(`?post_logout_redirect_uri=${encodeURIComponent("https://evil.example/")}&client_id=${TOOL}`);
    expect(evil.status).toBe(200);
    expect(await evil.text()).not.toContain("evil.example");
    expect((await go(`?${back}`)).status).toBe(200);
  });
});

describe("userinfo", () => {
  it("gives names and the ID token's own subject, never roles", async () => {
    const tenant = await testTenant();
    const { body, id } = await signIn(tenant, ANA);
    const app = new Hono().get("/oidc/userinfo", userinfo(tenant.context));
    const ask = (token: unknown) => app.request("/oidc/userinfo", { headers: { authorization: `Bearer ${token}` } });
    const answer = (await (await ask(body.access_token)).json()) as Record<string, unknown>;
    expect(answer).toEqual({
      sub: id.sub,
      name: "Ana Lima",
      family_name: "Lima",
      given_name: "Ana",
      email: "ana.lima@contoso.com",
      picture: "https://graph.microsoft.com/v1.0/me/photo/$value",
    });
    expect((await ask(body.id_token)).status).toBe(401);
    expect((await app.request("/oidc/userinfo")).status).toBe(401);
  });
});

describe("the table of errors", () => {
  it("has a message and a fix of one line for each number, and fills in values", () => {
    for (const code of Object.keys(AADSTS).map(Number)) {
      const error = aadsts(code);
      expect(error?.message).toMatch(new RegExp(`^AADSTS${code}: .+`));
      expect(error?.fix).toMatch(/^[A-Z][^\n]+\.$/);
    }
    expect(aadsts(50011, { redirect: "https://a/", client: "c", details: "" })?.message).toContain("'https://a/'");
    expect(aadsts(1)).toBeUndefined();
  });

  it("is found from a text", () => {
    expect(findAadsts("… (AADSTS50105: Your administrator …)")).toBe(50105);
    expect(findAadsts("all is well")).toBeUndefined();
  });
});
