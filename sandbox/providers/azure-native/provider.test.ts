import { expect, test } from "vitest";
import { SUBSCRIPTION, TENANT } from "../../emulator/testing.ts";
import { PartialFailure } from "../protocol/errors.ts";
import { type PropertyMap, UNKNOWN } from "../protocol/types.ts";
import { deploy, redeploy, refTo, type TestCloud, testCloud } from "../testing.ts";

const GROUP = refTo("azure-native:resources:ResourceGroup");
const VAULT = refTo("azure-native:keyvault:Vault");
const SECRET = refTo("azure-native:keyvault:Secret");
const IDENTITY = refTo("azure-native:managedidentity:UserAssignedIdentity");
const FEDERATED = refTo("azure-native:managedidentity:FederatedIdentityCredential");
const ASSIGNMENT = refTo("azure-native:authorization:RoleAssignment");

const GROUP_ARGS: PropertyMap = { resourceGroupName: "rg-data", location: "West Europe", tags: { team: "bi" } };
const VAULT_ARGS: PropertyMap = {
  resourceGroupName: "rg-data",
  vaultName: "kv-data-1",
  properties: {
    tenantId: TENANT,
    sku: { family: "A", name: "standard" },
    enableRbacAuthorization: true,
    enablePurgeProtection: true,
  },
};
const armId = (path: string) => `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-data${path}`;
const withGroup = async (cloud: TestCloud) => deploy(cloud.azureNative, GROUP, GROUP_ARGS);

test("a resource group is made, read without a difference, tagged anew and deleted", async () => {
  const cloud = testCloud();
  const group = await withGroup(cloud);
  expect(group.id.toLowerCase()).toBe(armId("").toLowerCase());
  expect(group.outputs).toMatchObject({
    name: "rg-data",
    type: "Microsoft.Resources/resourceGroups",
    location: "West Europe",
    properties: { provisioningState: "Succeeded" },
  });
  expect((await cloud.azureNative.read(GROUP, group.id, group))?.inputs).toEqual(group.inputs);
  const changed = await redeploy(cloud.azureNative, GROUP, group, { ...GROUP_ARGS, tags: { team: "ops" } });
  expect(changed.diff).toEqual({ changes: { "tags.team": "update" }, deleteBeforeReplace: true });
  expect(changed.outputs.tags).toEqual({ team: "ops" });
  const moved = await cloud.azureNative.diff(GROUP, group.id, group, { ...GROUP_ARGS, location: "northeurope" });
  expect(moved).toEqual({ changes: { location: "update-replace" }, deleteBeforeReplace: true });
  const renamed = await cloud.azureNative.diff(GROUP, group.id, group, { ...GROUP_ARGS, resourceGroupName: "rg-2" });
  expect(renamed).toEqual({ changes: { resourceGroupName: "update-replace" }, deleteBeforeReplace: false });
  await cloud.azureNative.delete(GROUP, group.id, group.outputs, { timeoutSeconds: 60 });
  expect(await cloud.azureNative.read(GROUP, group.id, group)).toBeUndefined();
});

test("what is there already is not taken over", async () => {
  const cloud = testCloud();
  const group = await withGroup(cloud);
  await expect(withGroup(cloud)).rejects.toThrow("cannot create already existing resource");
  expect(await cloud.azureNative.find(GROUP, GROUP_ARGS)).toBe(group.id);
  expect(await cloud.azureNative.find(GROUP, { ...GROUP_ARGS, resourceGroupName: "other" })).toBeUndefined();
  expect(await cloud.azureNative.find(GROUP, { resourceGroupName: UNKNOWN })).toBeUndefined();
});

test("a name that the program leaves out is made up once", async () => {
  const { azureNative } = testCloud();
  const ref = refTo("azure-native:resources:ResourceGroup", "data");
  const { inputs } = await azureNative.check(ref, undefined, { location: "westeurope" });
  expect(inputs.resourceGroupName).toMatch(/^data[0-9a-f]{8}$/);
  expect((await azureNative.check(ref, inputs, { location: "westeurope" })).inputs).toEqual(inputs);
  const assignment = { principalId: "p", roleDefinitionId: "r", scope: "/s" };
  expect((await azureNative.check(ASSIGNMENT, undefined, assignment)).inputs.roleAssignmentName).toMatch(
    /^[0-9a-f-]{36}$/,
  );
});

test("a vault lies where its resource group lies; its drift is told, Azure's additions are not", async () => {
  const cloud = testCloud();
  await withGroup(cloud);
  const vault = await deploy(cloud.azureNative, VAULT, VAULT_ARGS);
  expect(vault.id.toLowerCase()).toBe(armId("/providers/Microsoft.KeyVault/vaults/kv-data-1").toLowerCase());
  expect(vault.outputs).toMatchObject({
    name: "kv-data-1",
    properties: { vaultUri: "https://kv-data-1.vault.azure.net/", enablePurgeProtection: true },
  });
  expect(String(vault.outputs.location).replaceAll(" ", "").toLowerCase()).toBe("westeurope");
  expect((await cloud.azureNative.read(VAULT, vault.id, vault))?.inputs).toEqual(vault.inputs);
  cloud.world.context.store.mutate((data) => {
    const stored = data.armResources[vault.id.toLowerCase()];
    if (stored) stored.properties.publicNetworkAccess = "Disabled";
    if (stored) stored.properties.sku = { family: "A", name: "premium" };
  });
  const drifted = await cloud.azureNative.read(VAULT, vault.id, vault);
  const { changes } = await cloud.azureNative.diff(VAULT, vault.id, drifted ?? vault, vault.inputs);
  expect(changes).toEqual({ "properties.sku.name": "update" });
  const { failures } = await cloud.azureNative.check(VAULT, undefined, {
    resourceGroupName: "rg",
    properties: { tenantId: "t", purge: true },
  });
  expect(failures.map(({ property }) => property).sort()).toEqual([
    "properties.purge",
    "properties.sku",
    "properties.tenantId",
  ]);
});

test("a preview tells what only Azure says inside properties", async () => {
  const cloud = testCloud();
  const planned = await cloud.azureNative.create(VAULT, VAULT_ARGS, { preview: true, timeoutSeconds: 10 });
  expect(planned.outputs).toMatchObject({
    name: UNKNOWN,
    properties: { vaultUri: UNKNOWN, enablePurgeProtection: true },
  });
  await withGroup(cloud);
  const vault = await deploy(cloud.azureNative, VAULT, VAULT_ARGS);
  const news = { ...vault.inputs, tags: { team: "bi" } };
  const changed = await cloud.azureNative.update(VAULT, vault.id, vault, news, { preview: true, timeoutSeconds: 10 });
  expect(changed).toMatchObject({
    name: "kv-data-1",
    tags: { team: "bi" },
    properties: { vaultUri: "https://kv-data-1.vault.azure.net/", provisioningState: UNKNOWN },
  });
});

test("a secret's value goes in and never comes back; it is deleted through the vault and recovered", async () => {
  const cloud = testCloud();
  await withGroup(cloud);
  await deploy(cloud.azureNative, VAULT, VAULT_ARGS);
  const scope = armId("/providers/Microsoft.KeyVault/vaults/kv-data-1");
  const officer = "b86a8fe4-44ce-4948-aee5-eccb2c155cd7";
  await deploy(cloud.azureNative, ASSIGNMENT, {
    scope,
    principalId: cloud.world.deployer.objectId,
    principalType: "ServicePrincipal",
    roleDefinitionId: `/subscriptions/${SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/${officer}`,
  });
  const args: PropertyMap = {
    resourceGroupName: "rg-data",
    vaultName: "kv-data-1",
    secretName: "session-key",
    properties: {
      value: "hush-hush",
      contentType: "text/plain",
      attributes: { enabled: true, expires: 1_900_000_000 },
    },
  };
  const secret = await deploy(cloud.azureNative, SECRET, args);
  expect(JSON.stringify(secret.outputs)).not.toContain("hush-hush");
  expect(secret.outputs).toMatchObject({
    name: "session-key",
    properties: { contentType: "text/plain", attributes: { expires: 1_900_000_000 } },
  });
  expect((await cloud.azureNative.read(SECRET, secret.id, secret))?.inputs).toEqual(secret.inputs);
  const changed = await redeploy(cloud.azureNative, SECRET, secret, { ...args, properties: { value: "other" } });
  expect(changed.diff.changes).toEqual({
    "properties.value": "update",
    "properties.contentType": "delete",
    "properties.attributes": "delete",
  });

  await cloud.azureNative.delete(SECRET, secret.id, secret.outputs, { timeoutSeconds: 60 });
  expect(cloud.requests.at(-1)).toMatch(/^(DELETE|GET) \/secrets\/session-key$/);
  expect(await cloud.azureNative.read(SECRET, secret.id, secret)).toBeUndefined();
  const again = await deploy(cloud.azureNative, SECRET, args);
  expect(again.id).toBe(secret.id);
});

test("an identity trusts an issuer", async () => {
  const cloud = testCloud();
  await withGroup(cloud);
  const identity = await deploy(cloud.azureNative, IDENTITY, {
    resourceGroupName: "rg-data",
    resourceName: "superset",
  });
  expect(identity.outputs).toMatchObject({
    tenantId: TENANT,
    clientId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    principalId: expect.stringMatching(/^[0-9a-f-]{36}$/),
  });
  const args: PropertyMap = {
    resourceGroupName: "rg-data",
    resourceName: "superset",
    federatedIdentityCredentialResourceName: "cluster",
    issuer: "https://oidc.contoso.example/1",
    subject: "system:serviceaccount:bi:superset",
    audiences: ["api://AzureADTokenExchange"],
  };
  const credential = await deploy(cloud.azureNative, FEDERATED, args);
  expect((await cloud.azureNative.read(FEDERATED, credential.id, credential))?.inputs).toEqual(args);
  expect((await cloud.azureNative.read(FEDERATED, credential.id))?.inputs).toMatchObject(args);
  const changed = await redeploy(cloud.azureNative, FEDERATED, credential, {
    ...args,
    subject: "system:serviceaccount:bi:web",
  });
  expect([changed.diff.changes, changed.outputs.subject]).toEqual([
    { subject: "update" },
    "system:serviceaccount:bi:web",
  ]);
  await cloud.azureNative.delete(FEDERATED, credential.id, credential.outputs, { timeoutSeconds: 60 });
  expect(await cloud.azureNative.find(FEDERATED, args)).toBeUndefined();
});

test("a role assignment is replaced before its namesake, and waits for a fresh principal", async () => {
  const cloud = testCloud();
  await withGroup(cloud);
  const identity = await deploy(cloud.azureNative, IDENTITY, {
    resourceGroupName: "rg-data",
    resourceName: "superset",
  });
  const args: PropertyMap = {
    scope: armId(""),
    roleAssignmentName: "6f0d1f44-7a4e-4b6e-9c52-4b8d4f6d0001",
    principalId: identity.outputs.principalId,
    principalType: "ServicePrincipal",
    roleDefinitionId: "/providers/Microsoft.Authorization/roleDefinitions/4633458b-17de-408a-b874-0445c86b69e6",
  };
  cloud.interrupt((method) => method === "PUT", 400, { error: { code: "PrincipalNotFound", message: "not yet" } });
  const assignment = await deploy(cloud.azureNative, ASSIGNMENT, args);
  expect((await cloud.azureNative.read(ASSIGNMENT, assignment.id, assignment))?.inputs).toEqual(args);
  const other = await cloud.azureNative.diff(ASSIGNMENT, assignment.id, assignment, {
    ...args,
    principalId: cloud.world.person("ana.lima"),
  });
  expect(other).toEqual({ changes: { principalId: "update-replace" }, deleteBeforeReplace: true });
  await cloud.azureNative.delete(ASSIGNMENT, assignment.id, assignment.outputs, { timeoutSeconds: 60 });
  expect(await cloud.azureNative.find(ASSIGNMENT, args)).toBeUndefined();
});

test("a long-running operation is waited for, and its failure keeps what is there", async () => {
  const cloud = testCloud();
  await withGroup(cloud);
  cloud.interrupt((method, url) => method === "PUT" && url.pathname.includes("/vaults/"), 201, {
    properties: { provisioningState: "Failed" },
    error: { code: "Quota", message: "too many" },
  });
  await expect(deploy(cloud.azureNative, VAULT, VAULT_ARGS)).rejects.toSatisfy(
    (error) => error instanceof PartialFailure && error.message.includes("Quota too many"),
  );
});

test("a provider for another tenant or subscription is refused", async () => {
  const { azureNative, azuread } = testCloud();
  await azureNative.configure({ tenantId: TENANT, subscriptionId: SUBSCRIPTION });
  await expect(azureNative.configure({ subscriptionId: "other" })).rejects.toThrow("entrada:subscriptionId");
  await expect(azuread.configure({ tenantId: "other" })).rejects.toThrow("entrada:tenantId");
  await expect(azureNative.check(refTo("azure-native:sql:Server"), undefined, {})).rejects.toThrow(
    'no resource type "azure-native:sql:Server"',
  );
});
