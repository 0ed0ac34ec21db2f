import { beforeEach, describe, expect, it } from "vitest";
import { GRAPH } from "../first-party.ts";
import { NOWHERE } from "../testing.ts";
import { appRole, type GraphWorld, graphWorld, reference, securityGroup } from "./testing.ts";

const ROLE = "c0000000-0000-4000-8000-000000000001";
const JOB_ROLE = "c0000000-0000-4000-8000-000000000002";
const OFF_ROLE = "c0000000-0000-4000-8000-000000000003";
const DEFAULT = "00000000-0000-0000-0000-000000000000";
let world: GraphWorld;
let application: { id: string; appId: string };
let principal: { id: string };
let group: string;

beforeEach(async () => {
  world = graphWorld();
  const roles = [
    appRole(ROLE, "Admin"),
    appRole(JOB_ROLE, "Job", { allowedMemberTypes: ["Application"] }),
    appRole(OFF_ROLE, "Off", { isEnabled: false }),
  ];
  application = (await world.graph("POST", "/applications", { displayName: "Superset", appRoles: roles })).body;
  principal = (await world.graph("POST", "/servicePrincipals", { appId: application.appId })).body;
  group = (await world.graph("POST", "/beta/groups", securityGroup("bi-admins"))).body.id;
});

const assign = (principalId: string, appRoleId = ROLE, more: Record<string, unknown> = {}) =>
  world.graph("POST", `/servicePrincipals/${principal.id}/appRoleAssignedTo`, {
    appRoleId,
    principalId,
    resourceId: principal.id,
    ...more,
  });

describe("service principals", () => {
  it("shows its application's roles, names and addresses", async () => {
    const uri = `api://${application.appId}`;
    const patch = { identifierUris: [uri], spa: { redirectUris: ["https://a.contoso.com/cb"] } };
    await world.graph("PATCH", `/applications/${application.id}`, patch);
    const { body } = await world.graph("GET", `/servicePrincipals(appId='${application.appId}')`);
    expect(body).toMatchObject({
      id: principal.id,
      servicePrincipalType: "Application",
      servicePrincipalNames: [application.appId, uri],
      replyUrls: ["https://a.contoso.com/cb"],
    });
    expect(body.appRoles).toHaveLength(3);
    expect(body).not.toHaveProperty("samlMetadataUrl");
  });

  it("gives the SAML metadata address in beta", async () => {
    const path = `/servicePrincipals/${principal.id}`;
    const select = `/beta${path}?$select=samlMetadataUrl`;
    expect((await world.graph("GET", select)).body.samlMetadataUrl).toBeNull();
    await world.graph("PATCH", path, { preferredSingleSignOnMode: "saml" });
    expect((await world.graph("GET", select)).body.samlMetadataUrl).toContain(application.appId);
  });

  it("needs an application, and only one per application", async () => {
    const unknown = await world.graph("POST", "/servicePrincipals", { appId: NOWHERE });
    expect(unknown.status).toBe(400);
    expect(unknown.body.error.message).toContain("does not reference a valid application object");
    const twice = await world.graph("POST", "/servicePrincipals", { appId: application.appId });
    expect(twice.status).toBe(409);
    expect(twice.body.error.code).toBe("Request_MultipleObjectsWithSameKeyValue");
  });

  it("is found by a filter with plus signs for spaces", async () => {
    const found = await world.graph("GET", `/servicePrincipals?$filter=appId+eq+%27${application.appId}%27`);
    expect(found.body.value).toHaveLength(1);
    const graph = await world.graph("GET", `/servicePrincipals?$filter=appId eq '${GRAPH}'&$select=id,displayName`);
    expect(graph.body.value).toEqual([{ id: expect.any(String), displayName: "Microsoft Graph" }]);
  });

  it("may be written by its owner and by who manages all applications", async () => {
    const path = `/servicePrincipals/${principal.id}`;
    expect((await world.graph("PATCH", path, { appRoleAssignmentRequired: true })).status).toBe(204);
    await world.graph("DELETE", `${path}/owners/${world.deployer.objectId}/$ref`);
    expect((await world.graph("PATCH", path, { notes: "x" })).status).toBe(403);
    expect((await world.graph("PATCH", path, { notes: "x" }, "admin")).status).toBe(204);
  });

  it("goes with its application, and assignments and consents go too", async () => {
    await assign(group);
    const graphId = (await world.graph("GET", `/servicePrincipals(appId='${GRAPH}')`)).body.id;
    const grant = {
      clientId: principal.id,
      resourceId: graphId,
      consentType: "AllPrincipals",
      scope: "openid profile",
    };
    expect((await world.graph("POST", "/oauth2PermissionGrants", grant)).status).toBe(201);
    await world.graph("DELETE", `/applications/${application.id}`);
    expect((await world.graph("GET", `/servicePrincipals/${principal.id}`)).status).toBe(404);
    const { data } = world.context.store;
    expect(Object.values(data.appRoleAssignments).filter((a) => a.resourceId === principal.id)).toEqual([]);
    expect(data.oauth2PermissionGrants).toEqual({});
  });
});

describe("app role assignments", () => {
  it("is created, read from both sides, and deleted", async () => {
    const { status, body } = await assign(group);
    expect(status).toBe(201);
    expect(body).toMatchObject({
      principalType: "Group",
      principalDisplayName: "bi-admins",
      resourceDisplayName: "Superset",
    });
    const one = `/servicePrincipals/${principal.id}/appRoleAssignedTo/${body.id}`;
    expect((await world.graph("GET", one)).body.appRoleId).toBe(ROLE);
    expect((await world.graph("GET", `/groups/${group}/appRoleAssignments`)).body.value).toHaveLength(1);
    expect((await world.graph("DELETE", one)).status).toBe(204);
    expect((await world.graph("GET", one)).status).toBe(404);
  });

  it("cannot be made twice", async () => {
    await assign(group);
    const twice = await assign(group);
    expect(twice.status).toBe(400);
    expect(twice.body.error.message).toBe("Permission being assigned already exists on the object");
  });

  it("needs a role of the resource, enabled, for that kind of principal", async () => {
    expect((await assign(group, NOWHERE)).body.error.message).toContain("not found on application");
    expect((await assign(group, OFF_ROLE)).status).toBe(400);
    expect((await assign(group, JOB_ROLE)).status).toBe(400);
    expect((await assign(world.deployer.objectId, JOB_ROLE)).status).toBe(201);
    expect((await assign(group, DEFAULT)).status).toBe(400);
  });

  it("takes default access where the resource offers no roles", async () => {
    const other = (await world.graph("POST", "/applications", { displayName: "Plain" })).body;
    const plain = (await world.graph("POST", "/servicePrincipals", { appId: other.appId })).body;
    const body = { appRoleId: DEFAULT, principalId: group, resourceId: plain.id };
    expect((await world.graph("POST", `/servicePrincipals/${plain.id}/appRoleAssignedTo`, body)).status).toBe(201);
  });

  it("needs a principal that exists, a matching resource, and the right permission", async () => {
    expect((await assign(NOWHERE)).status).toBe(404);
    expect((await assign(group, ROLE, { resourceId: NOWHERE })).status).toBe(400);
    world.callers.weak = { ...world.deployer, roles: ["Application.ReadWrite.OwnedBy"] };
    const path = `/servicePrincipals/${principal.id}/appRoleAssignedTo`;
    const body = { appRoleId: ROLE, principalId: group, resourceId: principal.id };
    const refused = await world.graph("POST", path, body, "weak");
    expect(refused.status).toBe(403);
    expect(refused.body.error.code).toBe("Authorization_RequestDenied");
  });

  it("ends with its group", async () => {
    await assign(group);
    await world.graph("DELETE", `/beta/groups/${group}`);
    expect((await world.graph("GET", `/servicePrincipals/${principal.id}/appRoleAssignedTo`)).body.value).toEqual([]);
  });
});

describe("consents", () => {
  it("is created, found by filter, changed and deleted", async () => {
    const resourceId = (await world.graph("GET", `/servicePrincipals(appId='${GRAPH}')`)).body.id;
    const body = { clientId: principal.id, resourceId, consentType: "AllPrincipals", scope: "openid" };
    const { id } = (await world.graph("POST", "/oauth2PermissionGrants", body)).body;
    expect((await world.graph("POST", "/oauth2PermissionGrants", body)).status).toBe(409);
    const filter = `clientId eq '${principal.id}' and resourceId eq '${resourceId}'`;
    expect((await world.graph("GET", `/oauth2PermissionGrants?$filter=${filter}`)).body.value).toHaveLength(1);
    const path = `/oauth2PermissionGrants/${id}`;
    expect((await world.graph("PATCH", path, { scope: "openid email" })).status).toBe(204);
    expect((await world.graph("GET", path)).body.scope).toBe("openid email");
    expect((await world.graph("PATCH", path, { scope: "Everything" })).status).toBe(400);
    expect((await world.graph("DELETE", path)).status).toBe(204);
  });

  it("names a person exactly when it is for one", async () => {
    const resourceId = (await world.graph("GET", `/servicePrincipals(appId='${GRAPH}')`)).body.id;
    const base = { clientId: principal.id, resourceId, scope: "openid" };
    const post = (body: object) => world.graph("POST", "/oauth2PermissionGrants", { ...base, ...body });
    expect((await post({ consentType: "Principal" })).status).toBe(400);
    expect((await post({ consentType: "AllPrincipals", principalId: world.person("ana.lima") })).status).toBe(400);
    expect((await post({ consentType: "Principal", principalId: world.person("ana.lima") })).status).toBe(201);
    expect((await post({ consentType: "AllPrincipals", resourceId: NOWHERE })).status).toBe(404);
  });
});

it("takes owners by reference", async () => {
  const path = `/servicePrincipals/${principal.id}/owners`;
  await world.graph("POST", `${path}/$ref`, reference(world.person("ana.lima")));
  expect((await world.graph("GET", `${path}?$select=id`)).body.value).toHaveLength(2);
});
