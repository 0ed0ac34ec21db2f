import * as pulumi from "@pulumi/pulumi";
import * as runtime from "@pulumi/pulumi/runtime/index.js";
import { describe, expect, it } from "vitest";
import { handOnCondition } from "../../components/azure/workflow-identity.ts";
import { isSecretValue, runProgram, settled } from "../../components/testing/mocks.ts";
import { workflowIdentity } from "../../model/workflow-identities/index.ts";
import program from "./index.ts";
import { readIdentitySettings } from "./settings.ts";

const SUBSCRIPTION = "/subscriptions/41b6c1de-9c0f-4b7e-8f53-5a0f4f0c2d17";
const GROUP = `${SUBSCRIPTION}/resourceGroups/rg-state/providers`;
const settings = {
  environment: "prod",
  tenantId: "9d1b7c52-2f5e-4c5b-a0d5-0f1f6c1f9a10",
  subscriptionId: "41b6c1de-9c0f-4b7e-8f53-5a0f4f0c2d17",
  location: "westeurope",
  resourceGroup: "rg-entrada-identities-prod",
  repository: { owner: "contoso", ownerId: 11, name: "data-tools", id: 22 },
  stateContainer: `${GROUP}/Microsoft.Storage/storageAccounts/st/blobServices/default/containers/state`,
  stateKey: `${GROUP}/Microsoft.KeyVault/vaults/kv/keys/pulumi`,
  cluster: `${GROUP}/Microsoft.ContainerService/managedClusters/aks`,
};

/** Runs the program with settings as the engine hands them over. */
async function run(told: object) {
  runtime.setAllConfig(
    Object.fromEntries(
      Object.entries(told).map(([key, value]) => [
        `entrada:${key}`,
        typeof value === "string" ? value : JSON.stringify(value),
      ]),
    ),
  );
  let outputs: Record<string, unknown> = {};
  const result = await runProgram(async () => {
    const given = await program();
    for (const [key, value] of Object.entries(given))
      outputs = { ...outputs, [key]: await settled(pulumi.output(value)) };
  });
  return { ...result, outputs };
}

const ASSIGNMENT = "azure-native:authorization:RoleAssignment";
const FEDERATION = "azure-native:managedidentity:FederatedIdentityCredential";

describe("the identities' program", () => {
  it("makes two identities, with their rights and the subjects that they trust, and no secret", async () => {
    const { counts, find, outputs, resources } = await run(settings);
    expect(counts()).toEqual({
      "azure-native:resources:ResourceGroup": 1,
      "azure-native:managedidentity:UserAssignedIdentity": 2,
      [FEDERATION]: 3,
      "azure-native:authorization:RoleDefinition": 2,
      [ASSIGNMENT]: 13,
      "azuread:index/appRoleAssignment:AppRoleAssignment": 14,
    });
    expect(find(FEDERATION, "preview-prod-drift-ids").inputs).toEqual({
      resourceName: "id-entrada-preview-prod",
      resourceGroupName: "rg-entrada-identities-prod",
      federatedIdentityCredentialResourceName: "github-prod-drift-ids",
      issuer: "https://token.actions.githubusercontent.com",
      subject: "repo:contoso@11/data-tools@22:environment:prod-drift",
      audiences: ["api://AzureADTokenExchange"],
    });
    expect(find(FEDERATION, "deploy-prod-ids").inputs.subject).toBe("repo:contoso@11/data-tools@22:environment:prod");
    expect(outputs).toEqual({
      previewClientId: "client-of-preview",
      deployClientId: "client-of-deploy",
      deployer: "principal-of-deploy",
    });
    expect(resources.flatMap(({ inputs }) => Object.values(inputs)).filter(isSecretValue)).toEqual([]);
  });

  it("gives each role at its own scope, and to its own identity", async () => {
    const { find, resources } = await run(settings);
    expect(find(ASSIGNMENT, "preview-key-vault-crypto-user").inputs).toEqual({
      roleAssignmentName: expect.stringMatching(/^[0-9a-f-]{36}$/),
      scope: settings.stateKey,
      roleDefinitionId: `${SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/12338af0-0e69-4776-bea7-57ae8d297424`,
      principalId: "principal-of-preview",
      principalType: "ServicePrincipal",
    });
    expect(find(ASSIGNMENT, "deploy-contributor").inputs).toMatchObject({
      scope: SUBSCRIPTION,
      principalId: "principal-of-deploy",
    });
    const names = resources.filter(({ type }) => type === ASSIGNMENT).map(({ inputs }) => inputs.roleAssignmentName);
    expect(new Set(names).size).toBe(names.length);
    expect(find("azuread:index/appRoleAssignment:AppRoleAssignment", "preview-Policy.Read.All").inputs).toEqual({
      appRoleId: "246dd0d5-5bd0-4def-940b-0421030a5b68",
      principalObjectId: "principal-of-preview",
      resourceObjectId: "principal-of-00000003-0000-0000-c000-000000000000",
    });
  });

  it("makes a role for locks, which is all that it allows", async () => {
    const { find } = await run(settings);
    expect(
      find("azure-native:authorization:RoleDefinition", "deploy-entrada-deletion-locks-role").inputs,
    ).toMatchObject({
      scope: SUBSCRIPTION,
      roleName: "Entrada Deletion Locks (prod)",
      roleType: "CustomRole",
      permissions: [
        {
          actions: ["read", "write", "delete"].map((action) => `Microsoft.Authorization/locks/${action}`),
          notActions: [],
          dataActions: [],
          notDataActions: [],
        },
      ],
      assignableScopes: [SUBSCRIPTION],
    });
    expect(find(ASSIGNMENT, "deploy-entrada-deletion-locks").inputs).toMatchObject({
      roleDefinitionId: "/id/deploy-entrada-deletion-locks-role",
      principalId: "principal-of-deploy",
    });
  });

  it("makes a role that reads the cluster, custom resources included and Secrets left out", async () => {
    const { find } = await run(settings);
    const { inputs } = find("azure-native:authorization:RoleDefinition", "preview-entrada-cluster-reader-role");
    const cluster = "Microsoft.ContainerService/managedClusters";
    const reads = { dataActions: [`${cluster}/*/read`], notDataActions: [`${cluster}/secrets/read`] };
    expect(inputs).toMatchObject({ scope: SUBSCRIPTION, permissions: [{ actions: [], notActions: [], ...reads }] });
  });

  it("lets the deploying identity hand on its few roles alone", async () => {
    const { find, resources } = await run(settings);
    const { inputs } = find(ASSIGNMENT, "deploy-role-based-access-control-administrator");
    const handsOn = workflowIdentity("deploy").azure.find((role) => role.handsOn !== undefined)?.handsOn ?? {};
    expect(Object.keys(handsOn)).toContain("Key Vault Secrets User");
    expect(inputs).toMatchObject({
      condition: handOnCondition(Object.values(handsOn)),
      conditionVersion: "2.0",
    });
    expect(resources.filter(({ inputs: { condition } }) => condition !== undefined)).toHaveLength(1);
    expect(handOnCondition(["a", "b"])).toBe(
      "((!(ActionMatches{'Microsoft.Authorization/roleAssignments/write'})) OR (@Request[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {a, b} AND @Request[Microsoft.Authorization/roleAssignments:PrincipalType] ForAnyOfAnyValues:StringEqualsIgnoreCase {'ServicePrincipal', 'Group'})) AND ((!(ActionMatches{'Microsoft.Authorization/roleAssignments/delete'})) OR (@Resource[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {a, b} AND @Resource[Microsoft.Authorization/roleAssignments:PrincipalType] ForAnyOfAnyValues:StringEqualsIgnoreCase {'ServicePrincipal', 'Group'}))",
    );
  });

  it("trusts both forms of a repository that changes over, and needs no cluster yet", async () => {
    const { cluster, ...without } = settings;
    const { counts, resources } = await run({ ...without, subjects: "both" });
    expect(counts()).toMatchObject({ [FEDERATION]: 6, [ASSIGNMENT]: 9 });
    expect(resources.filter(({ inputs }) => inputs.scope === cluster)).toEqual([]);
  });
});

describe("its settings", () => {
  it("name every problem at once", () => {
    const wrong = { ...settings, tenantId: "contoso", stateKey: "pulumi", repository: { owner: "contoso" }, more: 1 };
    expect(() => readIdentitySettings(wrong)).toThrow(
      /- tenantId: .*\n- repository\.ownerId: .*\n- repository\.name: .*\n- repository\.id: .*\n- stateKey: has to be an Azure resource id.*\n- configuration: .*"more"/,
    );
  });

  it("take numbers as the configuration has them, as text", () => {
    const repository = { ...settings.repository, id: "22" };
    expect(readIdentitySettings({ ...settings, repository })).toMatchObject({
      subjects: "ids",
      repository: { id: 22 },
    });
  });
});
