import { describe, expect, it } from "vitest";
import { NO_USERS } from "../../../model/conditional-access/blank.ts";
import type { Directory, OptionalClaim } from "../directory.ts";
import { createGraphApp } from "../graph/app.ts";
import { AUDIENCE, GRAPH_SP, ISSUER, servicePrincipal, TENANT, TOOL, TOOL_SP, testTenant } from "./testing.ts";
import { type Changes, redeem } from "./testing-flow.ts";
import { addPolicy } from "./testing-policies.ts";

const IDENTITY = "1d000000-0000-4000-8000-000000000001";
const PRINCIPAL = "1d000000-0000-4000-8000-000000000002";
const TEAM = "b0000000-0000-4000-8000-000000000009";
const TRIGGER = "c0000000-0000-4000-8000-000000000009";
const READ_MEMBERS = "d0000000-0000-4000-8000-000000000009";
const API = `api://${TENANT}/superset`;
const SUBJECT = "system:serviceaccount:loads:nightly";

/** A managed identity that trusts a service account, and an API whose role it may be given. */
function withIdentity(data: Directory, more: (data: Directory) => void = () => {}): void {
  const id = `/subscriptions/s/resourceGroups/rg/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-nightly`;
  const type = "Microsoft.ManagedIdentity/userAssignedIdentities";
  data.armResources[id.toLowerCase()] = {
    id,
    name: "id-nightly",
    type,
    properties: { tenantId: TENANT, clientId: IDENTITY, principalId: PRINCIPAL },
  };
  const credential = `${id}/federatedIdentityCredentials/nightly`;
  data.armResources[credential.toLowerCase()] = {
    id: credential,
    name: "nightly",
    type: `${type}/federatedIdentityCredentials`,
    properties: { issuer: ISSUER, subject: SUBJECT, audiences: [AUDIENCE] },
  };
  data.servicePrincipals[PRINCIPAL] = {
    ...servicePrincipal(PRINCIPAL, IDENTITY, "id-nightly"),
    servicePrincipalType: "ManagedIdentity",
  };
  const tool = toolOf(data);
  tool.identifierUris = [API];
  tool.appRoles.push({
    id: TRIGGER,
    value: "nightly",
    displayName: "nightly",
    description: "Starts loads.",
    allowedMemberTypes: ["Application"],
    isEnabled: true,
  });
  more(data);
}

function toolOf(data: Directory) {
  const tool = Object.values(data.applications).find(({ appId }) => appId === TOOL);
  if (tool === undefined) throw new Error("The directory has no tool.");
  return tool;
}

function assign(data: Directory, appRoleId: string, resourceId: string, principalId = PRINCIPAL) {
  const id = `${appRoleId}-${principalId}`;
  const principalType = principalId === PRINCIPAL ? "ServicePrincipal" : "Group";
  data.appRoleAssignments[id] = { id, appRoleId, principalId, principalType, resourceId, createdDateTime: "" };
}

function askForIdtyp(data: Directory, additionalProperties: string[] = []) {
  const claim: OptionalClaim = { name: "idtyp", source: null, essential: false, additionalProperties };
  toolOf(data).optionalClaims = { idToken: [], accessToken: [claim], saml2Token: [] };
}

async function ask(scope: string, change: (data: Directory) => void = () => {}, changes: Changes = {}) {
  const tenant = await testTenant((data) => withIdentity(data, change));
  const assertion = await tenant.issuer.token({ sub: SUBJECT });
  const request = { grant_type: "client_credentials", client_id: IDENTITY, scope, client_assertion: assertion };
  return { tenant, ...(await redeem(tenant, { ...request, ...changes })) };
}

const secretInstead: Changes = {
  client_assertion: undefined,
  client_assertion_type: undefined,
  client_secret: "made-up",
};
const assigned = (data: Directory) => assign(data, TRIGGER, TOOL_SP);

describe("a managed identity's token", () => {
  it("for a tool's API says which roles it was assigned", async () => {
    const { access, body, id } = await ask(`${API}/.default`, (data) => {
      assigned(data);
      askForIdtyp(data);
    });
    expect(access).toMatchObject({
      aud: TOOL,
      iss: `https://login.microsoftonline.com/${TENANT}/v2.0`,
      azp: IDENTITY,
      azpacr: "2",
      oid: PRINCIPAL,
      sub: PRINCIPAL,
      roles: ["nightly"],
      idtyp: "app",
      tid: TENANT,
      ver: "2.0",
    });
    expect(access.scp).toBeUndefined();
    expect([id, body.refresh_token]).toEqual([{}, undefined]);
  });

  it("is out of reach for Conditional Access", async () => {
    const { status } = await ask(`${API}/.default`, (data) => {
      assigned(data);
      addPolicy(data, "everything", {
        controls: ["block"],
        apps: ["All"],
        conditions: {
          users: NO_USERS,
          clientApplications: {
            includeServicePrincipals: ["ServicePrincipalsInMyTenant", PRINCIPAL],
            excludeServicePrincipals: [],
          },
        },
      });
    });
    expect(status).toBe(200);
  });

  it("has no idtyp where the API's registration asks for none", async () => {
    const { access } = await ask(`${API}/.default`, assigned);
    expect(access).toMatchObject({ roles: ["nightly"] });
    expect(access.idtyp).toBeUndefined();
  });

  it("names the asked-for resource and the client as version 1 does, where the API takes version 1", async () => {
    const { access } = await ask(`${API}/.default`, (data) => {
      assigned(data);
      toolOf(data).api.requestedAccessTokenVersion = null;
    });
    expect(access).toMatchObject({ aud: API, appid: IDENTITY, appidacr: "2", oid: PRINCIPAL, ver: "1.0" });
  });

  it("gives no role through a group", async () => {
    const viaGroup = (data: Directory) => {
      const [group] = Object.values(data.groups);
      if (group === undefined) throw new Error("The directory has no group.");
      data.groups[TEAM] = { ...group, id: TEAM, members: [PRINCIPAL] };
      assign(data, TRIGGER, TOOL_SP, TEAM);
    };
    expect((await ask(`${API}/.default`, viaGroup)).code).toBe(501051);
    const { access, status } = await ask(`${API}/.default`, (data) => {
      viaGroup(data);
      Object.assign(data.servicePrincipals[TOOL_SP] ?? {}, { appRoleAssignmentRequired: false });
    });
    expect([status, access.roles]).toEqual([200, undefined]);
  });

  it("opens in Graph what its permissions say, and nothing else", async () => {
    const { tenant, body } = await ask("https://graph.microsoft.com/.default", (data) => {
      data.servicePrincipals[GRAPH_SP]?.firstParty?.appRoles.push({
        id: READ_MEMBERS,
        value: "GroupMember.Read.All",
        displayName: "Read members",
        description: "Read members",
        allowedMemberTypes: ["Application"],
        isEnabled: true,
      });
      assign(data, READ_MEMBERS, GRAPH_SP);
    });
    const graph = createGraphApp(tenant.context);
    const get = async (path: string) =>
      (
        await graph.request(`https://graph.microsoft.com/v1.0${path}`, {
          headers: { authorization: `Bearer ${body.access_token}` },
        })
      ).status;
    const [group] = Object.keys(tenant.data.groups);
    expect(await get(`/groups/${group}/members`)).toBe(200);
    expect(await get("/applications")).toBe(403);
  });

  it("is for the vault as well", async () => {
    const { access } = await ask("https://vault.azure.net/.default", (data) => {
      const vault = servicePrincipal(
        "00000000-0000-4000-8000-000000000004",
        "cfa8b339-82a2-471a-a3c9-0fc0be7a4093",
        "Azure Key Vault",
      );
      data.servicePrincipals[vault.id] = {
        ...vault,
        appRoleAssignmentRequired: false,
        firstParty: { appRoles: [], oauth2PermissionScopes: [] },
      };
    });
    expect(access).toMatchObject({ aud: "https://vault.azure.net", appid: IDENTITY, oid: PRINCIPAL, idtyp: "app" });
  });

  it("passes over OpenID Connect's scopes, which Microsoft's library for Go always sends", async () => {
    const { body, access } = await ask(`${API}/.default openid offline_access profile`, assigned);
    expect(access).toMatchObject({ oid: PRINCIPAL });
    expect(Object.keys(body).sort()).toEqual(["access_token", "expires_in", "ext_expires_in", "token_type"]);
  });

  const refusals: [string, string, Changes, number][] = [
    ["OpenID Connect's scopes alone", "openid offline_access profile", {}, 1002012],
    ["an identifier URI that nobody has", `api://${TENANT}/charts/.default`, {}, 500011],
    ["a single permission", `${API}/nightly`, {}, 1002012],
    ["two resources", `${API}/.default https://graph.microsoft.com/.default`, {}, 1002012],
    ["a secret, which a managed identity has none of", `${API}/.default`, secretInstead, 7000215],
    ["no proof", `${API}/.default`, { client_assertion: undefined, client_assertion_type: undefined }, 7000218],
  ];
  it.each(refusals)("is refused for %s", async (_name, scope, changes, code) => {
    expect((await ask(scope, assigned, changes)).code).toBe(code);
  });

  it("is refused to an identity without an assignment, and to another service account", async () => {
    expect((await ask(`${API}/.default`)).code).toBe(501051);
    const tenant = await testTenant((data) => withIdentity(data, assigned));
    const other = await tenant.issuer.token({ sub: "system:serviceaccount:loads:other" });
    const request = { grant_type: "client_credentials", client_id: IDENTITY, scope: `${API}/.default` };
    expect((await redeem(tenant, { ...request, client_assertion: other })).code).toBe(700213);
  });
});
