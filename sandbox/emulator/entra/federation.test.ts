import { describe, expect, it } from "vitest";
import { AUDIENCE, ISSUER, SUBJECT, servicePrincipal, TOOL, testTenant } from "./testing.ts";
import { type Changes, redeem } from "./testing-flow.ts";

const ASK: Changes = { grant_type: "client_credentials", scope: "https://graph.microsoft.com/.default" };
const NOW = Date.parse("2026-03-02T09:00:00Z") / 1000;

describe("a federated assertion", () => {
  const refusals: [string, Readonly<Record<string, unknown>>, number][] = [
    ["of another service account", { sub: "system:serviceaccount:superset:other" }, 700213],
    ["of the same service account in other case", { sub: SUBJECT.toUpperCase() }, 7002138],
    ["of another issuer", { iss: "https://oidc.other.example" }, 700211],
    ["of the issuer with a trailing slash", { iss: `${ISSUER}/` }, 700211],
    ["of the issuer in other case", { iss: ISSUER.replace("cluster", "Cluster") }, 7002138],
    ["for another audience", { aud: ["https://kubernetes.default.svc"] }, 700212],
    ["for no audience", { aud: undefined }, 700212],
    ["that ended", { exp: NOW - 1 }, 700024],
    ["that never ends", { exp: undefined }, 700024],
    ["that begins later", { nbf: NOW + 600 }, 500133],
    ["that the client made itself", { iss: TOOL, sub: TOOL }, 700027],
    ["without a subject", { sub: undefined }, 50027],
  ];
  it.each(refusals)("%s is refused", async (_name, claims, code) => {
    const tenant = await testTenant();
    const result = await redeem(tenant, { ...ASK, client_assertion: await tenant.issuer.token(claims) });
    expect([result.code, result.status, result.body.error]).toEqual([code, 401, "invalid_client"]);
  });

  it("must be signed by the issuer's own key, with RS256, and be a token at all", async () => {
    const tenant = await testTenant();
    const send = async (client_assertion: string) => (await redeem(tenant, { ...ASK, client_assertion })).code;
    expect(await send(await tenant.issuer.token({}, { foreignKey: true }))).toBe(700027);
    expect(await send(await tenant.issuer.token({}, { alg: "HS256" }))).toBe(700027);
    expect(await send("not.a.token")).toBe(50027);
    const [header, , signature] = (await tenant.issuer.token()).split(".");
    const payload = Buffer.from(
      JSON.stringify({ iss: ISSUER, sub: SUBJECT, aud: [AUDIENCE], exp: NOW + 999 }),
    ).toString("base64url");
    expect(await send(`${header}.${payload}.${signature}`)).toBe(700027);
    expect(await send(await tenant.issuer.token({ aud: AUDIENCE, nbf: NOW + 60 }))).toBeUndefined();
  });

  it("is checked against the keys that the issuer serves now", async () => {
    const tenant = await testTenant((data) => {
      for (const { federatedIdentityCredentials: credentials } of Object.values(data.applications))
        credentials.push({
          id: "f2",
          name: "silent",
          issuer: "https://silent.example",
          subject: SUBJECT,
          audiences: [AUDIENCE],
          description: null,
        });
    });
    const result = await redeem(tenant, {
      ...ASK,
      client_assertion: await tenant.issuer.token({ iss: "https://silent.example" }),
    });
    expect(result.code).toBe(50166);
    expect(result.body.error_description).toContain("https://silent.example/.well-known/openid-configuration");
  });

  it("needs its type", async () => {
    const tenant = await testTenant();
    expect((await redeem(tenant, { ...ASK, client_assertion_type: undefined })).code).toBe(900144);
    expect((await redeem(tenant, { ...ASK, client_assertion_type: "saml" })).code).toBe(90023);
  });
});

describe("a managed identity", () => {
  const CLIENT = "ab000000-0000-4000-8000-000000000001";
  const PRINCIPAL = "ab000000-0000-4000-8000-000000000002";
  const ID = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.ManagedIdentity/userAssignedIdentities/superset";
  const withIdentity = () =>
    testTenant((data) => {
      data.servicePrincipals[PRINCIPAL] = {
        ...servicePrincipal(PRINCIPAL, CLIENT, "superset"),
        servicePrincipalType: "ManagedIdentity",
      };
      const type = "Microsoft.ManagedIdentity/userAssignedIdentities";
      data.armResources[ID.toLowerCase()] = {
        id: ID,
        name: "superset",
        type,
        properties: { clientId: CLIENT, principalId: PRINCIPAL },
      };
      const credential = `${ID}/federatedIdentityCredentials/cluster`;
      data.armResources[credential.toLowerCase()] = {
        id: credential,
        name: "cluster",
        type: `${type}/federatedIdentityCredentials`,
        properties: { issuer: ISSUER, subject: SUBJECT, audiences: [AUDIENCE] },
      };
    });

  it("gets tokens with its federated credential, and nothing else", async () => {
    const tenant = await withIdentity();
    const { access } = await redeem(tenant, { ...ASK, client_id: CLIENT });
    expect(access).toMatchObject({ oid: PRINCIPAL, appid: CLIENT, appidacr: "2" });
    const other = await tenant.issuer.token({ sub: "system:serviceaccount:superset:other" });
    expect((await redeem(tenant, { ...ASK, client_id: CLIENT, client_assertion: other })).code).toBe(700213);
    const secret = { client_assertion: undefined, client_assertion_type: undefined, client_secret: "x" };
    expect((await redeem(tenant, { ...ASK, client_id: CLIENT, ...secret })).code).toBe(7000215);
  });

  it("of another name lends no credential", async () => {
    const tenant = await withIdentity();
    const credential = Object.values(tenant.data.armResources).find(({ name }) => name === "cluster");
    if (credential !== undefined) credential.id = credential.id.replace("/superset/", "/superset-2/");
    expect((await redeem(tenant, { ...ASK, client_id: CLIENT })).code).toBe(700211);
  });
});
