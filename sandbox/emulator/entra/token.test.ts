import { describe, expect, it } from "vitest";
import { ADMINS, ANA, GRAPH_SP, REDIRECT, SECRET, SPA_REDIRECT, TENANT, TOOL, TOOL_SP, testTenant } from "./testing.ts";
import { type Changes, codeFor, redeem, signIn, UNPROVEN } from "./testing-flow.ts";

const HOUR = 3_600_000;
const SPA: Changes = { redirect_uri: SPA_REDIRECT };
const ORIGIN = { origin: "https://metadata.data.contoso.com" };
const WITH_SECRET: Changes = { ...UNPROVEN, client_secret: SECRET };
const OFFLINE: Changes = { scope: "openid profile offline_access" };

describe("a code", () => {
  it("gives an ID token and an access token for the scopes asked for", async () => {
    const tenant = await testTenant();
    const { status, body, id, headers } = await signIn(tenant, ANA);
    expect(status).toBe(200);
    expect(body).toMatchObject({ token_type: "Bearer", scope: "openid profile email" });
    expect(body.refresh_token).toBeUndefined();
    expect(body.expires_in).toBeGreaterThanOrEqual(3600);
    expect(body.expires_in).toBeLessThan(5400);
    expect(id).toMatchObject({ aud: TOOL, nonce: "n-1", roles: ["Admin"] });
    expect(headers.get("cache-control")).toContain("no-store");
    const caller = await tenant.context.authenticate(`Bearer ${body.access_token}`, "https://graph.microsoft.com");
    expect(caller).toMatchObject({
      objectId: ANA,
      clientId: TOOL,
      user: { id: ANA },
      scopes: ["openid", "profile", "email"],
    });
  });

  it("works once, for ten minutes, and survives a refused attempt", async () => {
    const tenant = await testTenant();
    const code = await codeFor(tenant);
    expect((await redeem(tenant, { code, code_verifier: "w".repeat(43) })).code).toBe(501481);
    expect((await redeem(tenant, { code })).status).toBe(200);
    expect((await redeem(tenant, { code })).code).toBe(54005);
    const late = await codeFor(tenant);
    tenant.wait(10 * 60_000 + 1);
    expect((await redeem(tenant, { code: late })).code).toBe(70008);
    expect((await redeem(tenant, { code: "1.made-up" })).code).toBe(70000);
  });

  it("is given to one of two requests at the same moment", async () => {
    const tenant = await testTenant();
    const code = await codeFor(tenant);
    const results = await Promise.all([redeem(tenant, { code }), redeem(tenant, { code })]);
    expect(results.map((result) => result.status).sort()).toEqual([200, 400]);
  });

  const refusals: [string, Changes, number, number][] = [
    ["another redirect URI", { redirect_uri: `${REDIRECT}/` }, 500112, 401],
    ["no redirect URI", { redirect_uri: undefined }, 900144, 400],
    ["no code", { code: undefined }, 900144, 400],
    ["no verifier", { code_verifier: undefined }, 501481, 400],
    ["no proof of the client", UNPROVEN, 7000218, 401],
    ["a wrong secret", { ...UNPROVEN, client_secret: "wrong" }, 7000215, 401],
    ["another client", { client_id: "5e0ff1ce-0000-4000-8000-0000000000ff" }, 700016, 400],
    ["an unknown grant", { grant_type: "magic" }, 70003, 400],
  ];
  it.each(refusals)("is refused with %s", async (_name, changes, code, status) => {
    const tenant = await testTenant();
    const result = await redeem(tenant, { code: await codeFor(tenant), ...changes });
    expect([result.code, result.status]).toEqual([code, status]);
  });

  it("is refused in Entra's own words and shape", async () => {
    const tenant = await testTenant();
    const { body } = await redeem(
      tenant,
      { code: await codeFor(tenant), ...UNPROVEN },
      { "client-request-id": "c0ffee" },
    );
    expect(body).toMatchObject({
      error: "invalid_client",
      error_codes: [7000218],
      timestamp: "2026-03-02 09:00:00Z",
      correlation_id: "c0ffee",
      error_uri: "https://login.microsoftonline.com/error?code=7000218",
    });
    expect(body.error_description).toBe(
      `AADSTS7000218: The request body must contain the following parameter: 'client_assertion' or 'client_secret'.\r\nTrace ID: ${body.trace_id}\r\nCorrelation ID: c0ffee\r\nTimestamp: 2026-03-02 09:00:00Z`,
    );
  });

  it("takes a secret in the body or by Basic authentication, until it ends", async () => {
    const tenant = await testTenant();
    expect((await redeem(tenant, { code: await codeFor(tenant), ...WITH_SECRET })).status).toBe(200);
    const basic = { authorization: `Basic ${Buffer.from(`${TOOL}:${SECRET}`).toString("base64")}` };
    expect(
      (await redeem(tenant, { code: await codeFor(tenant), ...UNPROVEN, client_id: undefined }, basic)).status,
    ).toBe(200);
    tenant.wait(40 * 24 * HOUR);
    expect((await redeem(tenant, { code: await codeFor(tenant), ...WITH_SECRET })).code).toBe(7000222);
  });

  it("without a challenge needs no verifier, and refuses one", async () => {
    const tenant = await testTenant();
    const plain = { code_challenge: undefined, code_challenge_method: undefined };
    const code = await codeFor(tenant, { changes: plain });
    expect((await redeem(tenant, { code })).code).toBe(501481);
    expect((await redeem(tenant, { code, code_verifier: undefined })).status).toBe(200);
  });

  it("of another grant form is malformed", async () => {
    const { app } = await testTenant();
    const url = `https://login.microsoftonline.com/${TENANT}/oauth2/v2.0/token`;
    const json = await app.request(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: "{}",
    });
    expect(json.status).toBe(400);
    const absent = await app.request(url, {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: "grant_type=password",
    });
    expect(absent.status).toBe(501);
    expect(await absent.text()).toContain(`POST https://login.microsoftonline.com/${TENANT}/oauth2/v2.0/token`);
  });
});

describe("a single-page application", () => {
  it("redeems with PKCE, from its own origin, without a secret", async () => {
    const tenant = await testTenant();
    const code = () => codeFor(tenant, { changes: SPA });
    const good = await redeem(tenant, { code: await code(), ...SPA, ...UNPROVEN }, ORIGIN);
    expect(good.status).toBe(200);
    expect(good.headers.get("access-control-allow-origin")).toBe("*");
    expect((await redeem(tenant, { code: await code(), ...SPA, ...UNPROVEN })).code).toBe(9002327);
    expect((await redeem(tenant, { code: await code(), ...SPA, ...WITH_SECRET }, ORIGIN)).code).toBe(700025);
    const bare = await codeFor(tenant, { changes: { ...SPA, code_challenge: undefined } });
    expect((await redeem(tenant, { code: bare, ...SPA, ...UNPROVEN, code_verifier: undefined }, ORIGIN)).code).toBe(
      9002325,
    );
    // So it is for a server-side tool whose address stands under SPA by mistake, with its secret as well.
    expect((await redeem(tenant, { code: bare, ...SPA, ...WITH_SECRET, code_verifier: undefined })).code).toBe(9002325);
  });

  it("is the only kind that a page's script may redeem for", async () => {
    const tenant = await testTenant();
    expect((await redeem(tenant, { code: await codeFor(tenant) }, ORIGIN)).code).toBe(9002326);
    const preflight = await tenant.app.request(`https://login.microsoftonline.com/${TENANT}/oauth2/v2.0/token`, {
      method: "OPTIONS",
      headers: { ...ORIGIN, "access-control-request-method": "POST" },
    });
    expect(preflight.headers.get("access-control-allow-origin")).toBe("*");
  });

  it("has refresh tokens that end together after a day", async () => {
    const tenant = await testTenant();
    const code = await codeFor(tenant, { changes: { ...SPA, ...OFFLINE } });
    const first = await redeem(tenant, { code, ...SPA, ...UNPROVEN }, ORIGIN);
    tenant.wait(20 * HOUR);
    const renew = (token: unknown) =>
      redeem(tenant, { ...UNPROVEN, grant_type: "refresh_token", refresh_token: String(token) }, ORIGIN);
    const second = await renew(first.body.refresh_token);
    expect(second.status).toBe(200);
    tenant.wait(5 * HOUR);
    expect((await renew(second.body.refresh_token)).code).toBe(700084);
  });
});

describe("a refresh token", () => {
  const refreshed = async (change: (tenant: Awaited<ReturnType<typeof testTenant>>) => void = () => {}) => {
    const tenant = await testTenant();
    const { body } = await signIn(tenant, ANA, OFFLINE);
    change(tenant);
    const token = String(body.refresh_token);
    return { token, tenant, result: await redeem(tenant, { grant_type: "refresh_token", refresh_token: token }) };
  };

  it("comes with offline_access and gives a new one each time", async () => {
    const { token, result } = await refreshed();
    expect(result.status).toBe(200);
    expect(result.body.refresh_token).not.toBe(token);
    expect(result.id).toMatchObject({ aud: TOOL, oid: ANA });
  });

  it("looks at the person anew", async () => {
    expect(
      (await refreshed(({ data }) => Object.assign(data.users[ANA] ?? {}, { accountEnabled: false }))).result.code,
    ).toBe(50057);
    expect((await refreshed(({ data }) => delete data.users[ANA])).result.code).toBe(50034);
    const unassigned = await refreshed(({ data }) => data.groups[ADMINS]?.members.splice(0));
    expect(unassigned.result).toMatchObject({ code: 50105, status: 400 });
    expect(unassigned.result.body.error).toBe("interaction_required");
  });

  it("ends by inactivity, belongs to its client and needs its proof", async () => {
    expect((await refreshed((tenant) => tenant.wait(91 * 24 * HOUR))).result.code).toBe(700082);
    const { tenant, token } = await refreshed();
    expect((await redeem(tenant, { grant_type: "refresh_token", refresh_token: token, ...UNPROVEN })).code).toBe(
      7000218,
    );
    expect((await redeem(tenant, { grant_type: "refresh_token", refresh_token: "1.made-up" })).code).toBe(70000);
  });
});

describe("client credentials", () => {
  const ask = (scope: string | undefined, changes: Changes = {}): Changes => ({
    grant_type: "client_credentials",
    scope,
    ...changes,
  });
  const DEFAULT = "https://graph.microsoft.com/.default";

  it("give a token with the application's roles, by secret or assertion", async () => {
    const tenant = await testTenant((data) => {
      data.appRoleAssignments.e9 = {
        id: "e9",
        appRoleId: "d0000000-0000-4000-8000-000000000001",
        principalId: TOOL_SP,
        principalType: "ServicePrincipal",
        resourceId: GRAPH_SP,
        createdDateTime: "",
      };
    });
    const bySecret = await redeem(tenant, ask(DEFAULT, WITH_SECRET));
    expect(bySecret.access).toMatchObject({
      aud: "https://graph.microsoft.com",
      oid: TOOL_SP,
      sub: TOOL_SP,
      appid: TOOL,
      appidacr: "1",
      idtyp: "app",
      roles: ["User.Read.All"],
      ver: "1.0",
      iss: `https://sts.windows.net/${TENANT}/`,
    });
    expect(typeof bySecret.access.exp).toBe("number");
    expect(bySecret.access.scp).toBeUndefined();
    expect(bySecret.id).toEqual({});
    expect((await redeem(tenant, ask(DEFAULT))).access.appidacr).toBe("2");
    const caller = await tenant.context.authenticate(
      `Bearer ${bySecret.body.access_token}`,
      "https://graph.microsoft.com",
    );
    expect(caller).toEqual({ objectId: TOOL_SP, clientId: TOOL, roles: ["User.Read.All"], scopes: [] });
    expect(
      await tenant.context.authenticate(`Bearer ${bySecret.body.access_token}`, "https://vault.azure.net"),
    ).toBeUndefined();
    tenant.wait(2 * HOUR);
    expect(
      await tenant.context.authenticate(`Bearer ${bySecret.body.access_token}`, "https://graph.microsoft.com"),
    ).toBeUndefined();
  });

  const refusals: [string, Changes, number][] = [
    ["a scope that is not .default", ask("https://graph.microsoft.com/User.Read"), 1002012],
    ["no scope", ask(undefined), 900144],
    ["an unknown resource", ask("https://nowhere.contoso.com/.default"), 500011],
    ["no proof", ask(DEFAULT, UNPROVEN), 7000218],
    ["a wrong secret", ask(DEFAULT, { ...UNPROVEN, client_secret: "wrong" }), 7000215],
    ["an unknown client", ask(DEFAULT, { client_id: "5e0ff1ce-0000-4000-8000-0000000000ff" }), 700016],
  ];
  it.each(refusals)("are refused with %s", async (_name, changes, code) => {
    expect((await redeem(await testTenant(), changes)).code).toBe(code);
  });

  it("are refused without tenant, service principal, or role where one is required", async () => {
    expect((await redeem(await testTenant(), ask(DEFAULT), {}, "common")).code).toBe(50059);
    const bare = await testTenant((data) => delete data.servicePrincipals[TOOL_SP]);
    expect((await redeem(bare, ask(DEFAULT))).code).toBe(7000229);
    const disabled = await testTenant((data) =>
      Object.assign(data.servicePrincipals[TOOL_SP] ?? {}, { accountEnabled: false }),
    );
    expect((await redeem(disabled, ask(DEFAULT))).code).toBe(7000112);
    expect((await redeem(await testTenant(), ask(`${TOOL}/.default`))).code).toBe(501051);
  });
});
