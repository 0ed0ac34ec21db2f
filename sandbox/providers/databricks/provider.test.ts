import { beforeEach, describe, expect, it } from "vitest";
import type { PropertyMap } from "../protocol/types.ts";
import { deploy, redeploy, refTo, testCloud } from "../testing.ts";
import { type WorkspaceCloud, workspaceCloud } from "./testing.ts";

const ASSIGNMENT = refTo("databricks:index/mwsPermissionAssignment:MwsPermissionAssignment");
const ENTITLEMENTS = refTo("databricks:index/entitlements:Entitlements");
const GRANT = refTo("databricks:index/grant:Grant");
const CONF = refTo("databricks:index/workspaceConf:WorkspaceConf");
const LIST = refTo("databricks:index/ipAccessList:IpAccessList");
const RESTRICT = refTo("databricks:index/restrictWorkspaceAdminsSetting:RestrictWorkspaceAdminsSetting");
const TOKENS = refTo("databricks:index/permissions:Permissions");
const PRINCIPAL = refTo("databricks:index/servicePrincipal:ServicePrincipal");
const POLICY = refTo("databricks:index/servicePrincipalFederationPolicy:ServicePrincipalFederationPolicy");

let cloud: WorkspaceCloud;
beforeEach(async () => {
  cloud = await workspaceCloud();
});

const gone = async (ref: typeof GRANT, made: { id: string; inputs: PropertyMap; outputs: PropertyMap }) => {
  await cloud.databricks.delete(ref, made.id, made.outputs, { timeoutSeconds: 5 });
  expect(await cloud.databricks.read(ref, made.id, made)).toBeUndefined();
  // Twice, as after a run that was killed: nothing to do is no failure.
  await cloud.databricks.delete(ref, made.id, made.outputs, { timeoutSeconds: 5 });
};
const unchanged = async (ref: typeof GRANT, made: { id: string; inputs: PropertyMap; outputs: PropertyMap }) =>
  expect((await cloud.databricks.read(ref, made.id, made))?.inputs).toEqual(made.inputs);

async function assigned(permission = "USER", name = "Analysts") {
  const { internalId, displayName } = await cloud.resolve(cloud.group(name, [cloud.world.person("ana.lima")]));
  const made = await deploy(cloud.databricks, ASSIGNMENT, {
    workspaceId: cloud.workspaceId,
    principalId: internalId,
    permissions: [permission],
  });
  return { principalId: String(internalId), displayName: String(displayName), made };
}

describe("the databricks stand-in", () => {
  it("takes no token and no secret, and needs a provider for each host", async () => {
    const { databricks } = testCloud();
    await expect(databricks.configure({ host: "https://x", token: "dapi1" })).rejects.toThrow("is given token");
    await expect(databricks.configure({ host: "https://x", azureTenantId: "other" })).rejects.toThrow("only one is");
    await expect(databricks.configure({})).rejects.toThrow("names no host");
    const conf = deploy(databricks, CONF, { customConfig: { enableTokensConfig: "false" } });
    await expect(conf).rejects.toThrow("No provider of the program names a Databricks workspace");
  });

  it("resolves a group of Entra by its object id, and no other", async () => {
    const objectId = cloud.group("Analysts", []);
    const first = await cloud.resolve(objectId);
    expect(first).toMatchObject({ displayName: "Analysts", externalGroupId: objectId, accountId: cloud.accountId });
    expect(await cloud.resolve(objectId)).toEqual(first);
    await expect(cloud.resolve("99999999-0000-4000-8000-000000000000")).rejects.toThrow("404");
    const users = await cloud.databricks.invoke("databricks:index/getGroup:getGroup", { displayName: "users" });
    expect(users.id).toMatch(/^\d{15}$/);
    const unknown = cloud.databricks.invoke("databricks:index/getGroup:getGroup", { displayName: "nobody" });
    await expect(unknown).rejects.toThrow('no group "nobody"');
  });

  it("assigns, and replaces for another permission, the old one first", async () => {
    const { made, principalId } = await assigned();
    expect(made.id).toBe(`${cloud.workspaceId}|${principalId}`);
    await unchanged(ASSIGNMENT, made);
    expect(await cloud.databricks.find(ASSIGNMENT, made.inputs)).toBe(made.id);
    const diff = await cloud.databricks.diff(ASSIGNMENT, made.id, made, { ...made.inputs, permissions: ["ADMIN"] });
    expect(diff.changes).toEqual({ "permissions[0]": "update-replace" });
    const imported = await cloud.databricks.read(ASSIGNMENT, made.id);
    expect(imported?.inputs).toEqual(made.inputs);
    await gone(ASSIGNMENT, made);
    const unknown = { ...made.inputs, principalId: "1" };
    await expect(deploy(cloud.databricks, ASSIGNMENT, unknown)).rejects.toThrow("not found in account");
  });

  it("gives entitlements and takes them, and leaves none where none is named", async () => {
    const { principalId } = await assigned();
    const made = await deploy(cloud.databricks, ENTITLEMENTS, { groupId: principalId, databricksSqlAccess: true });
    expect(made.id).toBe(`group/${principalId}`);
    await unchanged(ENTITLEMENTS, made);
    const changed = await redeploy(cloud.databricks, ENTITLEMENTS, made, {
      groupId: principalId,
      workspaceAccess: true,
    });
    expect(changed.diff.changes).toEqual({ databricksSqlAccess: "delete", workspaceAccess: "add" });
    expect(changed.outputs).toMatchObject({ workspaceAccess: true, databricksSqlAccess: false });
    const { id } = await cloud.databricks.invoke("databricks:index/getGroup:getGroup", { displayName: "users" });
    const users = await deploy(cloud.databricks, ENTITLEMENTS, { groupId: id });
    expect(users.outputs).toMatchObject({ workspaceAccess: false, databricksSqlAccess: false });
    await cloud.databricks.delete(ENTITLEMENTS, made.id, changed.outputs, { timeoutSeconds: 5 });
    expect((await cloud.databricks.read(ENTITLEMENTS, made.id))?.inputs).toEqual({ groupId: principalId });
    await expect(deploy(cloud.databricks, ENTITLEMENTS, {})).rejects.toThrow("one of them");
  });

  it("grants on catalogs, schemas and models, each for one principal alone", async () => {
    const { displayName } = await assigned();
    const other = await assigned("USER", "Sales");
    const schema = { schema: "main.sales", privileges: ["USE_SCHEMA", "SELECT"] };
    const made = await deploy(cloud.databricks, GRANT, { ...schema, principal: displayName });
    const theirs = await deploy(cloud.databricks, GRANT, { ...schema, principal: other.displayName });
    expect(made.id).toBe("schema/main.sales/Analysts");
    await unchanged(GRANT, made);
    const less = await redeploy(cloud.databricks, GRANT, made, { ...made.inputs, privileges: ["USE_SCHEMA"] });
    expect(less.outputs.privileges).toEqual(["USE_SCHEMA"]);
    await unchanged(GRANT, theirs);
    const model = await deploy(cloud.databricks, GRANT, {
      model: "main.ml.churn",
      principal: displayName,
      privileges: ["EXECUTE"],
    });
    expect(cloud.requests).toContain("PATCH /api/2.1/unity-catalog/permissions/function/main.ml.churn");
    await gone(GRANT, model);
    await gone(GRANT, { ...made, outputs: less.outputs });
    await unchanged(GRANT, theirs);
  });

  it.each([
    [{ schema: "main.sales", principal: "Nobody", privileges: ["SELECT"] }, "PRINCIPAL_DOES_NOT_EXIST"],
    [{ schema: "main.nowhere", principal: "Analysts", privileges: ["SELECT"] }, "SCHEMA_DOES_NOT_EXIST"],
    [{ model: "main.ml.none", principal: "Analysts", privileges: ["EXECUTE"] }, "ROUTINE_DOES_NOT_EXIST"],
    [{ catalog: "main", principal: "Analysts", privileges: ["CREATE_MODEL_VERSION"] }, "not applicable"],
    [{ principal: "Analysts", privileges: ["SELECT"] }, "needs one securable"],
  ])("hears what Unity Catalog refuses: %j", async (inputs, message) => {
    await assigned();
    await expect(deploy(cloud.databricks, GRANT, inputs as PropertyMap)).rejects.toThrow(message);
  });

  it("keeps an address list, closes with the switch, and is refused a list without its own address", async () => {
    const inputs = { label: "entrada", listType: "ALLOW", ipAddresses: ["203.0.113.10", "198.51.100.0/24"] };
    const made = await deploy(cloud.databricks, LIST, inputs);
    const conf = await deploy(cloud.databricks, CONF, {
      customConfig: { enableIpAccessLists: "true", enableTokensConfig: "false" },
    });
    expect(conf.id).toBe("_");
    await unchanged(LIST, made);
    await unchanged(CONF, conf);
    expect(await cloud.databricks.find(LIST, inputs)).toBe(made.id);
    const lockout = redeploy(cloud.databricks, LIST, made, { ...made.inputs, ipAddresses: ["198.51.100.0/24"] });
    await expect(lockout).rejects.toThrow("INVALID_STATE");
    const wider = { ...made.inputs, ipAddresses: ["203.0.113.0/28"] };
    expect((await redeploy(cloud.databricks, LIST, made, wider)).outputs.ipAddresses).toEqual(["203.0.113.0/28"]);
    const first = deploy(cloud.databricks, LIST, { ...inputs, label: "two", listType: "BLOCK" });
    await expect(first).rejects.toThrow("INVALID_STATE");
    await cloud.databricks.delete(CONF, conf.id, conf.outputs, { timeoutSeconds: 5 });
    const { conf: kept } = Object.values(cloud.world.context.store.data.databricks?.workspaces ?? {})[0] ?? {};
    expect(kept).toEqual({ enableIpAccessLists: "false", enableTokensConfig: "false" });
    await gone(LIST, made);
  });

  it("changes the workspace's configuration key by key", async () => {
    const made = await deploy(cloud.databricks, CONF, {
      customConfig: { enableTokensConfig: "true", maxTokenLifetimeDays: "30" },
    });
    const off = await redeploy(cloud.databricks, CONF, made, { customConfig: { enableTokensConfig: "false" } });
    expect(off.outputs.customConfig).toEqual({ enableTokensConfig: "false" });
    const { conf } = Object.values(cloud.world.context.store.data.databricks?.workspaces ?? {})[0] ?? {};
    expect(conf).toEqual({ enableTokensConfig: "false", maxTokenLifetimeDays: "" });
    expect(await cloud.databricks.read(CONF, "_")).toBeUndefined();
    const unknown = deploy(cloud.databricks, CONF, { customConfig: { enableMagic: "true" } });
    await expect(unknown).rejects.toThrow("Invalid keys");
  });

  it("restricts admins with the version that it saw, and lets tokens to named groups", async () => {
    const made = await deploy(cloud.databricks, RESTRICT, {
      restrictWorkspaceAdmins: { status: "RESTRICT_TOKENS_AND_JOB_RUN_AS" },
    });
    expect(made.id).toBe("global");
    await unchanged(RESTRICT, made);
    await cloud.databricks.delete(RESTRICT, made.id, made.outputs, { timeoutSeconds: 5 });
    expect((await cloud.databricks.read(RESTRICT, made.id))?.inputs).toEqual({
      restrictWorkspaceAdmins: { status: "ALLOW_ALL" },
    });
    const { displayName } = await assigned("ADMIN", "BI administrators");
    const control = (groupName: string) => ({ groupName, permissionLevel: "CAN_USE" });
    const tokens = await deploy(cloud.databricks, TOKENS, {
      authorization: "tokens",
      accessControls: [control(displayName)],
    });
    expect(tokens.id).toBe("/authorization/tokens");
    await unchanged(TOKENS, tokens);
    const unknown = { authorization: "tokens", accessControls: [control("Nobody")] };
    await expect(deploy(cloud.databricks, TOKENS, unknown)).rejects.toThrow("does not exist");
    await cloud.databricks.delete(TOKENS, tokens.id, tokens.outputs, { timeoutSeconds: 5 });
    expect((await cloud.databricks.read(TOKENS, tokens.id))?.outputs.accessControls).toEqual([]);
  });

  it("makes service principals with federation policies, and takes both away for good", async () => {
    const principal = await deploy(cloud.databricks, PRINCIPAL, {
      displayName: "entrada-test-scorer",
      disableAsUserDeletion: false,
    });
    expect(principal.outputs.applicationId).toMatch(/^[0-9a-f-]{36}$/);
    await unchanged(PRINCIPAL, principal);
    expect(await cloud.databricks.find(PRINCIPAL, principal.inputs)).toBe(principal.id);
    const oidcPolicy = { issuer: "https://oidc.contoso.com/c", audiences: ["a"], subject: "system:serviceaccount:s:s" };
    const inputs = { servicePrincipalId: Number(principal.id), policyId: "scorer", description: "Pods", oidcPolicy };
    const policy = await deploy(cloud.databricks, POLICY, inputs);
    expect(policy.id).toBe(`${principal.id},scorer`);
    await unchanged(POLICY, policy);
    expect((await cloud.databricks.read(POLICY, policy.id))?.inputs).toEqual(inputs);
    const moved = await redeploy(cloud.databricks, POLICY, policy, {
      ...inputs,
      oidcPolicy: { ...oidcPolicy, subject: "system:serviceaccount:s:t" },
    });
    expect(moved.diff.changes).toEqual({ "oidcPolicy.subject": "update" });
    expect(moved.outputs.oidcPolicy).toMatchObject({ subject: "system:serviceaccount:s:t" });
    await expect(deploy(cloud.databricks, POLICY, inputs)).rejects.toThrow("already exists");
    await gone(POLICY, policy);
    await gone(PRINCIPAL, principal);
  });

  it("lets a managed identity of the tenant in once, and nobody whom the tenant does not know", async () => {
    const identity = await deploy(cloud.azureNative, refTo("azure-native:managedidentity:UserAssignedIdentity"), {
      resourceGroupName: "rg-data",
      resourceName: "id-loader",
    });
    const inputs = { displayName: "entrada-test-loader", applicationId: String(identity.outputs.clientId) };
    const made = await deploy(cloud.databricks, PRINCIPAL, inputs);
    expect(made.outputs).toMatchObject({ applicationId: identity.outputs.clientId });
    await expect(deploy(cloud.databricks, PRINCIPAL, inputs)).rejects.toThrow("already exists");
    const stranger = { ...inputs, applicationId: "99999999-0000-4000-8000-000000000000" };
    await expect(deploy(cloud.databricks, PRINCIPAL, stranger)).rejects.toThrow("does not exist in the tenant");
    // The account's default: the principal stays, disabled.
    await cloud.databricks.delete(PRINCIPAL, made.id, made.outputs, { timeoutSeconds: 5 });
    expect((await cloud.databricks.read(PRINCIPAL, made.id))?.outputs).toMatchObject({ active: false });
  });
});
