import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as client from "openid-client";
import { fetch, ProxyAgent } from "undici";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type PartnerHosts, partnerHosts } from "../partner/hosts.ts";
import { acme, CALLBACK, CLIENT } from "../partner/testing.ts";
import { type TestCloud, testCloud } from "./testing.ts";

/** A partner's provider on the running emulator, spoken to by a certified OpenID Connect client. */
const AUS = "https://acme.okta.com/oauth2/aus1";
const folder = mkdtempSync(join(tmpdir(), "entrada-partners-"));
let cloud: TestCloud;
let dispatcher: ProxyAgent;
let partners: PartnerHosts;

beforeAll(async () => {
  cloud = await testCloud();
  partners = partnerHosts({
    folder,
    secretOf: (partner, tool) => `secret of ${partner} & ${tool}`,
    now: () => new Date(),
  });
  await cloud.emulator.serve(await partners.update([acme()]));
  dispatcher = new ProxyAgent({ uri: cloud.proxy.url, requestTls: { ca: cloud.authority.caPem } });
});
afterAll(async () => {
  await dispatcher.close();
  await cloud.close();
  rmSync(folder, { recursive: true });
});

const proxied: client.CustomFetch = (url, options) =>
  fetch(url, { ...(options as object), dispatcher }) as unknown as Promise<Response>;

async function signIn(issuer: string, authentication: client.ClientAuth, scope = "openid profile email groups") {
  const options = { [client.customFetch]: proxied };
  const config = await client.discovery(new URL(issuer), CLIENT, undefined, authentication, options);
  client.enableNonRepudiationChecks(config);
  const pkceCodeVerifier = client.randomPKCECodeVerifier();
  const checks = { expectedState: client.randomState(), expectedNonce: client.randomNonce(), pkceCodeVerifier };
  const url = client.buildAuthorizationUrl(config, {
    redirect_uri: CALLBACK,
    scope,
    state: checks.expectedState,
    nonce: checks.expectedNonce,
    code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: "S256",
  });
  const body = new URLSearchParams({ username: "kai@acme.com" });
  const response = await fetch(url, { method: "POST", body, redirect: "manual", dispatcher });
  const tokens = await client.authorizationCodeGrant(
    config,
    new URL(response.headers.get("location") ?? "missing:"),
    checks,
  );
  return { config, tokens };
}

const secret = "secret of acme & superset";

describe("a partner's provider on the emulator", () => {
  it.each([
    ["in the header", client.ClientSecretBasic(secret)],
    ["in the body", client.ClientSecretPost(secret)],
  ])("signs in with the secret %s, refreshes and says who it is", async (_name, authentication) => {
    const { config, tokens } = await signIn("https://acme.okta.com", authentication, "openid groups offline_access");
    expect(tokens.claims()).toMatchObject({ iss: "https://acme.okta.com", groups: ["acme-viewers"] });
    const renewed = await client.refreshTokenGrant(config, tokens.refresh_token ?? "");
    const info = await client.fetchUserInfo(config, renewed.access_token, tokens.claims()?.sub ?? "");
    expect(info.groups).toEqual(["acme-viewers"]);
  });

  it("keeps refresh tokens while its people change", async () => {
    const { config, tokens } = await signIn(
      "https://acme.okta.com",
      client.ClientSecretPost(secret),
      "openid offline_access",
    );
    await cloud.emulator.serve(await partners.update([acme({ displayName: "Acme Corporation" })]));
    await client.refreshTokenGrant(config, tokens.refresh_token ?? "");
    const [kai, ...others] = acme().people;
    if (kai === undefined) throw new Error("Acme has nobody.");
    await cloud.emulator.serve(await partners.update([acme({ people: [{ ...kai, enabled: false }, ...others] })]));
    await expect(client.refreshTokenGrant(config, tokens.refresh_token ?? "")).rejects.toMatchObject({
      error: "invalid_grant",
    });
  });

  it("comes and goes while the emulator runs, several on one host, each with its own keys", async () => {
    const other = acme({ key: "beta", issuer: "https://login.beta.example" });
    const custom = acme({ key: "aus", issuer: AUS });
    await cloud.emulator.serve(await partners.update([acme(), custom, other]));
    const { tokens } = await signIn(AUS, client.ClientSecretPost("secret of aus & superset"));
    expect(tokens.claims()?.iss).toBe(AUS);
    const beta = await signIn("https://login.beta.example", client.ClientSecretPost("secret of beta & superset"));
    expect(beta.tokens.claims()?.iss).toBe("https://login.beta.example");
    const kidOf = async (url: string) => {
      const { keys } = (await (await fetch(url, { dispatcher })).json()) as { keys: { kid: string }[] };
      return keys[0]?.kid;
    };
    expect(await kidOf(`${AUS}/v1/keys`)).not.toBe(await kidOf("https://acme.okta.com/oauth2/v1/keys"));

    await cloud.emulator.serve(await partners.update([acme()]));
    expect(cloud.emulator.route("login.beta.example", 443)).toBeUndefined();
    expect((await fetch(`${AUS}/v1/keys`, { dispatcher })).status).toBe(501);
    expect(cloud.emulator.route("acme.okta.com", 443)).toBeDefined();
  });

  it("never takes the place of a host of Microsoft's", async () => {
    const stolen = acme({ key: "tenant", issuer: "https://login.microsoftonline.com/other/v2.0" });
    const hosts = await partners.update([stolen]);
    await expect(cloud.emulator.serve(hosts)).rejects.toThrow("login.microsoftonline.com is a host");
    expect((await fetch("https://login.microsoftonline.com/common/discovery/keys", { dispatcher })).status).toBe(200);
  });
});
