import { beforeEach, describe, expect, it } from "vitest";
import { NOWHERE, TENANT } from "../../testing.ts";
import { appRole, type GraphWorld, graphWorld, reference } from "../testing.ts";

const ROLE = "c0000000-0000-4000-8000-000000000001";
const OTHER_ROLE = "c0000000-0000-4000-8000-000000000002";
let world: GraphWorld;
beforeEach(() => {
  world = graphWorld();
});

const create = async (body: Record<string, unknown> = {}) => {
  const answer = await world.graph("POST", "/applications", {
    "@odata.type": "#microsoft.graph.application",
    displayName: "Superset",
    ...body,
  });
  expect(answer.status).toBe(201);
  return answer.body;
};

describe("applications", () => {
  it("creates, reads in both versions, updates and deletes", async () => {
    const { id, appId, ...created } = await create({ web: { redirectUris: ["https://superset.data.contoso.com/cb"] } });
    expect(created.signInAudience).toBe("AzureADMyOrg");
    expect(created).not.toHaveProperty("owners");
    expect(
      (await world.graph("PATCH", `/applications/${id}`, { web: { logoutUrl: "https://x.contoso.com" } })).status,
    ).toBe(204);
    const { body } = await world.graph("GET", `/applications(appId='${appId}')`);
    expect(body.web).toMatchObject({
      logoutUrl: "https://x.contoso.com",
      redirectUris: ["https://superset.data.contoso.com/cb"],
    });
    expect(body).not.toHaveProperty("oauth2RequirePostResponse");
    const beta = await world.graph("GET", `/beta/applications/${id}?$select=oauth2RequirePostResponse`);
    expect(beta.body.oauth2RequirePostResponse).toBe(false);
    expect((await world.graph("DELETE", `/applications/${id}`)).status).toBe(204);
    expect((await world.graph("GET", `/applications/${id}`)).body.error.code).toBe("Request_ResourceNotFound");
  });

  it("takes oauth2RequirePostResponse in beta only", async () => {
    const { id } = await create();
    const body = { oauth2RequirePostResponse: true };
    expect((await world.graph("PATCH", `/beta/applications/${id}`, body)).status).toBe(204);
    const refused = await world.graph("PATCH", `/applications/${id}`, body);
    expect(refused.status).toBe(400);
    expect(refused.body.error).toMatchObject({
      code: "Request_BadRequest",
      message: "Invalid property 'oauth2RequirePostResponse'.",
    });
  });

  it.each([
    [{ colour: "red" }, "'colour'"],
    [{ web: { redirectUri: [] } }, "'web.redirectUri'"],
    [{ signInAudience: "Everybody" }, "'signInAudience'"],
    [{ displayName: "" }, "'displayName'"],
    [{ web: { redirectUris: ["http://superset.contoso.com/cb"] } }, "http://superset.contoso.com/cb"],
    [{ web: { redirectUris: ["https://superset.contoso.com/#x"] } }, "fragment"],
    [{ spa: { redirectUris: ["contoso://cb"] } }, "contoso://cb"],
    [{ web: { redirectUris: ["superset"] } }, "absolute"],
    [
      { web: { redirectUris: ["https://a.contoso.com"] }, spa: { redirectUris: ["https://a.contoso.com"] } },
      "distinct",
    ],
    [{ groupMembershipClaims: "Some" }, "Some"],
    [{ identifierUris: ["plain"] }, "identifierUris"],
    [{ appRoles: [appRole(ROLE, "A"), appRole(ROLE, "B")] }, "duplicate"],
    [{ appRoles: [appRole(ROLE, "A"), appRole(OTHER_ROLE, "A")] }, "duplicate"],
    [{ appRoles: [appRole(ROLE, "two words")] }, "appRoles.0.value"],
    [{ "owners@odata.bind": Array.from({ length: 21 }, () => "x") }, "20"],
  ])("refuses %j", async (body, part) => {
    const { status, body: answer } = await world.graph("POST", "/applications", { displayName: "Superset", ...body });
    expect(status).toBe(400);
    expect(answer.error.message).toContain(part);
  });

  it("takes loopback, private schemes of public clients, and explicit nulls", async () => {
    const application = await create({
      web: { redirectUris: ["http://localhost:8088/cb"], homePageUrl: null, logoutUrl: null },
      publicClient: { redirectUris: ["contoso.app://auth"] },
      optionalClaims: null,
      notes: null,
    });
    expect(application.publicClient.redirectUris).toEqual(["contoso.app://auth"]);
  });

  it.each([
    [`api://${TENANT}/charts`, true],
    ["api://APP", true],
    ["api://charts/APP", true],
    ["api://charts.contoso.com", true],
    ["https://contoso.com/charts", true],
    ["https://contoso.onmicrosoft.com/charts", true],
    ["api://charts", false],
    [`api://${NOWHERE}`, false],
    [`api://${NOWHERE}/charts`, false],
    ["https://notcontoso.com/charts", false],
    ["https://APP", false],
    ["api://APP/", false],
    ["urn:contoso:charts", false],
  ])("takes an identifier URI of the tenant, the client or a verified domain: %s %s", async (form, taken) => {
    const { id, appId } = await create({});
    const uri = form.replace("APP", appId);
    const { status, body } = await world.graph("PATCH", `/applications/${id}`, { identifierUris: [uri] });
    expect(status).toBe(taken ? 204 : 400);
    if (!taken)
      expect(body.error).toMatchObject({
        code: "HostNameNotOnVerifiedDomain",
        message: `Values of identifierUris property must use a verified domain of the organization or its subdomain: '${uri}'`,
      });
  });

  it("keeps identifier URIs unique in the tenant", async () => {
    await create({ identifierUris: ["api://contoso.com/a"] });
    const again = await world.graph("POST", "/applications", {
      displayName: "B",
      identifierUris: ["api://contoso.com/a"],
    });
    expect(again.body.error.message).toContain("identifierUris");
  });

  it("removes an app role only after it was disabled", async () => {
    const { id } = await create({ appRoles: [appRole(ROLE, "Admin")] });
    const removal = () => world.graph("PATCH", `/applications/${id}`, { appRoles: [] });
    expect((await removal()).body.error.code).toBe("CannotDeleteOrUpdateEnabledEntitlement");
    const renamed = await world.graph("PATCH", `/applications/${id}`, { appRoles: [appRole(ROLE, "Boss")] });
    expect(renamed.body.error.code).toBe("CannotDeleteOrUpdateEnabledEntitlement");
    const reworded = appRole(ROLE, "Admin", { description: "Everything" });
    expect((await world.graph("PATCH", `/applications/${id}`, { appRoles: [reworded] })).status).toBe(204);
    await world.graph("PATCH", `/applications/${id}`, { id, appRoles: [appRole(ROLE, "Admin", { isEnabled: false })] });
    expect((await removal()).status).toBe(204);
  });
});

describe("owners", () => {
  it("makes the caller the owner, and only owners may write with OwnedBy", async () => {
    const { id } = await create();
    const owners = await world.graph("GET", `/applications/${id}/owners`);
    expect(owners.body.value.map((owner: { id: string }) => owner.id)).toEqual([world.deployer.objectId]);
    expect(owners.body.value[0]["@odata.type"]).toBe("#microsoft.graph.servicePrincipal");
    const ana = world.person("ana.lima");
    expect((await world.graph("POST", `/applications/${id}/owners/$ref`, reference(ana))).status).toBe(204);
    const twice = await world.graph("POST", `/applications/${id}/owners/$ref`, reference(ana));
    expect(twice.body.error.message).toContain("already exist");
    expect((await world.graph("DELETE", `/applications/${id}/owners/${world.deployer.objectId}/$ref`)).status).toBe(
      204,
    );
    expect((await world.graph("PATCH", `/applications/${id}`, { notes: "x" })).status).toBe(403);
    expect((await world.graph("PATCH", `/applications/${id}`, { notes: "x" }, "admin")).status).toBe(204);
  });

  it("takes users and service principals only, and they must exist", async () => {
    const { id } = await create();
    expect((await world.graph("POST", `/applications/${id}/owners/$ref`, reference(NOWHERE))).status).toBe(404);
    expect((await world.graph("POST", `/applications/${id}/owners/$ref`, reference(id))).status).toBe(400);
    const created = await create({ "owners@odata.bind": [reference(world.person("ana.lima"))["@odata.id"]] });
    expect((await world.graph("GET", `/applications/${created.id}/owners`)).body.value).toHaveLength(2);
  });
});

describe("passwords", () => {
  it("shows a secret once and keeps its hash", async () => {
    const { id } = await create();
    const end = "2026-05-01T00:00:00Z";
    const added = await world.graph("POST", `/applications/${id}/addPassword`, {
      passwordCredential: { displayName: "now", endDateTime: end },
    });
    expect(added.status).toBe(200);
    expect(added.body.secretText).toMatch(/^.{3}8Q~.{34}$/);
    expect(JSON.stringify(world.context.store.data)).not.toContain(added.body.secretText);
    const read = await world.graph("GET", `/applications/${id}`);
    expect(read.body.passwordCredentials).toEqual([
      expect.objectContaining({ keyId: added.body.keyId, secretText: null, hint: added.body.secretText.slice(0, 3) }),
    ]);
    expect(JSON.stringify(read.body)).not.toContain("secretHash");
    const { keyId } = added.body;
    expect((await world.graph("POST", `/applications/${id}/removePassword`, { keyId })).status).toBe(204);
    expect((await world.graph("POST", `/applications/${id}/removePassword`, { keyId })).status).toBe(400);
  });

  it("lasts two years when nothing is said, and ends after it starts", async () => {
    const { id } = await create();
    const { body } = await world.graph("POST", `/applications/${id}/addPassword`, {});
    expect(body.endDateTime).toBe("2028-03-02T09:00:00.000Z");
    const wrong = { passwordCredential: { endDateTime: "2020-01-01T00:00:00Z" } };
    expect((await world.graph("POST", `/applications/${id}/addPassword`, wrong)).status).toBe(400);
  });
});

describe("federated identity credentials", () => {
  const credential = (more: Record<string, unknown> = {}) => ({
    name: "superset-cluster",
    issuer: "https://oidc.sandbox.contoso.example/cluster-1",
    subject: "system:serviceaccount:superset:superset",
    audiences: ["api://AzureADTokenExchange"],
    ...more,
  });

  it("is created, changed, found by id and name, and deleted", async () => {
    const { id } = await create();
    const path = `/applications/${id}/federatedIdentityCredentials`;
    const created = await world.graph("POST", path, credential());
    expect(created.status).toBe(201);
    expect((await world.graph("PATCH", `${path}/${created.body.id}`, { subject: "other" })).status).toBe(204);
    expect((await world.graph("GET", `${path}/superset-cluster`)).body.subject).toBe("other");
    expect((await world.graph("PATCH", `${path}/${created.body.id}`, { name: "new-name" })).status).toBe(400);
    expect((await world.graph("DELETE", `${path}/${created.body.id}`)).status).toBe(204);
    expect((await world.graph("GET", `${path}/${created.body.id}`)).status).toBe(404);
  });

  it.each([
    [{ audiences: [] }, 400],
    [{ audiences: ["a", "b"] }, 400],
    [{ name: "ab" }, 400],
    [{ name: "with space" }, 400],
    [{ subject: "" }, 400],
    [{ extra: 1 }, 400],
    [{ name: "another" }, 409],
    [{ subject: "another" }, 409],
  ])("beside an existing one, %j is %i", async (more, status) => {
    const { id } = await create();
    const path = `/applications/${id}/federatedIdentityCredentials`;
    await world.graph("POST", path, credential());
    expect((await world.graph("POST", path, credential(more))).status).toBe(status);
  });

  it("allows twenty", async () => {
    const { id } = await create();
    const path = `/applications/${id}/federatedIdentityCredentials`;
    const add = (n: number) => world.graph("POST", path, credential({ name: `name-${n}`, subject: `subject-${n}` }));
    for (let n = 0; n < 20; n++) expect((await add(n)).status).toBe(201);
    expect((await add(20)).body.error.message).toContain("20");
  });
});
