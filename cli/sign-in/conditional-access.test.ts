import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { sampleContract, sampleSettings } from "../../model/testing/sample.ts";
import { type TestCloud, testCloud } from "../../sandbox/emulator/clients/testing.ts";
import { GRAPH_SP, SECRET, SPA_REDIRECT, TENANT, TOOL, TOOL_SP } from "../../sandbox/emulator/entra/testing.ts";
import { addCountries, addPolicy, registerAll } from "../../sandbox/emulator/entra/testing-policies.ts";
import { createGraphApp } from "../../sandbox/emulator/graph/app.ts";
import { sandboxLayout } from "../../sandbox/layout.ts";
import type { Attempt } from "./code-flow.ts";
import type { SignInContext } from "./context.ts";
import { programToken } from "./entra-token.ts";
import type { Issuer } from "./issuer.ts";
import { type SandboxFetch, sandboxFetch } from "./network.ts";
import { namingPolicies, SignInRefused } from "./refused.ts";
import { loggedSignIn } from "./sign-in-log.ts";
import { playWay, type Way } from "./ways.ts";

let cloud: TestCloud;
let fetch: SandboxFetch;
const WAY: Way = {
  client: "public",
  redirectUri: SPA_REDIRECT,
  scope: "openid profile email",
  account: { namespace: "charts", name: "charts" },
};
const ELSEWHERE = { locations: { includeLocations: ["All"], excludeLocations: ["work"] } };
const ID = "c0000000-0000-4000-8000-00000000c0de";

beforeAll(async () => {
  cloud = await testCloud((context) => ({ "graph.microsoft.com": createGraphApp(context) }));
  fetch = sandboxFetch({ proxy: cloud.proxy.url, caFile: cloud.authority.caFile });
  const { data } = cloud;
  data.home = { country: "PT", ipAddress: "203.0.113.10" };
  addCountries(data, "work", ["PT"]);
  registerAll(data, ["fido2", "authenticator"]);
  for (const [index, value] of ["AuditLog.Read.All", "Policy.Read.All"].entries()) {
    const id = `d0000000-0000-4000-8000-0000000000a${index}`;
    const role = {
      id,
      value,
      displayName: value,
      description: value,
      allowedMemberTypes: ["Application"],
      isEnabled: true,
    };
    data.servicePrincipals[GRAPH_SP]?.firstParty?.appRoles.push(role);
    const principal = { principalId: TOOL_SP, principalType: "ServicePrincipal" as const };
    data.appRoleAssignments[id] = { id, appRoleId: id, ...principal, resourceId: GRAPH_SP, createdDateTime: "" };
  }
});
beforeEach(() => {
  cloud.data.conditionalAccessPolicies = {};
});
afterAll(() => cloud.close());

function signIn(attempt: Attempt, person = "ana.lima@contoso.com") {
  const settings = sampleSettings();
  const tool = settings.tools.charts;
  if (tool === undefined) throw new Error("The sample has no charts.");
  const deployed = { url: "https://charts.data.contoso.com", tenantId: TENANT, clientId: TOOL };
  const context: SignInContext = {
    settings,
    layout: sandboxLayout("/nonexistent"),
    stack: { tools: { charts: deployed } },
    declared: { id: "charts", contract: sampleContract() as never, tool, path: ["tools", "charts"] },
    deployed,
    fetch,
    pods: { token: () => cloud.issuer.token(), identity: async () => "" },
    attempt,
  };
  return playWay(context, WAY, person);
}

async function logged(errorCode: number) {
  const client = { clientId: TOOL, proof: { client_secret: SECRET } };
  const token = await programToken(fetch, TENANT, client, "https://graph.microsoft.com");
  return loggedSignIn(fetch, token, ID, errorCode);
}

describe("a sign-in under conditions", () => {
  it("answers the page that asks for a method, with the first that it offers", async () => {
    addPolicy(cloud.data, "everybody", { controls: ["mfa"] });
    addPolicy(cloud.data, "elsewhere", { controls: ["block"], conditions: ELSEWHERE });
    addPolicy(cloud.data, "trial", { controls: ["compliantDevice"], state: "enabledForReportingButNotEnforced" });
    addPolicy(cloud.data, "off", { controls: ["block"], state: "disabled" });
    expect(await signIn({ correlationId: ID })).toMatchObject({ aud: TOOL, name: "Ana Lima" });
    expect(await logged(0)).toEqual({
      policies: [
        { displayName: "everybody", state: "enabled", applies: true, reason: "notSet" },
        { displayName: "elsewhere", state: "enabled", applies: false, reason: "location" },
        { displayName: "trial", state: "enabledForReportingButNotEnforced", applies: true, reason: "notSet" },
        { displayName: "off", state: "disabled", applies: false, reason: "policyNotEnabled" },
      ],
      failed: [],
    });
  });

  it.each([
    [{ mfa: "none" }, "AADSTS50076"],
    [{ mfa: "sms" }, "AADSTS50076"],
    [{ mfa: "fido2", country: "BR" }, "AADSTS53003"],
  ])("is refused in Entra's words: %j", async (played, code) => {
    addPolicy(cloud.data, "everybody", { controls: ["mfa"] });
    addPolicy(cloud.data, "elsewhere", { controls: ["block"], conditions: ELSEWHERE });
    await expect(signIn({ played })).rejects.toMatchObject({
      code,
      message: expect.stringContaining(`${code}: `),
      fix: expect.stringContaining("see the sign-in log"),
    });
  });

  it("names the policies behind a refusal, from the log", async () => {
    addPolicy(cloud.data, "everybody", { controls: ["mfa"] });
    addPolicy(cloud.data, "elsewhere", { controls: ["block"], conditions: ELSEWHERE });
    const correlationId = ID.replace("c0de", "c0df");
    const refusal: unknown = await signIn({ correlationId, played: { country: "BR" } }).catch((error) => error);
    if (!(refusal instanceof SignInRefused)) throw refusal;
    const client = { clientId: TOOL, proof: { client_secret: SECRET } };
    const token = await programToken(fetch, TENANT, client, "https://graph.microsoft.com");
    const { failed, policies } = await loggedSignIn(fetch, token, correlationId, 53003);
    expect(failed).toEqual(["elsewhere"]);
    expect(policies).toHaveLength(2);
    expect(namingPolicies(refusal, failed)).toMatchObject({
      code: "AADSTS53003",
      fix: expect.stringContaining("Policies: elsewhere."),
    });
    expect(namingPolicies(refusal, [])).toBe(refusal);
  });

  it("met no policies where it ended before them", async () => {
    const correlationId = ID.replace("c0de", "c0e0");
    await expect(signIn({ correlationId }, "nobody@contoso.com")).rejects.toMatchObject({ code: "AADSTS50034" });
    const client = { clientId: TOOL, proof: { client_secret: SECRET } };
    const token = await programToken(fetch, TENANT, client, "https://graph.microsoft.com");
    expect(await loggedSignIn(fetch, token, correlationId, 50034)).toEqual({ policies: [], failed: [] });
    await expect(loggedSignIn(fetch, "nothing", correlationId, 0)).rejects.toThrow("cannot be read");
  });

  it("reads what issuers say of themselves once where the caller keeps it", async () => {
    const issuers = new Map<string, Issuer>();
    const reads = () => cloud.requests.filter(({ path }) => /discovery|well-known/.test(path)).length;
    const before = reads();
    for (let time = 0; time < 3; time++) await signIn({ issuers });
    expect(reads() - before).toBe(2);
  });
});
