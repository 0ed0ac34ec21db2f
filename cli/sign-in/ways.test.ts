import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PROXY_CALLBACK } from "../../components/proxy/callback.ts";
import { sampleContract, sampleSettings } from "../../model/testing/sample.ts";
import { type TestCloud, testCloud } from "../../sandbox/emulator/clients/testing.ts";
import { REDIRECT, SPA_REDIRECT, TENANT, TOOL } from "../../sandbox/emulator/entra/testing.ts";
import { sandboxLayout } from "../../sandbox/layout.ts";
import type { SignInContext } from "./context.ts";
import { type SandboxFetch, sandboxFetch } from "./network.ts";
import { playWay, type Way, waysInto } from "./ways.ts";

/** The emulator's own test directory, played against by the command's own code. */
const ACCOUNT = { namespace: "charts", name: "charts" };
let cloud: TestCloud;
let fetch: SandboxFetch;
beforeAll(async () => {
  cloud = await testCloud();
  fetch = sandboxFetch({ proxy: cloud.proxy.url, caFile: cloud.authority.caFile });
});
afterAll(() => cloud.close());

const contract = {
  ...sampleContract(),
  callbacks: () => [
    PROXY_CALLBACK,
    { path: "/callback", platform: "spa" as const, credential: "public" as const, scopes: ["openid"] },
    { path: "/login", platform: "web" as const, credential: "secret" as const },
  ],
};
const deployed = {
  url: "https://charts.data.contoso.com",
  tenantId: TENANT,
  clientId: TOOL,
  namespace: "charts",
  serviceAccount: "charts",
};

function contextOf(): SignInContext {
  const settings = sampleSettings();
  const tool = settings.tools.charts;
  if (tool === undefined) throw new Error("The sample has no charts.");
  return {
    settings,
    layout: sandboxLayout("/nonexistent"),
    stack: { tools: { charts: deployed } },
    declared: { id: "charts", contract: contract as never, tool, path: ["tools", "charts"] },
    deployed,
    fetch,
    pods: { token: () => cloud.issuer.token(), identity: async () => "" },
  };
}

describe("the ways into a tool", () => {
  it("are its callbacks, in order, each with its scopes and the account of the pods behind it", () => {
    expect(waysInto(contextOf(), {})).toEqual([
      {
        redirectUri: "https://charts.data.contoso.com/oauth2/callback",
        scope: "openid profile email offline_access",
        client: "federated",
        account: { namespace: "charts", name: "charts-proxy" },
      },
      {
        redirectUri: "https://charts.data.contoso.com/callback",
        scope: "openid",
        client: "public",
        account: ACCOUNT,
      },
      {
        redirectUri: "https://charts.data.contoso.com/login",
        scope: "openid profile email",
        client: "secret",
        account: ACCOUNT,
      },
    ]);
  });

  it("follow detours", () => {
    expect(waysInto(contextOf(), { callback: "/callback", client: "unproven" })).toMatchObject([
      { redirectUri: "https://charts.data.contoso.com/callback", client: "unproven" },
    ]);
    expect(waysInto(contextOf(), { redirectUri: "https://a.example/b", serviceAccount: "x/y" })).toMatchObject([
      { redirectUri: "https://a.example/b", account: { namespace: "x", name: "y" } },
    ]);
    expect(() => waysInto(contextOf(), { callback: "/other" })).toThrow("It has /oauth2/callback, /callback, /login.");
    expect(() => waysInto(contextOf(), { serviceAccount: "x" })).toThrow("<namespace>/<name>");
  });
});

describe("playing a way", () => {
  const way = (client: Way["client"], redirectUri: string): Way => ({
    client,
    redirectUri,
    scope: "openid profile email",
    account: ACCOUNT,
  });

  it("opens to a server with its pod's token", async () => {
    const claims = await playWay(contextOf(), way("federated", REDIRECT), "jon.berg@contoso.com");
    expect(claims).toMatchObject({ aud: TOOL, roles: ["Alpha"] });
  });

  it("opens to a page's script with PKCE", async () => {
    const claims = await playWay(contextOf(), way("public", SPA_REDIRECT), "ana.lima@contoso.com");
    expect(claims).toMatchObject({ aud: TOOL, roles: ["Admin"], preferred_username: "ana.lima@contoso.com" });
  });

  it.each([
    ["public-without-pkce", SPA_REDIRECT, "AADSTS9002325"],
    ["public-with-secret", SPA_REDIRECT, "AADSTS700025"],
    ["unproven", SPA_REDIRECT, "AADSTS9002327"],
    ["unproven", REDIRECT, "AADSTS7000218"],
    ["wrong-secret", REDIRECT, "AADSTS7000215"],
    ["public", REDIRECT, "AADSTS9002326"],
    ["public", `${REDIRECT}/`, "AADSTS50011"],
  ] as const)("tells %s at %s of its mistake: %s", async (client, redirectUri, code) => {
    await expect(playWay(contextOf(), way(client, redirectUri), "ana.lima@contoso.com")).rejects.toMatchObject({
      code,
      message: expect.stringContaining(`${code}: `),
      fix: expect.stringMatching(/\S/),
    });
  });

  it.each([
    ["lea.ver@contoso.com", "AADSTS50057"],
    ["nia.sted@contoso.com", "AADSTS50105"],
    ["nobody@contoso.com", "AADSTS50034"],
  ])("tells %s why not: %s", async (person, code) => {
    await expect(playWay(contextOf(), way("public", SPA_REDIRECT), person)).rejects.toMatchObject({ code });
  });

  it("says so when the tool has no secret to show", async () => {
    await expect(playWay(contextOf(), way("secret", REDIRECT), "ana.lima@contoso.com")).rejects.toThrow(
      "has no client secret",
    );
  });
});
