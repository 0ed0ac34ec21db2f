import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { sampleContract, sampleSettings } from "../../model/testing/sample.ts";
import { type TestCloud, testCloud } from "../../sandbox/emulator/clients/testing.ts";
import type { Directory } from "../../sandbox/emulator/directory.ts";
import {
  AUDIENCE,
  ISSUER,
  REDIRECT,
  SECRET,
  SUBJECT,
  servicePrincipal,
  TENANT,
  TOOL,
} from "../../sandbox/emulator/entra/testing.ts";
import { type PartnerHosts, partnerHosts } from "../../sandbox/emulator/partner/hosts.ts";
import { createVaultApp } from "../../sandbox/emulator/vault/app.ts";
import { addSecretVersion } from "../../sandbox/emulator/vault/secrets.ts";
import { sandboxLayout } from "../../sandbox/layout.ts";
import { partnerProviders } from "../partners.ts";
import type { SignInContext } from "./context.ts";
import { type SandboxFetch, sandboxFetch } from "./network.ts";
import { playPartner } from "./partner-way.ts";
import { playWay } from "./ways.ts";

/** Ways into a tool whose client has a secret: read from the vault as the pod's managed identity, then shown. */
const VAULT = "kv-test";
const IDENTITY = "1d000000-0000-4000-8000-000000000001";
const PRINCIPAL = "1d000000-0000-4000-8000-000000000002";
const SECRETS_USER = "4633458b-17de-408a-b874-0445c86b69e6";
const KEY_VAULT = "cfa8b339-82a2-471a-a3c9-0fc0be7a4093";
const GROUP = "/subscriptions/s/resourceGroups/rg/providers";
const folder = mkdtempSync(join(tmpdir(), "entrada-vault-ways-"));
const account = { namespace: "superset", name: "superset" };

let cloud: TestCloud;
let fetch: SandboxFetch;
let partners: PartnerHosts;
beforeAll(async () => {
  cloud = await testCloud((context) => ({ "*.vault.azure.net": createVaultApp(context) }));
  addIdentity(cloud.data);
  fetch = sandboxFetch({ proxy: cloud.proxy.url, caFile: cloud.authority.caFile });
  partners = partnerHosts({ folder, secretOf: (_partner, tool) => `acme's secret for ${tool}`, now: () => new Date() });
});
afterAll(async () => {
  await cloud.close();
  rmSync(folder, { recursive: true });
});

function addResource(data: Directory, id: string, type: string, properties: Record<string, unknown>) {
  data.armResources[id.toLowerCase()] = { id, name: id.slice(id.lastIndexOf("/") + 1), type, properties };
}

/** A vault, a managed identity that trusts the tool's service account, and its right on two secrets. */
function addIdentity(data: Directory) {
  const vault = `${GROUP}/Microsoft.KeyVault/vaults/${VAULT}`;
  addResource(data, vault, "Microsoft.KeyVault/vaults", { softDeleteRetentionInDays: 7 });
  const identity = `${GROUP}/Microsoft.ManagedIdentity/userAssignedIdentities/id-superset`;
  const identityType = "Microsoft.ManagedIdentity/userAssignedIdentities";
  addResource(data, identity, identityType, { clientId: IDENTITY, principalId: PRINCIPAL });
  addResource(
    data,
    `${identity}/federatedIdentityCredentials/superset`,
    `${identityType}/federatedIdentityCredentials`,
    { issuer: ISSUER, subject: SUBJECT, audiences: [AUDIENCE] },
  );
  for (const secret of ["superset-client-secret", "acme-superset-client-secret"]) {
    const scope = `${vault}/secrets/${secret}`;
    const roleDefinitionId = `/subscriptions/s/providers/Microsoft.Authorization/roleDefinitions/${SECRETS_USER}`;
    addResource(
      data,
      `${scope}/providers/Microsoft.Authorization/roleAssignments/${secret}`,
      "Microsoft.Authorization/roleAssignments",
      { roleDefinitionId, principalId: PRINCIPAL, scope },
    );
  }
  data.servicePrincipals[PRINCIPAL] = {
    ...servicePrincipal(PRINCIPAL, IDENTITY, "id-superset"),
    servicePrincipalType: "ManagedIdentity",
  };
  data.servicePrincipals[KEY_VAULT] = {
    ...servicePrincipal(KEY_VAULT, KEY_VAULT, "Azure Key Vault"),
    appRoleAssignmentRequired: false,
    firstParty: { appRoles: [], oauth2PermissionScopes: [] },
  };
}

const put = (name: string, value: string) => addSecretVersion(cloud.emulator.context, VAULT, name, { value });
beforeEach(() => {
  cloud.data.vaultSecrets = {};
  put("superset-client-secret", SECRET);
  put("acme-superset-client-secret", "acme's secret for superset");
});

const contract = {
  ...sampleContract("superset"),
  partners: true,
  partnerCallback: (_settings: unknown, partner: string) => ({ path: `/back/${partner}` }),
};
const person = (displayName: string, groups: string[], enabled = true) => ({
  displayName,
  mail: `${displayName.split(" ")[0]?.toLowerCase()}@acme.com`,
  groups,
  enabled,
});
const settings = sampleSettings(
  {
    tools: {
      superset: { image: "contoso.azurecr.io/charts:2.0.0", access: { Owner: ["admins"] } },
      airflow: { image: "contoso.azurecr.io/charts:2.0.0", access: { Owner: ["admins"] } },
    },
    partners: {
      acme: {
        displayName: "Acme",
        issuer: "https://acme.okta.com",
        tools: { superset: { clientId: "0oa1acmesuperset", access: { Viewer: ["acme-viewers"] } } },
        people: {
          "kai.larsen": person("Kai Larsen", ["acme-viewers", "acme-all"]),
          "max.none": person("Max None", ["acme-all"]),
          "lou.gone": person("Lou Gone", ["acme-viewers"], false),
        },
      },
    },
  },
  [contract, sampleContract("airflow")] as never,
);

function contextOf(id = "superset", changes: Partial<SignInContext> = {}): SignInContext {
  const tool = settings.tools[id];
  if (tool === undefined) throw new Error(`The sample has no ${id}.`);
  const deployed = {
    url: "https://superset.data.contoso.com",
    tenantId: TENANT,
    clientId: TOOL,
    namespace: account.namespace,
    serviceAccount: account.name,
    clientSecret: { vault: VAULT, secretName: "superset-client-secret", identity: IDENTITY },
  };
  const own = id === "superset" ? contract : sampleContract("airflow");
  return {
    settings,
    layout: sandboxLayout("/nonexistent"),
    stack: { tools: { [id]: deployed }, keyVault: VAULT },
    declared: { id, contract: own as never, tool, path: ["tools", id] },
    deployed,
    fetch,
    pods: {
      token: ({ namespace, name }) => cloud.issuer.token({ sub: `system:serviceaccount:${namespace}:${name}` }),
      identity: async () => IDENTITY,
    },
    ...changes,
  };
}

describe("a client secret", () => {
  const play = (context = contextOf(), who = account) =>
    playWay(
      context,
      { redirectUri: REDIRECT, scope: "openid profile email", client: "secret", account: who },
      "ana.lima@contoso.com",
    );

  it("is read as the managed identity that the pod's account stands for, and shown in the body", async () => {
    const sent: URLSearchParams[] = [];
    const recording: SandboxFetch = (url, init) => {
      if (url.endsWith("/token")) sent.push(new URLSearchParams(init?.body));
      return fetch(url, init);
    };
    expect(await play(contextOf("superset", { fetch: recording }))).toMatchObject({ aud: TOOL, roles: ["Admin"] });
    expect(
      sent.map((body) => [body.get("client_id"), body.has("client_assertion"), body.has("client_secret")]),
    ).toEqual([
      [IDENTITY, true, false],
      [TOOL, false, true],
    ]);
  });

  it("opens nothing when the vault holds another one, none, or is closed to the identity", async () => {
    put("superset-client-secret", "an old one");
    await expect(play()).rejects.toMatchObject({ code: "AADSTS7000215" });
    cloud.data.vaultSecrets = {};
    await expect(play()).rejects.toMatchObject({ code: "SecretNotFound" });
    const other = { vault: VAULT, secretName: "metabase-client-secret", identity: IDENTITY };
    const context = contextOf();
    const elsewhere = { ...context, deployed: { ...context.deployed, clientSecret: other } };
    await expect(play(elsewhere)).rejects.toMatchObject({ code: "Forbidden", message: expect.stringContaining(VAULT) });
  });

  it("is not given to another account's pods", async () => {
    await expect(play(contextOf(), { namespace: "superset", name: "other" })).rejects.toMatchObject({
      code: "AADSTS700213",
    });
  });
});

describe("a partner's person", () => {
  beforeEach(async () => cloud.emulator.serve(await partners.update(partnerProviders(settings, [contract as never]))));
  const play = (name: string, tool = "superset", detours = {}) =>
    playPartner(contextOf(tool), { partner: "acme", name }, detours);

  it("signs in at the partner's own provider and gets the role of a group", async () => {
    const { claims, roles } = await play("kai@acme.com");
    expect(claims).toMatchObject({ iss: "https://acme.okta.com", email: "kai@acme.com" });
    expect(roles).toEqual(["Viewer"]);
  });

  it.each([
    ["lou@acme.com", "superset", {}, "E0000004"],
    ["nobody", "superset", {}, "E0000004"],
    ["max@acme.com", "superset", {}, "no-role"],
    ["kai@acme.com", "airflow", {}, "not-open"],
    ["kai@acme.com", "superset", { redirectUri: "https://superset.data.contoso.com/x" }, "invalid_request"],
    ["kai@acme.com", "superset", { serviceAccount: "superset/other" }, "AADSTS700213"],
  ])("is turned away: %s, %s, %j: %s", async (name, tool, detours, code) => {
    await expect(play(name, tool, detours)).rejects.toMatchObject({ code, fix: expect.stringMatching(/\S/) });
  });

  it("is turned away while the vault holds no secret of the partner's, or an old one", async () => {
    put("acme-superset-client-secret", "an old one");
    await expect(play("kai@acme.com")).rejects.toMatchObject({ code: "invalid_client" });
    cloud.data.vaultSecrets = {};
    await expect(play("kai@acme.com")).rejects.toMatchObject({ code: "SecretNotFound" });
  });

  it("takes no detour that is about Entra", async () => {
    await expect(play("kai@acme.com", "superset", { client: "unproven" })).rejects.toThrow("about Entra");
  });
});
