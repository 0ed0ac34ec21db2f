import { Hono } from "hono";
import * as client from "openid-client";
import { fetch, ProxyAgent } from "undici";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ANA, ASSERTION_TYPE, REDIRECT, SECRET, SPA_REDIRECT, TENANT, TOOL } from "../entra/testing.ts";
import { userinfo } from "../entra/userinfo.ts";
import { type TestCloud, testCloud } from "./testing.ts";

const ISSUER = new URL(`https://login.microsoftonline.com/${TENANT}/v2.0`);

let cloud: TestCloud;
let dispatcher: ProxyAgent;
beforeAll(async () => {
  cloud = await testCloud((context) => ({
    "graph.microsoft.com": new Hono().get("/oidc/userinfo", userinfo(context)),
  }));
  dispatcher = new ProxyAgent({ uri: cloud.proxy.url, requestTls: { ca: cloud.authority.caPem } });
});
afterAll(async () => {
  await dispatcher.close();
  await cloud.close();
});

/** openid-client's documented way to a proxy: its own fetch, over undici. */
const proxied: client.CustomFetch = (url, options) =>
  fetch(url, { ...(options as object), dispatcher }) as unknown as Promise<Response>;
const fromBrowser: client.CustomFetch = (url, options) =>
  proxied(url, { ...options, headers: { ...options.headers, origin: new URL(SPA_REDIRECT).origin } });

/** Sends the projected service-account token as it is: it is not the client's own to sign. */
const workloadIdentity: client.ClientAuth = async (_server, metadata, body) => {
  body.set("client_id", metadata.client_id);
  body.set("client_assertion_type", ASSERTION_TYPE);
  body.set("client_assertion", assertion);
};
let assertion = "";

async function discover(authentication: client.ClientAuth, customFetch = proxied): Promise<client.Configuration> {
  assertion = await cloud.issuer.token();
  return client.discovery(ISSUER, TOOL, undefined, authentication, { [client.customFetch]: customFetch });
}

async function signIn(
  config: client.Configuration,
  redirectUri: string,
  person = "ana.lima@contoso.com",
  scope = "openid profile email offline_access",
) {
  const pkceCodeVerifier = client.randomPKCECodeVerifier();
  const checks = { expectedState: client.randomState(), expectedNonce: client.randomNonce(), pkceCodeVerifier };
  const url = client.buildAuthorizationUrl(config, {
    redirect_uri: redirectUri,
    scope,
    state: checks.expectedState,
    nonce: checks.expectedNonce,
    code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: "S256",
  });
  const response = await fetch(url, {
    method: "POST",
    body: new URLSearchParams({ username: person }),
    redirect: "manual",
    dispatcher,
  });
  return client.authorizationCodeGrant(config, new URL(response.headers.get("location") ?? "missing:"), checks);
}

describe("openid-client", () => {
  it.each([
    ["a federated assertion", workloadIdentity],
    ["a secret in the body", client.ClientSecretPost(SECRET)],
    ["a secret in the header", client.ClientSecretBasic(SECRET)],
  ])("signs in with %s, refreshes and asks who it is", async (_name, authentication) => {
    const config = await discover(authentication);
    const tokens = await signIn(config, REDIRECT);
    expect(tokens.claims()).toMatchObject({ oid: ANA, roles: ["Admin"], email: "ana.lima@contoso.com" });
    const renewed = await client.refreshTokenGrant(config, tokens.refresh_token ?? "");
    expect(renewed.claims()?.sub).toBe(tokens.claims()?.sub);
    const info = await client.fetchUserInfo(config, renewed.access_token, tokens.claims()?.sub ?? "");
    expect(info.name).toBe("Ana Lima");
  });

  it("signs a single-page application in without any secret", async () => {
    const tokens = await signIn(await discover(client.None(), fromBrowser), SPA_REDIRECT);
    expect(tokens.claims()).toMatchObject({ oid: ANA });
  });

  it("verifies the ID token's signature with the keys of the discovery document", async () => {
    const config = await discover(client.ClientSecretPost(SECRET));
    client.enableNonRepudiationChecks(config);
    expect((await signIn(config, REDIRECT)).claims()?.iss).toBe(ISSUER.href);
  });

  it("gets an application's own token", async () => {
    const tokens = await client.clientCredentialsGrant(await discover(workloadIdentity), {
      scope: "https://graph.microsoft.com/.default",
    });
    expect(tokens.token_type).toBe("bearer");
  });

  it("reads refusals as the errors that Entra gives", async () => {
    const config = await discover(client.ClientSecretPost("wrong"));
    await expect(signIn(config, REDIRECT)).rejects.toMatchObject({
      error: "invalid_client",
      error_description: expect.stringContaining("AADSTS7000215"),
    });
    await expect(signIn(config, REDIRECT, "ana.lima@contoso.com", "openid groups")).rejects.toMatchObject({
      error: "invalid_client",
      error_description: expect.stringContaining("AADSTS650053"),
    });
  });
});
