import { describe, expect, it } from "vitest";
import { signInsOf } from "./sign-in-log.ts";
import { ANA, ASSERTION_TYPE, JON, LEAVER, NESTED, SECRET, TENANT, TOOL, testTenant } from "./testing.ts";
import { approve, askCode, DEVICE_SCOPE, deviceCode, enter, poll, publicTenant } from "./testing-device.ts";
import { authorize, codeFor, pageError, redeem, sessionCookie, UNPROVEN } from "./testing-flow.ts";
import { addPolicy } from "./testing-policies.ts";

const MINUTE = 60_000;
const NO_FLOW = {
  controls: ["block"],
  conditions: { authenticationFlows: { transferMethods: "deviceCodeFlow" } },
} as const;

describe("the device code endpoint", () => {
  it("answers in Entra's shape", async () => {
    const tenant = await publicTenant();
    const answer = await deviceCode(tenant);
    const page = "https://login.microsoftonline.com/common/oauth2/deviceauth";
    expect(answer).toEqual({
      user_code: expect.stringMatching(/^[A-Z2-9]{9}$/),
      device_code: expect.stringMatching(/^1\.[\w-]{128}$/),
      verification_uri: page,
      expires_in: 900,
      interval: 5,
      message: `To sign in, use a web browser to open the page ${page} and enter the code ${answer.user_code} to authenticate.`,
    });
    const discovery = await tenant.app.request(
      `https://login.microsoftonline.com/${TENANT}/v2.0/.well-known/openid-configuration`,
    );
    expect(await discovery.json()).toMatchObject({
      device_authorization_endpoint: `https://login.microsoftonline.com/${TENANT}/oauth2/v2.0/devicecode`,
    });
  });

  it.each([
    [{ client_id: undefined }, 900144],
    [{ client_id: "5e0ff1ce-0000-4000-8000-0000000000ff" }, 700016],
    [{ scope: undefined }, 900144],
    [{ scope: "openid groups" }, 650053],
  ])("refuses %j", async (changes, code) => {
    const response = await askCode(await publicTenant(), changes);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error_codes: [code] });
  });

  it("keeps an application of one tenant from /common", async () => {
    const response = await askCode(await publicTenant(), {}, "common");
    expect(await response.json()).toMatchObject({ error_codes: [50194] });
  });
});

describe("a device's sign-in", () => {
  it("waits for the person, then gives tokens once", async () => {
    const tenant = await publicTenant();
    const { user_code, device_code } = await deviceCode(tenant);
    const early = await poll(tenant, device_code);
    expect([early.status, early.code, early.body.error]).toEqual([400, 70016, "authorization_pending"]);
    const done = await approve(tenant, user_code);
    expect(done.status).toBe(200);
    expect(await done.text()).toContain("You have signed in to the Superset application on your device.");
    const { status, id, access, body } = await poll(tenant, device_code);
    expect(status).toBe(200);
    expect(id).toMatchObject({ oid: ANA, aud: TOOL, roles: ["Admin"] });
    expect(access.oid).toBe(ANA);
    expect(body).toMatchObject({ token_type: "Bearer", refresh_token: expect.any(String) });
    expect((await poll(tenant, device_code)).code).toBe(54005);
    expect(await pageError(await approve(tenant, user_code))).toBe(70018);
  });

  it("takes the grant's short name, and a code in small letters", async () => {
    const tenant = await publicTenant();
    const { user_code, device_code } = await deviceCode(tenant);
    await approve(tenant, ` ${user_code.toLowerCase()} `);
    expect((await poll(tenant, device_code, { grant_type: "device_code" })).status).toBe(200);
  });

  it("gives no refresh token or ID token that was not asked for", async () => {
    const tenant = await publicTenant();
    const { user_code, device_code } = await deviceCode(tenant, { scope: "profile" });
    await approve(tenant, user_code);
    const { body } = await poll(tenant, device_code);
    expect(body.access_token).toBeDefined();
    expect(body).not.toHaveProperty("refresh_token");
    expect(body).not.toHaveProperty("id_token");
  });

  it("ends after fifteen minutes, for the person and for the device", async () => {
    const tenant = await publicTenant();
    const { user_code, device_code } = await deviceCode(tenant);
    tenant.wait(15 * MINUTE);
    expect((await poll(tenant, device_code)).code).toBe(70016);
    tenant.wait(1);
    expect(await pageError(await approve(tenant, user_code))).toBe(70019);
    const late = await poll(tenant, device_code);
    expect([late.code, late.body.error]).toEqual([70020, "expired_token"]);
  });

  it("can be cancelled on the page", async () => {
    const tenant = await publicTenant();
    const { user_code, device_code } = await deviceCode(tenant);
    const page = await (await enter(tenant, { otc: user_code })).text();
    expect(page).toContain("Go on only if you started this sign-in yourself.");
    expect(page).toContain('name="cancel"');
    expect((await enter(tenant, { otc: user_code, cancel: "1" })).status).toBe(200);
    expect((await poll(tenant, device_code)).body.error).toBe("authorization_declined");
    expect(await pageError(await approve(tenant, user_code))).toBe(70018);
  });

  it("belongs to the client that asked, under the code that it was given", async () => {
    const tenant = await publicTenant();
    const { user_code, device_code } = await deviceCode(tenant);
    await approve(tenant, user_code);
    const unknown = await poll(tenant, "nothing");
    expect([unknown.code, unknown.body.error]).toEqual([70018, "bad_verification_code"]);
    const [application] = Object.values(tenant.data.applications);
    const [principal] = Object.values(tenant.data.servicePrincipals).filter(({ appId }) => appId === TOOL);
    if (application === undefined || principal === undefined) throw new Error("The test tenant has no tool.");
    const other = "5e0ff1ce-0000-4000-8000-0000000000ee";
    tenant.data.applications.other = { ...application, id: "other", appId: other };
    tenant.data.servicePrincipals.other = { ...principal, id: "other", appId: other };
    expect((await poll(tenant, device_code, { client_id: other })).code).toBe(70000);
    expect((await poll(tenant, device_code, { device_code: undefined })).code).toBe(900144);
    expect((await poll(tenant, device_code)).status).toBe(200);
  });

  it("asks a confidential client for its proof, and a public one for none", async () => {
    const tenant = await testTenant();
    const { user_code, device_code } = await deviceCode(tenant);
    await approve(tenant, user_code);
    expect((await poll(tenant, device_code)).code).toBe(7000218);
    const assertion = { client_assertion: await tenant.issuer.token(), client_assertion_type: ASSERTION_TYPE };
    expect((await poll(tenant, device_code, assertion)).status).toBe(200);
    const open = await publicTenant();
    const second = await deviceCode(open);
    await approve(open, second.user_code);
    expect((await poll(open, second.device_code, { client_secret: SECRET })).code).toBe(700025);
  });
});

describe("the page for a device's code", () => {
  it("asks for the code, then for the person with the conditions, even where a session lives", async () => {
    const tenant = await publicTenant();
    const { user_code } = await deviceCode(tenant);
    const url = `https://login.microsoftonline.com/common/oauth2/deviceauth?otc=${user_code}`;
    const first = await (await tenant.app.request(url)).text();
    expect(first).toContain(`name="otc" autocomplete="off" value="${user_code}"`);
    const cookie = sessionCookie(await authorize(tenant, { as: ANA }));
    const pick = await enter(tenant, { otc: user_code }, cookie);
    expect(pick.status).toBe(200);
    const text = await pick.text();
    expect(text).toContain("Sign in to Superset");
    expect(text).toContain("<details><summary>Conditions of this sign-in</summary>");
    expect(text).toContain(`action="?otc=${user_code}"`);
    expect(await (await enter(tenant, { otc: user_code, mfa: "fido2" }, cookie)).text()).toContain(
      "Sign in to Superset",
    );
    expect(await pageError(await enter(tenant, { otc: "WRONGCODE" }))).toBe(70018);
    expect(await (await enter(tenant, {})).text()).toContain("Enter code to allow access");
  });

  it.each([
    ["nobody@contoso.com", 50034],
    [LEAVER, 50057],
    [NESTED, 50105],
  ])("checks account and assignment before the policies: %s", async (username, code) => {
    const tenant = await publicTenant();
    addPolicy(tenant.data, "stop", { controls: ["block"] });
    const { user_code, device_code } = await deviceCode(tenant);
    const page = await approve(tenant, user_code, { username });
    expect(page.status).toBe(400);
    expect(await pageError(page)).toBe(code);
    expect((await poll(tenant, device_code)).code).toBe(70016);
  });

  it("is judged as the device code flow, whatever was played", async () => {
    const tenant = await publicTenant();
    addPolicy(tenant.data, "no device codes", NO_FLOW);
    const { user_code, device_code } = await deviceCode(tenant);
    for (const flow of [undefined, "none", "authentication-transfer"]) {
      const page = await approve(tenant, user_code, { flow });
      const text = await page.text();
      expect(page.status).toBe(400);
      expect(text).toContain("AADSTS53003");
      expect(text).toContain("no device codes");
      expect(text).toContain("c0000000-0000-4000-8000-00000000c0de");
    }
    expect((await poll(tenant, device_code)).code).toBe(70016);
    expect(signInsOf(tenant.context)[0]).toMatchObject({
      correlationId: "c0000000-0000-4000-8000-00000000c0de",
      authenticationProtocol: "deviceCode",
      status: { errorCode: 53003 },
    });
    // The ordinary sign-in goes on.
    expect(await codeFor(tenant)).toBeTruthy();
  });

  it("asks for a method, and lets only the asked session answer", async () => {
    const tenant = await publicTenant();
    addPolicy(tenant.data, "method", { controls: ["mfa"] });
    const { user_code, device_code } = await deviceCode(tenant);
    const asked = await approve(tenant, user_code);
    expect(await asked.text()).toContain('name="mfa" value="fido2"');
    const stranger = sessionCookie(await authorize(tenant, { as: JON }));
    const other = await enter(tenant, { otc: user_code, mfa: "fido2" }, stranger);
    expect(await other.text()).toContain("Sign in to Superset");
    expect((await poll(tenant, device_code)).code).toBe(70016);
    const done = await enter(tenant, { otc: user_code, mfa: "fido2" }, sessionCookie(asked));
    expect(await done.text()).toContain("You have signed in");
    expect((await poll(tenant, device_code)).id.oid).toBe(ANA);
  });

  it("refuses conditions that nobody can play, and consent that is not there", async () => {
    const tenant = await publicTenant();
    const { user_code } = await deviceCode(tenant);
    const wrong = await approve(tenant, user_code, { country: "Portugal" });
    expect([wrong.status, await wrong.text()]).toEqual([400, expect.stringContaining("Portugal")]);
    tenant.data.oauth2PermissionGrants = {};
    expect(await pageError(await approve(tenant, user_code))).toBe(65001);
  });
});

describe("a device's refresh", () => {
  it("stays in the device code flow", async () => {
    const tenant = await publicTenant();
    const { user_code, device_code } = await deviceCode(tenant);
    await approve(tenant, user_code);
    const { body } = await poll(tenant, device_code);
    const refresh = () =>
      redeem(tenant, {
        ...UNPROVEN,
        grant_type: "refresh_token",
        scope: DEVICE_SCOPE,
        refresh_token: String(body.refresh_token),
      });
    expect((await refresh()).status).toBe(200);
    addPolicy(tenant.data, "no device codes", NO_FLOW);
    expect((await refresh()).code).toBe(53003);
  });
});
