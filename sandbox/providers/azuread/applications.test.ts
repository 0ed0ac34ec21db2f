import { expect, test } from "vitest";
import { PartialFailure } from "../protocol/errors.ts";
import { type PropertyMap, UNKNOWN } from "../protocol/types.ts";
import { deploy, redeploy, refTo, type TestCloud, testCloud } from "../testing.ts";

const APPLICATION = refTo("azuread:index/application:Application");
const PRINCIPAL = refTo("azuread:index/servicePrincipal:ServicePrincipal");
const ASSIGNMENT = refTo("azuread:index/appRoleAssignment:AppRoleAssignment");
const GRANT = refTo("azuread:index/servicePrincipalDelegatedPermissionGrant:ServicePrincipalDelegatedPermissionGrant");

const role = (id: string, value: string, description = value) => ({
  id: `00000000-0000-4000-8000-00000000000${id}`,
  allowedMemberTypes: ["User"],
  description,
  displayName: value,
  value,
});
const superset = (cloud: TestCloud, more: PropertyMap = {}): PropertyMap => ({
  displayName: "Superset",
  owners: [cloud.world.deployer.objectId, cloud.world.person("ana.lima")],
  web: {
    redirectUris: ["https://superset.data.contoso.com/oauth-authorized/azure"],
    logoutUrl: "https://superset.data.contoso.com/logout",
  },
  api: { requestedAccessTokenVersion: 2 },
  optionalClaims: { idTokens: [{ name: "email" }, { name: "upn" }] },
  appRoles: [role("1", "Admin"), role("2", "Gamma")],
  ...more,
});
const live = (cloud: TestCloud, id: string) => {
  const app = cloud.world.context.store.data.applications[id.slice("/applications/".length)];
  if (!app) throw new Error(`There is no application ${id}.`);
  return app;
};

test("an application is made, read back without a difference, changed and deleted", async () => {
  const cloud = testCloud();
  const app = await deploy(cloud.azuread, APPLICATION, superset(cloud));
  expect(app.id).toBe(`/applications/${String(app.outputs.objectId)}`);
  expect(app.outputs).toMatchObject({
    clientId: live(cloud, app.id).appId,
    signInAudience: "AzureADMyOrg",
    appRoleIds: { Admin: role("1", "").id, Gamma: role("2", "").id },
    oauth2PermissionScopeIds: {},
  });
  expect(live(cloud, app.id).owners.toSorted()).toEqual([...(superset(cloud).owners as string[])].sort());

  const refreshed = await cloud.azuread.read(APPLICATION, app.id, app);
  expect(refreshed?.inputs).toEqual(app.inputs);
  expect((await cloud.azuread.diff(APPLICATION, app.id, app, app.inputs)).changes).toEqual({});

  const changed = await redeploy(
    cloud.azuread,
    APPLICATION,
    app,
    superset(cloud, { web: { redirectUris: ["https://new.contoso.com/cb"] }, optionalClaims: undefined }),
  );
  expect(changed.diff.changes).toEqual({
    "web.redirectUris[0]": "update",
    "web.logoutUrl": "delete",
    optionalClaims: "delete",
  });
  expect(live(cloud, app.id).web).toMatchObject({ redirectUris: ["https://new.contoso.com/cb"], logoutUrl: null });
  expect(live(cloud, app.id).optionalClaims?.idToken ?? []).toEqual([]);

  await cloud.azuread.delete(APPLICATION, app.id, changed.outputs, { timeoutSeconds: 5 });
  expect(await cloud.azuread.read(APPLICATION, app.id, app)).toBeUndefined();
});

test("the deployer is taken off the owners when the program does not name it", async () => {
  const cloud = testCloud();
  const ana = cloud.world.person("ana.lima");
  const app = await deploy(cloud.azuread, APPLICATION, superset(cloud, { owners: [ana] }));
  expect(live(cloud, app.id).owners).toEqual([ana]);
});

test("a role is disabled before it is changed or removed", async () => {
  const cloud = testCloud();
  const app = await deploy(cloud.azuread, APPLICATION, superset(cloud));
  const before = cloud.requests.length;
  const changed = await redeploy(
    cloud.azuread,
    APPLICATION,
    app,
    superset(cloud, { appRoles: [role("1", "Admin", "All of it")] }),
  );
  expect(changed.diff.changes).toEqual({ "appRoles[0].description": "update", "appRoles[1]": "delete" });
  expect(cloud.requests.slice(before).filter((request) => request.startsWith("PATCH"))).toHaveLength(2);
  expect(live(cloud, app.id).appRoles.map(({ description, isEnabled }) => [description, isEnabled])).toEqual([
    ["All of it", true],
  ]);
  expect(changed.outputs.appRoleIds).toEqual({ Admin: role("1", "").id });
});

test("what somebody added by hand is told by a refresh, and the diff puts it right", async () => {
  const cloud = testCloud();
  const app = await deploy(cloud.azuread, APPLICATION, superset(cloud));
  cloud.world.context.store.mutate(() => {
    live(cloud, app.id).web.redirectUris.push("https://evil.example/cb");
    live(cloud, app.id).spa.redirectUris.push("https://spa.example/");
  });
  const drifted = await cloud.azuread.read(APPLICATION, app.id, app);
  const news = (await cloud.azuread.check(APPLICATION, drifted?.inputs, superset(cloud))).inputs;
  const { changes } = await cloud.azuread.diff(APPLICATION, app.id, drifted ?? app, news);
  expect(changes).toEqual({ "web.redirectUris[1]": "delete", singlePageApplication: "delete" });
  await redeploy(cloud.azuread, APPLICATION, drifted ?? app, superset(cloud));
  expect(live(cloud, app.id).web.redirectUris).toHaveLength(1);
  expect(live(cloud, app.id).spa.redirectUris).toEqual([]);
});

test("an import tells the inputs that a program would give", async () => {
  const cloud = testCloud();
  const app = await deploy(cloud.azuread, APPLICATION, superset(cloud));
  const imported = await cloud.azuread.read(APPLICATION, app.id);
  const { changes } = await cloud.azuread.diff(APPLICATION, app.id, imported ?? app, app.inputs);
  expect(changes).toEqual({});
});

test("a preview knows what the program says and nothing else, and refuses a duplicate", async () => {
  const cloud = testCloud();
  const { inputs } = await cloud.azuread.check(
    APPLICATION,
    undefined,
    superset(cloud, { owners: [UNKNOWN], preventDuplicateNames: true }),
  );
  const planned = await cloud.azuread.create(APPLICATION, inputs, { preview: true, timeoutSeconds: 10 });
  expect(planned).toMatchObject({
    id: "",
    outputs: { clientId: UNKNOWN, appRoleIds: UNKNOWN, displayName: "Superset", owners: [UNKNOWN] },
  });
  await deploy(cloud.azuread, APPLICATION, superset(cloud));
  await expect(cloud.azuread.create(APPLICATION, inputs, { preview: true, timeoutSeconds: 10 })).rejects.toThrow(
    'There is already an application with the name "Superset"',
  );
});

test("bad inputs are refused with their paths", async () => {
  const { azuread } = testCloud();
  const { failures } = await azuread.check(APPLICATION, undefined, {
    owners: ["ana"],
    web: { logoutUrl: "ftp://x" },
    appRoles: [{ id: "1" }],
    api: { version: 2 },
  });
  expect(failures.map(({ property }) => property).sort()).toEqual([
    "api.version",
    "appRoles[0].allowedMemberTypes",
    "appRoles[0].description",
    "appRoles[0].displayName",
    "appRoles[0].id",
    "displayName",
    "owners[0]",
    "web.logoutUrl",
  ]);
  const twice = await azuread.check(APPLICATION, undefined, {
    displayName: "x",
    logoImage: "aGk=",
    appRoles: [role("1", "A"), role("2", "A")],
  });
  expect(twice.failures.map(({ property }) => property)).toEqual(["logoImage", "appRoles[1].value"]);
});

test("a creation that fails after the POST keeps what is there", async () => {
  const cloud = testCloud();
  cloud.interrupt((method, url) => method === "DELETE" && url.pathname.includes("/owners/"), 403, {
    error: { code: "Denied", message: "no" },
  });
  const failed = await deploy(
    cloud.azuread,
    APPLICATION,
    superset(cloud, { owners: [cloud.world.person("ana.lima")] }),
  ).catch((error: unknown) => error);
  expect(failed).toBeInstanceOf(PartialFailure);
  const { id, outputs } = failed as PartialFailure;
  expect(outputs.clientId).toBe(live(cloud, id).appId);
  expect(await cloud.azuread.find(APPLICATION, superset(cloud))).toBe(id);
});

test("an enterprise application is made, or taken when useExisting is set", async () => {
  const cloud = testCloud();
  const app = await deploy(cloud.azuread, APPLICATION, superset(cloud));
  const args: PropertyMap = {
    clientId: app.outputs.clientId,
    appRoleAssignmentRequired: true,
    owners: superset(cloud).owners,
  };
  const principal = await deploy(cloud.azuread, PRINCIPAL, args);
  expect(principal.outputs).toMatchObject({
    objectId: principal.id.slice("/servicePrincipals/".length),
    displayName: "Superset",
    type: "Application",
    appRoleIds: { Admin: role("1", "").id },
  });
  expect((await cloud.azuread.read(PRINCIPAL, principal.id, principal))?.inputs).toEqual(principal.inputs);
  await expect(deploy(cloud.azuread, PRINCIPAL, args)).rejects.toThrow("has a service principal already");
  const again = await deploy(cloud.azuread, PRINCIPAL, { ...args, useExisting: true });
  expect(again.id).toBe(principal.id);
  await cloud.azuread.delete(PRINCIPAL, again.id, again.outputs, { timeoutSeconds: 5 });
  expect(await cloud.azuread.find(PRINCIPAL, args)).toBe(principal.id);
  const open = await redeploy(cloud.azuread, PRINCIPAL, principal, { ...args, appRoleAssignmentRequired: false });
  expect(open.diff.changes).toEqual({ appRoleAssignmentRequired: "update" });
  expect(open.outputs.appRoleAssignmentRequired).toBe(false);
  const other: PropertyMap = { ...args, clientId: role("9", "").id };
  expect((await cloud.azuread.diff(PRINCIPAL, principal.id, principal, other)).changes).toMatchObject({
    clientId: "update-replace",
  });
});

test("roles are assigned and consent is given", async () => {
  const cloud = testCloud();
  const app = await deploy(cloud.azuread, APPLICATION, superset(cloud));
  const principal = await deploy(cloud.azuread, PRINCIPAL, {
    clientId: app.outputs.clientId,
    owners: superset(cloud).owners,
  });
  const args: PropertyMap = {
    appRoleId: role("1", "").id,
    principalObjectId: cloud.world.person("ana.lima"),
    resourceObjectId: principal.outputs.objectId,
  };
  const assignment = await deploy(cloud.azuread, ASSIGNMENT, args);
  expect(assignment.id).toMatch(/^\/servicePrincipals\/[^/]+\/appRoleAssignedTo\/[^/]+$/);
  expect(assignment.outputs).toMatchObject({
    principalType: "User",
    principalDisplayName: "Ana Lima",
    resourceDisplayName: "Superset",
  });
  expect(await cloud.azuread.find(ASSIGNMENT, args)).toBe(assignment.id);
  await cloud.azuread.delete(ASSIGNMENT, assignment.id, assignment.outputs, { timeoutSeconds: 5 });
  expect(await cloud.azuread.find(ASSIGNMENT, args)).toBeUndefined();

  const graph = await cloud.azuread.invoke("azuread:index/getServicePrincipal:getServicePrincipal", {
    clientId: "00000003-0000-0000-c000-000000000000",
  });
  const consent: PropertyMap = {
    servicePrincipalObjectId: principal.outputs.objectId,
    resourceServicePrincipalObjectId: graph.objectId,
    claimValues: ["openid", "email"],
  };
  const grant = await deploy(cloud.azuread, GRANT, consent);
  expect((await cloud.azuread.read(GRANT, grant.id, grant))?.inputs).toEqual(consent);
  const wider = await redeploy(cloud.azuread, GRANT, grant, {
    ...consent,
    claimValues: ["openid", "email", "profile"],
  });
  expect(wider.diff.changes).toEqual({ "claimValues[2]": "add" });
  expect(await cloud.azuread.find(GRANT, consent)).toBe(grant.id);
});
