import { beforeEach, describe, expect, it } from "vitest";
import { isShutOut } from "./address-lists.ts";
import type { AddressList } from "./data.ts";
import { type DatabricksWorld, databricksWorld, NO_ONE } from "./testing.ts";

let world: DatabricksWorld;
beforeEach(() => {
  world = databricksWorld();
});

const me = (as: string) => world.call("GET", "/preview/scim/v2/Me", undefined, as);
const entitlements = (id: string, value: string[], op = "replace") =>
  world.call(
    "PATCH",
    `/preview/scim/v2/Groups/${id}`,
    {
      schemas: ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
      Operations: [{ op, path: "entitlements", value: value.map((one) => ({ value: one })) }],
    },
    "deployer",
    world.azure,
  );

describe("who gets in", () => {
  it("nobody without a token of Entra for Databricks", async () => {
    expect((await world.call("GET", "/preview/scim/v2/Me", undefined, "")).status).toBe(401);
    expect(await world.call("GET", "/preview/scim/v2/Me", undefined, "stranger")).toMatchObject({
      status: 403,
      body: { message: "Invalid access token." },
    });
  });

  it("members of an assigned group, nested ones too; nobody else, in Databricks' own words", async () => {
    const interns = world.group("Interns", [world.person("mia.chen")]);
    world.assign(world.group("Analysts", [world.person("ana.lima"), interns]));
    const ana = await me("ana.lima");
    expect(ana.body.groups.map(({ display, type }: Record<string, string>) => `${display} ${type}`)).toEqual([
      "users direct",
      "Analysts direct",
    ]);
    const mia = await me("mia.chen");
    expect(mia.status).toBe(200);
    expect(mia.body.groups.at(-1)).toMatchObject({ display: "Analysts", type: "indirect" });
    const { status, body } = await me("jon.berg");
    expect(status).toBe(403);
    expect(body.error_code).toBe(403);
    expect(body.message).toContain(`Unauthorized access to Org: ${world.workspace.id}`);
  });

  it("no guest of another tenant, and nobody who was disabled after the sign-in", async () => {
    const { users } = world.context.store.data;
    const gus = users[world.person("gus")];
    if (gus) gus.homeTenantId = NO_ONE;
    world.assign(world.group("Everybody", [world.person("gus"), world.person("lea.ver"), world.person("ana.lima")]));
    expect((await me("gus")).status).toBe(403);
    expect((await me("lea.ver")).status).toBe(403);
    const ana = users[world.person("ana.lima")];
    expect((await me("ana.lima")).status).toBe(200);
    if (ana) ana.accountEnabled = false;
    expect((await me("ana.lima")).status).toBe(403);
  });

  it("the deployer by its Azure role, and only when it shows it", async () => {
    expect((await world.call("GET", "/workspace-conf?keys=enableTokensConfig")).status).toBe(403);
    const wrong = { ...world.azure, "x-databricks-azure-sp-management-token": "stranger" };
    const refused = await world.call("GET", "/workspace-conf?keys=enableTokensConfig", undefined, "deployer", wrong);
    expect(refused.status).toBe(403);
    const shown = await world.call(
      "GET",
      "/workspace-conf?keys=enableTokensConfig",
      undefined,
      "deployer",
      world.azure,
    );
    expect(shown).toMatchObject({ status: 200, body: { enableTokensConfig: "true" } });
    // From then on it is an admin of the workspace.
    expect((await me("deployer")).body.groups[0].display).toBe("admins");
  });

  it("from where the address list lets them, once it is switched on", async () => {
    world.assign(world.group("Admins", [world.person("ana.lima")]), "ADMIN");
    const list = (ip_addresses: string[]) => ({ label: "office", list_type: "ALLOW", ip_addresses });
    const lockout = await world.call("POST", "/ip-access-lists", list(["198.51.100.0/24"]), "ana.lima");
    expect(lockout).toMatchObject({ status: 400, body: { error_code: "INVALID_STATE" } });
    const made = await world.call("POST", "/ip-access-lists", list(["203.0.113.10"]), "ana.lima");
    expect(made.body.ip_access_list).toMatchObject({ list_type: "ALLOW", address_count: 1, enabled: true });
    await world.call("PATCH", "/workspace-conf", { enableIpAccessLists: "true" }, "ana.lima");
    expect((await me("ana.lima")).status).toBe(200);
    // Somebody else shortens the list from an address of their own.
    for (const one of Object.values(world.workspace.addressLists)) one.addresses = ["198.51.100.0/24"];
    const { status, body } = await me("ana.lima");
    expect(status).toBe(403);
    expect(body.message).toContain("is blocked by Databricks IP ACL for workspace");
  });

  it("by lists whose blocks come first", () => {
    const list = (listType: "ALLOW" | "BLOCK", addresses: string[], enabled = true): AddressList => ({
      listId: addresses.join(),
      label: "x",
      listType,
      addresses,
      enabled,
      createdAt: 0,
      updatedAt: 0,
    });
    expect(isShutOut([])).toBe(false);
    expect(isShutOut([list("ALLOW", ["203.0.113.0/24"])])).toBe(false);
    expect(isShutOut([list("ALLOW", ["198.51.100.1"])])).toBe(true);
    expect(isShutOut([list("ALLOW", ["198.51.100.1"], false)])).toBe(false);
    expect(isShutOut([list("ALLOW", ["203.0.113.0/24"]), list("BLOCK", ["203.0.113.10"])])).toBe(true);
  });
});

describe("a workspace", () => {
  it("gives everybody workspace and SQL access until its group users is emptied", async () => {
    const id = world.assign(world.group("Analysts", [world.person("ana.lima")]));
    const held = async () => (await me("ana.lima")).body.entitlements.map(({ value }: { value: string }) => value);
    expect(await held()).toEqual(["databricks-sql-access", "workspace-access"]);
    await entitlements(world.workspace.groups.users, []);
    expect(await held()).toEqual([]);
    await entitlements(id, ["databricks-sql-access"]);
    expect(await held()).toEqual(["databricks-sql-access"]);
  });

  it("refuses what Databricks refuses about entitlements", async () => {
    const id = world.assign(world.group("Analysts", []));
    expect(await entitlements(id, ["workspace-consume", "workspace-access"])).toMatchObject({ status: 400 });
    expect((await entitlements(id, ["fly"])).body.error_code).toBe("MALFORMED_REQUEST");
    expect((await entitlements(world.workspace.groups.admins, [])).status).toBe(400);
    expect((await entitlements("1", [])).status).toBe(404);
  });

  it("lets its admins alone change it, and account admins alone restrict them", async () => {
    world.assign(world.group("Analysts", [world.person("jon.berg")]));
    world.assign(world.group("Admins", [world.person("ana.lima")]), "ADMIN");
    const conf = { enableTokensConfig: "false" };
    expect((await world.call("PATCH", "/workspace-conf", conf, "jon.berg")).body.error_code).toBe("PERMISSION_DENIED");
    expect((await world.call("PATCH", "/workspace-conf", conf, "ana.lima")).status).toBe(204);
    expect((await world.call("PATCH", "/workspace-conf", { enableTokensConfig: true }, "ana.lima")).status).toBe(400);
    const path = "/settings/types/restrict_workspace_admins/names/default";
    const { etag } = world.workspace.restrictAdmins;
    const change = (tag: string) => ({
      allow_missing: true,
      field_mask: "restrict_workspace_admins.status",
      setting: { etag: tag, restrict_workspace_admins: { status: "RESTRICT_TOKENS_AND_JOB_RUN_AS" } },
    });
    expect((await world.call("PATCH", path, change(etag), "ana.lima")).status).toBe(403);
    const stale = await world.call("PATCH", path, change("old"), "deployer", world.azure);
    expect(stale).toMatchObject({ status: 409, body: { details: [{ metadata: { etag } }] } });
    expect((await world.call("PATCH", path, change(etag), "deployer", world.azure)).status).toBe(200);
  });

  it.each([
    ["POST", "/token/create"],
    ["POST", "/token-management/on-behalf-of/tokens"],
    ["POST", "/preview/scim/v2/Groups"],
    ["DELETE", "/clusters/list"],
  ])("does not emulate %s %s", async (method, path) => {
    const { status, body } = await world.call(method, path, {}, "deployer", world.azure);
    expect(status).toBe(501);
    expect(body.message).toContain(path);
  });
});

describe("the account", () => {
  const groups = (id: string) => `/identity/accounts/${world.data.account.id}/external-groups/${id}`;

  it("is for its admins alone, and for this tenant's account alone", async () => {
    expect((await world.account("GET", groups(NO_ONE), undefined, "ana.lima")).status).toBe(403);
    expect((await world.account("GET", `/accounts/${NO_ONE}/workspaces`)).status).toBe(403);
    expect((await world.account("GET", `/accounts/${world.data.account.id}/workspaces`)).body).toHaveLength(1);
    expect((await world.account("GET", `/accounts/${world.data.account.id}/metastores`)).status).toBe(501);
  });

  it("resolves groups of Entra alone, follows their names, and makes none with an external id", async () => {
    expect((await world.account("GET", groups(NO_ONE))).body.error_code).toBe("RESOURCE_DOES_NOT_EXIST");
    const id = world.group("Analysts", []);
    const first = await world.account("GET", groups(id));
    expect(first.body).toMatchObject({ display_name: "Analysts", external_group_id: id });
    const group = world.context.store.data.groups[id];
    if (group) group.displayName = "Analytics";
    const second = await world.account("GET", groups(id));
    expect(second.body).toMatchObject({ display_name: "Analytics", internal_id: first.body.internal_id });
    const made = await world.account("POST", `/accounts/${world.data.account.id}/scim/v2/Groups`, {
      displayName: "Analysts",
      externalId: id,
    });
    expect(made.status).toBe(400);
    expect(made.body.message).toContain("automatic identity management");
  });

  it("wants a federation policy with issuer and subject", async () => {
    const base = `/accounts/${world.data.account.id}`;
    const schemas = ["urn:ietf:params:scim:schemas:core:2.0:ServicePrincipal"];
    const { body } = await world.account("POST", `${base}/scim/v2/ServicePrincipals`, { schemas, displayName: "x" });
    const policies = `${base}/servicePrincipals/${body.id}/federationPolicies`;
    const issuer = "https://oidc.contoso.com";
    const create = (oidc_policy: object, id = "pods") =>
      world.account("POST", `${policies}?policy_id=${id}`, { oidc_policy });
    expect((await create({ issuer })).body.message).toContain("subject");
    expect((await create({ issuer: "http://oidc.contoso.com", subject: "s" })).status).toBe(400);
    expect((await create({ issuer, subject: "s" }, "UPPER")).status).toBe(400);
    expect((await create({ issuer, subject: "s" })).body).toMatchObject({ policy_id: "pods" });
    expect((await create({ issuer, subject: "s" })).status).toBe(409);
  });
});
