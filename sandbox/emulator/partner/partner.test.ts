import { describe, expect, it } from "vitest";
import { partnerMetadata } from "./discovery.ts";
import { acme, CALLBACK, type Changes, CLIENT, redirected, SECRET, testPartner } from "./testing.ts";

const BASIC = { authorization: `Basic ${Buffer.from(`${CLIENT}:${SECRET}`).toString("base64")}` };
const UNPROVEN: Changes = { client_secret: undefined };
const OFFLINE: Changes = { scope: "openid profile email groups offline_access" };
const DAY = 24 * 3_600_000;

describe("a partner's provider", () => {
  it("names its endpoints as Okta does: of the organisation, or of one of its authorization servers", () => {
    expect(partnerMetadata(acme())).toMatchObject({
      issuer: "https://acme.okta.com",
      authorization_endpoint: "https://acme.okta.com/oauth2/v1/authorize",
      token_endpoint: "https://acme.okta.com/oauth2/v1/token",
      jwks_uri: "https://acme.okta.com/oauth2/v1/keys",
      userinfo_endpoint: "https://acme.okta.com/oauth2/v1/userinfo",
    });
    expect(partnerMetadata(acme({ issuer: "https://acme.okta.com/oauth2/aus1" }))).toMatchObject({
      authorization_endpoint: "https://acme.okta.com/oauth2/aus1/v1/authorize",
      jwks_uri: "https://acme.okta.com/oauth2/aus1/v1/keys",
    });
  });

  it("serves its discovery document and public keys, and 501 for what it does not play", async () => {
    const { app } = await testPartner();
    const document = await app.request("https://acme.okta.com/.well-known/openid-configuration");
    expect(await document.json()).toEqual(partnerMetadata(acme()));
    const { keys } = (await (await app.request("https://acme.okta.com/oauth2/v1/keys")).json()) as { keys: object[] };
    expect(keys).toHaveLength(2);
    expect(Object.keys(keys[0] ?? {}).sort()).toEqual(["e", "kid", "kty", "n", "use"]);
    const absent = await app.request("https://acme.okta.com/oauth2/v1/introspect", { method: "POST" });
    expect(absent.status).toBe(501);
    expect(await absent.text()).toContain("POST https://acme.okta.com/oauth2/v1/introspect");
  });
});

describe("the authorize endpoint", () => {
  it("shows the partner's people and answers with code and state", async () => {
    const partner = await testPartner();
    const page = await partner.authorize();
    expect(page.status).toBe(200);
    expect(await page.text()).toMatch(/Kai Larsen[\s\S]*Lou Gone[\s\S]*deactivated/);
    expect(page.headers.get("content-security-policy")).toContain("default-src 'none'");
    const answer = redirected(await partner.authorize({ as: "kai.larsen" }));
    expect([...answer.keys()].sort()).toEqual(["code", "state"]);
    expect(answer.get("state")).toBe("xyz");
  });

  const pages: [string, Changes, string, number][] = [
    ["an unknown client", { client_id: "0oaother" }, "Invalid value for &#39;client_id&#39; parameter.", 400],
    ["another redirect URI", { redirect_uri: `${CALLBACK}/` }, "must be a Login redirect URI", 400],
    ["another client's redirect URI", { redirect_uri: "https://airflow.data.contoso.com/back" }, "Login redirect", 400],
    ["no redirect URI", { redirect_uri: undefined }, "must be a Login redirect URI", 400],
  ];
  it.each(pages)("redirects nobody for %s", async (_name, changes, text, status) => {
    const answer = await (await testPartner()).authorize({ changes, as: "kai@acme.com" });
    expect([answer.status, answer.headers.get("location")]).toEqual([status, null]);
    expect(await answer.text()).toContain(text);
  });

  const redirects: [string, Changes, string][] = [
    ["another response type", { response_type: "id_token" }, "unsupported_response_type"],
    ["an unknown scope", { scope: "openid okta.users.read" }, "invalid_scope"],
    ["no openid", { scope: "profile" }, "invalid_scope"],
    ["no state", { state: undefined }, "invalid_request"],
    ["a fragment", { response_mode: "fragment" }, "invalid_request"],
    ["a plain challenge", { code_challenge_method: "plain" }, "invalid_request"],
    ["a challenge of another size", { code_challenge: "short" }, "invalid_request"],
    ["no page and no session", { prompt: "none" }, "login_required"],
  ];
  it.each(redirects)("tells the tool of %s", async (_name, changes, error) => {
    const answer = redirected(await (await testPartner()).authorize({ changes }));
    expect(answer.get("error")).toBe(error);
    expect(answer.get("error_description")).not.toBe("");
    expect(answer.get("code")).toBeNull();
  });

  it.each(["lou@acme.com", "nobody@acme.com"])("does not say why %s cannot sign in", async (as) => {
    const answer = await (await testPartner()).authorize({ as });
    expect(answer.status).toBe(401);
    expect(await answer.text()).toMatch(/E0000004[\s\S]*Authentication failed/);
  });

  it("remembers who signed in, until the account is deactivated or the person signs out", async () => {
    const partner = await testPartner();
    const first = await partner.authorize({ as: "kai@acme.com" });
    const cookie = (first.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
    expect(first.headers.get("set-cookie")).toMatch(/HttpOnly; Secure/);
    const silent = () => partner.authorize({ changes: { prompt: "none" }, cookie });
    expect(redirected(await silent()).get("code")).not.toBeNull();
    partner.change({ people: acme().people.map((person) => ({ ...person, enabled: false })) });
    expect(redirected(await silent()).get("error")).toBe("login_required");
    partner.change({ people: acme().people });
    const { body } = await partner.signIn("kai@acme.com");
    const logout = `https://acme.okta.com/oauth2/v1/logout?id_token_hint=${body.id_token}`;
    const elsewhere = await partner.app.request(`${logout}&post_logout_redirect_uri=https://evil.example`);
    expect([elsewhere.status, elsewhere.headers.get("location")]).toEqual([400, null]);
    expect((await partner.app.request("https://acme.okta.com/oauth2/v1/logout?id_token_hint=x")).status).toBe(400);
    expect((await partner.app.request(logout, { headers: { cookie } })).status).toBe(200);
    expect(redirected(await silent()).get("error")).toBe("login_required");
  });

  it("posts the answer where the tool asks for it", async () => {
    const answer = await (await testPartner()).authorize({
      as: "kai@acme.com",
      changes: { response_mode: "form_post" },
    });
    expect(await answer.text()).toMatch(/<form method="post" action="https:\/\/superset[\s\S]*name="code"/);
  });
});

describe("the token endpoint", () => {
  it("gives an ID token with names, nonce and groups", async () => {
    const { status, body, id, headers } = await (await testPartner()).signIn("kai@acme.com");
    expect(status).toBe(200);
    expect(body).toMatchObject({ token_type: "Bearer", expires_in: 3600, scope: "openid profile email groups" });
    expect(body.refresh_token).toBeUndefined();
    expect(headers.get("cache-control")).toContain("no-store");
    expect(id).toMatchObject({
      iss: "https://acme.okta.com",
      aud: CLIENT,
      nonce: "n-1",
      name: "Kai Larsen",
      preferred_username: "kai@acme.com",
      email: "kai@acme.com",
      groups: ["acme-viewers"],
      amr: ["pwd"],
      ver: 1,
    });
    expect(id.sub).toMatch(/^00u[A-Za-z0-9]{17}$/);
  });

  it("names groups for the scope groups only, under the claim that the partner chose", async () => {
    const partner = await testPartner();
    expect((await partner.signIn("kai@acme.com", { scope: "openid profile" })).id.groups).toBeUndefined();
    expect((await partner.signIn("max@acme.com")).id.groups).toBeUndefined();
    partner.change({ groupsClaim: "acme_groups" });
    expect((await partner.signIn("kai@acme.com")).id).toMatchObject({ acme_groups: ["acme-viewers"] });
  });

  it("takes the secret by Basic authentication as well, and not both ways at once", async () => {
    const partner = await testPartner();
    const basic = { ...UNPROVEN, client_id: undefined };
    expect((await partner.token({ code: await partner.code(), ...basic }, BASIC)).status).toBe(200);
    const both = await partner.token({ code: await partner.code() }, BASIC);
    expect([both.status, both.body.error]).toEqual([400, "invalid_request"]);
  });

  const refusals: [string, Changes, number, string][] = [
    ["a wrong secret", { client_secret: `${SECRET}x` }, 401, "invalid_client"],
    ["no secret", UNPROVEN, 401, "invalid_client"],
    ["no client", { client_id: undefined }, 401, "invalid_client"],
    ["another redirect URI", { redirect_uri: `${CALLBACK}/` }, 400, "invalid_grant"],
    ["another verifier", { code_verifier: "w".repeat(43) }, 400, "invalid_grant"],
    ["no verifier", { code_verifier: undefined }, 400, "invalid_grant"],
    ["a made-up code", { code: "made-up" }, 400, "invalid_grant"],
    ["no grant type", { grant_type: undefined }, 400, "unsupported_grant_type"],
    ["another grant", { grant_type: "client_credentials" }, 400, "unsupported_grant_type"],
    [
      "another client's proof",
      { client_id: "0oa1acmeairflow", client_secret: `${SECRET}-airflow` },
      400,
      "invalid_grant",
    ],
  ];
  it.each(refusals)("refuses %s", async (_name, changes, status, error) => {
    const partner = await testPartner();
    const result = await partner.token({ code: await partner.code(), ...changes });
    expect([result.status, result.body.error]).toEqual([status, error]);
    expect(result.body.error_description).not.toBe("");
  });

  it("answers an unknown client in the shape of Okta's interfaces, and Basic authentication with its challenge", async () => {
    const partner = await testPartner();
    expect((await partner.token({ client_id: "0oaother" })).body).toMatchObject({
      errorCode: "invalid_client",
      errorSummary: "Invalid value for 'client_id' parameter.",
      errorCauses: [],
    });
    const wrong = { authorization: `Basic ${Buffer.from(`${CLIENT}:wrong`).toString("base64")}` };
    const refused = await partner.token({ code: "x", client_id: undefined, ...UNPROVEN }, wrong);
    expect([refused.status, refused.headers.get("www-authenticate")]).toEqual([401, "Basic"]);
    const json = await partner.token({}, { "content-type": "application/json" });
    expect([json.status, json.body.error]).toEqual([400, "invalid_request"]);
  });

  it("takes a code once, within five minutes, also from two requests at the same moment", async () => {
    const partner = await testPartner();
    const code = await partner.code();
    const results = await Promise.all([partner.token({ code }), partner.token({ code })]);
    expect(results.map(({ status }) => status).sort()).toEqual([200, 400]);
    const late = await partner.code();
    partner.wait(5 * 60_000 + 1);
    expect((await partner.token({ code: late })).body.error).toBe("invalid_grant");
  });

  it("gives nothing for the code of somebody who was deactivated meanwhile", async () => {
    const partner = await testPartner();
    const code = await partner.code();
    partner.change({ people: [] });
    expect((await partner.token({ code })).body.error).toBe("invalid_grant");
  });
});

describe("a refresh token", () => {
  const refresh = (token: unknown, more: Changes = {}): Changes => ({
    grant_type: "refresh_token",
    refresh_token: String(token),
    ...more,
  });

  it("comes with offline_access, stays the same, and reads person and groups anew", async () => {
    const partner = await testPartner();
    const { body } = await partner.signIn("kai@acme.com", OFFLINE);
    const again = await partner.token(refresh(body.refresh_token));
    expect(again.body.refresh_token).toBe(body.refresh_token);
    expect(again.id).toMatchObject({ groups: ["acme-viewers"] });
    const [kai, ...others] = acme().people;
    if (kai === undefined) throw new Error("Acme has nobody.");
    partner.change({ people: [{ ...kai, groups: ["acme-editors"] }, ...others] });
    expect((await partner.token(refresh(body.refresh_token))).id.groups).toEqual(["acme-editors"]);
    partner.change({ people: [{ ...kai, enabled: false }, ...others] });
    const refused = await partner.token(refresh(body.refresh_token));
    expect([refused.status, refused.body.error]).toEqual([400, "invalid_grant"]);
  });

  it("belongs to its client, needs its proof, gives no more scopes, and ends unused after a week", async () => {
    const partner = await testPartner();
    const { body } = await partner.signIn("kai@acme.com", { scope: "openid offline_access" });
    const ask = async (more: Changes) => (await partner.token(refresh(body.refresh_token, more))).body.error;
    expect(await ask({ client_id: "0oa1acmeairflow", client_secret: `${SECRET}-airflow` })).toBe("invalid_grant");
    expect(await ask(UNPROVEN)).toBe("invalid_client");
    expect(await ask({ scope: "openid groups" })).toBe("invalid_scope");
    expect(await ask({ refresh_token: "made-up" })).toBe("invalid_grant");
    partner.wait(6 * DAY);
    expect(await ask({})).toBeUndefined();
    partner.wait(6 * DAY);
    expect(await ask({})).toBeUndefined();
    partner.wait(7 * DAY + 1);
    expect(await ask({})).toBe("invalid_grant");
  });
});

describe("userinfo", () => {
  it("takes an access token, and neither an ID token nor an old one", async () => {
    const partner = await testPartner();
    const { body, id } = await partner.signIn("kai@acme.com");
    const ask = (token: unknown) =>
      partner.app.request("https://acme.okta.com/oauth2/v1/userinfo", {
        headers: { authorization: `Bearer ${token}` },
      });
    expect(await (await ask(body.access_token)).json()).toEqual({
      sub: id.sub,
      name: "Kai Larsen",
      given_name: "Kai",
      family_name: "Larsen",
      preferred_username: "kai@acme.com",
      email: "kai@acme.com",
      email_verified: true,
      groups: ["acme-viewers"],
    });
    expect((await ask(body.id_token)).status).toBe(401);
    expect((await ask("x")).headers.get("www-authenticate")).toContain("invalid_token");
    partner.wait(2 * 3_600_000);
    expect((await ask(body.access_token)).status).toBe(401);
  });
});
