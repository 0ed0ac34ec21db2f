import {
  ConfidentialClientApplication,
  CryptoProvider,
  type INetworkModule,
  type NetworkRequestOptions,
  type NetworkResponse,
  type NodeAuthOptions,
} from "@azure/msal-node";
import { fetch, ProxyAgent } from "undici";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ANA, GRAPH_SP, REDIRECT, SECRET, TENANT, TOOL, TOOL_SP } from "../entra/testing.ts";
import { type TestCloud, testCloud } from "./testing.ts";

const AUTHORITY = `https://login.microsoftonline.com/${TENANT}`;
const SCOPES = ["openid", "profile", "email", "User.Read"];

let cloud: TestCloud;
let dispatcher: ProxyAgent;
beforeAll(async () => {
  cloud = await testCloud();
  dispatcher = new ProxyAgent({ uri: cloud.proxy.url, requestTls: { ca: cloud.authority.caPem } });
  cloud.data.appRoleAssignments.e9 = {
    id: "e9",
    appRoleId: "d0000000-0000-4000-8000-000000000001",
    principalId: TOOL_SP,
    principalType: "ServicePrincipal",
    resourceId: GRAPH_SP,
    createdDateTime: "",
  };
});
afterAll(async () => {
  await dispatcher.close();
  await cloud.close();
});

/** MSAL leaves proxies to a network module of one's own since version 4; this is the whole of it. */
class ProxiedNetwork implements INetworkModule {
  async sendGetRequestAsync<T>(url: string, options?: NetworkRequestOptions): Promise<NetworkResponse<T>> {
    return this.send(url, "GET", options);
  }
  async sendPostRequestAsync<T>(url: string, options?: NetworkRequestOptions): Promise<NetworkResponse<T>> {
    return this.send(url, "POST", options);
  }
  private async send<T>(url: string, method: string, options: NetworkRequestOptions = {}): Promise<NetworkResponse<T>> {
    const { headers = {}, body = null } = options;
    const response = await fetch(url, { method, headers, body, dispatcher });
    return {
      headers: Object.fromEntries(response.headers),
      body: (await response.json()) as T,
      status: response.status,
    };
  }
}

function application(proof: Partial<NodeAuthOptions>): ConfidentialClientApplication {
  return new ConfidentialClientApplication({
    auth: { clientId: TOOL, authority: AUTHORITY, ...proof },
    system: { networkClient: new ProxiedNetwork() },
  });
}
const withSecret = () => application({ clientSecret: SECRET });
const withAssertion = () => application({ clientAssertion: () => cloud.issuer.token() });

/** What a browser does on the sign-in page: picks the person, and reads the redirect. */
async function pick(url: string, person: string): Promise<URLSearchParams> {
  const body = new URLSearchParams({ username: person });
  const response = await fetch(url, { method: "POST", body, redirect: "manual", dispatcher });
  return new URL(response.headers.get("location") ?? "missing:").searchParams;
}

describe("MSAL for Node", () => {
  it.each([
    ["a federated assertion", withAssertion],
    ["a secret", withSecret],
  ])("signs in by code with PKCE and %s, and renews by refresh token", async (_name, create) => {
    const msal = create();
    const { verifier, challenge } = await new CryptoProvider().generatePkceCodes();
    const request = { scopes: SCOPES, redirectUri: REDIRECT };
    const url = await msal.getAuthCodeUrl({
      ...request,
      state: "s",
      nonce: "n",
      codeChallenge: challenge,
      codeChallengeMethod: "S256",
    });
    const answer = await pick(url, "ana.lima@contoso.com");
    expect(answer.get("state")).toBe("s");
    const code = answer.get("code") ?? "";
    const result = await msal.acquireTokenByCode({ ...request, code, codeVerifier: verifier }, { nonce: "n", code });
    expect(result.account).toMatchObject({
      homeAccountId: `${ANA}.${TENANT}`,
      username: "ana.lima@contoso.com",
      tenantId: TENANT,
    });
    expect(result.idTokenClaims).toMatchObject({ roles: ["Admin"], nonce: "n" });
    expect(result.scopes).toContain("User.Read");
    if (result.account === null) throw new Error("no account");
    const silent = await msal.acquireTokenSilent({
      account: result.account,
      scopes: ["User.Read"],
      forceRefresh: true,
    });
    expect(silent.fromCache).toBe(false);
    expect(silent.accessToken).not.toBe(result.accessToken);
    const caller = await cloud.emulator.context.authenticate(
      `Bearer ${silent.accessToken}`,
      "https://graph.microsoft.com",
    );
    expect(caller).toMatchObject({ objectId: ANA, clientId: TOOL });
  });

  it.each([
    ["a federated assertion", withAssertion],
    ["a secret", withSecret],
  ])("gets an application's own token with %s", async (_name, create) => {
    const result = await create().acquireTokenByClientCredential({ scopes: ["https://graph.microsoft.com/.default"] });
    const caller = await cloud.emulator.context.authenticate(
      `Bearer ${result?.accessToken}`,
      "https://graph.microsoft.com",
    );
    expect(caller).toEqual({ objectId: TOOL_SP, clientId: TOOL, roles: ["User.Read.All"], scopes: [] });
  });

  it("reads refusals as the errors that Entra gives", async () => {
    const other = application({
      clientAssertion: () => cloud.issuer.token({ sub: "system:serviceaccount:superset:other" }),
    });
    const request = { scopes: ["https://graph.microsoft.com/.default"] };
    await expect(other.acquireTokenByClientCredential(request)).rejects.toMatchObject({
      errorCode: "invalid_client",
      errorMessage: expect.stringContaining("AADSTS700213"),
    });
    const msal = withSecret();
    await expect(
      msal.acquireTokenByCode({ scopes: SCOPES, redirectUri: REDIRECT, code: "1.made-up" }),
    ).rejects.toMatchObject({ errorCode: "invalid_grant" });
  });

  it("went through the proxy to one host, and its log holds no query", () => {
    expect(new Set(cloud.requests.map(({ host }) => host))).toEqual(new Set(["login.microsoftonline.com"]));
    expect(cloud.requests.some(({ path }) => path === `/${TENANT}/oauth2/v2.0/token`)).toBe(true);
    expect(JSON.stringify(cloud.requests)).not.toMatch(/[?]|code_challenge|username/);
  });
});
