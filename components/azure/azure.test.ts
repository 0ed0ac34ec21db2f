import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { isSecretValue, runProgram, settled } from "../testing/mocks.ts";
import { Vault, type VaultArgs, vaultProperties } from "./vault.ts";
import { VaultAccess } from "./vault-access.ts";
import { onlySecret, VaultSecret, versionOf } from "./vault-secret.ts";
import { WorkloadIdentity } from "./workload-identity.ts";

const args: VaultArgs = {
  vaultName: "kv-dev-3fa9c1",
  resourceGroup: "rg-entrada-dev",
  location: "westeurope",
  tenantId: "9d1b7c52-2f5e-4c5b-a0d5-0f1f6c1f9a10",
};

describe("Vault", () => {
  it("makes its resource group and a closed vault that only roles open", async () => {
    const run = await runProgram(() => {
      new Vault("vault", args);
    });
    expect(run.counts()).toEqual({ "azure-native:resources:ResourceGroup": 1, "azure-native:keyvault:Vault": 1 });
    expect(run.find("azure-native:keyvault:Vault", "vault").inputs).toMatchObject({
      vaultName: "kv-dev-3fa9c1",
      resourceGroupName: "rg-entrada-dev",
      location: "westeurope",
      properties: {
        tenantId: args.tenantId,
        sku: { family: "A", name: "standard" },
        enableRbacAuthorization: true,
        enableSoftDelete: true,
        softDeleteRetentionInDays: 90,
        enablePurgeProtection: true,
        publicNetworkAccess: "disabled",
        networkAcls: { bypass: "AzureServices", defaultAction: "Deny", ipRules: [], virtualNetworkRules: [] },
      },
    });
  });

  it("takes an existing resource group", async () => {
    const run = await runProgram(() => {
      new Vault("vault", { ...args, resourceGroup: { existing: "rg-data" } });
    });
    expect(run.counts()).toEqual({ "azure-native:keyvault:Vault": 1 });
    expect(run.find("azure-native:keyvault:Vault", "vault").inputs.resourceGroupName).toBe("rg-data");
  });

  it.each([
    { publicAccess: true, allowedIps: [], access: "enabled", action: "Allow", rules: [] },
    {
      publicAccess: true,
      allowedIps: ["203.0.113.7"],
      access: "enabled",
      action: "Deny",
      rules: [{ value: "203.0.113.7" }],
    },
    { publicAccess: false, allowedIps: ["203.0.113.7"], access: "disabled", action: "Deny", rules: [] },
  ])(
    "opens as far as publicAccess $publicAccess with $allowedIps says",
    ({ publicAccess, allowedIps, access, action, rules }) => {
      expect(vaultProperties({ ...args, publicAccess, allowedIps })).toMatchObject({
        publicNetworkAccess: access,
        networkAcls: { defaultAction: action, ipRules: rules },
      });
    },
  );
});

describe("VaultSecret", () => {
  const secretArgs = {
    vault: { name: "kv", resourceGroupName: "rg" },
    secretName: "redis",
    expires: "2027-02-10T00:00:00Z",
  };

  it("writes a secret value with its end, and gives its version in plain", async () => {
    let version: string | undefined;
    let hidden: boolean | undefined;
    const run = await runProgram(async () => {
      const secret = new VaultSecret("redis", { ...secretArgs, value: pulumi.secret("hunter2") });
      version = await settled(secret.version);
      hidden = await pulumi.isSecret(secret.version);
    });
    const { properties } = run.find("azure-native:keyvault:Secret", "redis").inputs;
    expect(isSecretValue(properties) && properties.value).toEqual({
      value: "hunter2",
      attributes: { enabled: true, expires: 1802217600 },
    });
    expect([version, hidden]).toEqual(["version-of-redis", false]);
  });

  it("refuses a value that is not marked secret, without repeating it", async () => {
    const refused: unknown = await onlySecret("redis", pulumi.output("hunter2")).catch((error: unknown) => error);
    expect(pulumi.RunError.isInstance(refused)).toBe(true);
    expect(String(refused)).toContain('The value of vault secret "redis" is not marked secret');
    expect(String(refused)).not.toContain("hunter2");
  });

  it("reads the version from the secret's address", () => {
    expect(versionOf("https://kv.vault.azure.net/secrets/redis/0123abcd")).toBe("0123abcd");
  });
});

describe("VaultAccess", () => {
  it("lets an identity read named secrets and no other", async () => {
    const run = await runProgram(() => {
      new VaultAccess("superset-access", {
        vaultId: "/vaults/kv",
        vaultName: "kv",
        subscriptionId: "41b6c1de-9c0f-4b7e-8f53-5a0f4f0c2d17",
        principalId: "principal",
        secretNames: ["redis", "database"],
      });
    });
    const assignments = run.resources.filter(({ type }) => type === "azure-native:authorization:RoleAssignment");
    expect(assignments.map(({ inputs }) => inputs.scope)).toEqual([
      "/vaults/kv/secrets/redis",
      "/vaults/kv/secrets/database",
    ]);
    expect(assignments[0]?.inputs).toEqual({
      roleAssignmentName: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/),
      scope: "/vaults/kv/secrets/redis",
      roleDefinitionId:
        "/subscriptions/41b6c1de-9c0f-4b7e-8f53-5a0f4f0c2d17/providers/Microsoft.Authorization/roleDefinitions/4633458b-17de-408a-b874-0445c86b69e6",
      principalId: "principal",
      principalType: "ServicePrincipal",
    });
    const names = new Set(assignments.map(({ inputs }) => inputs.roleAssignmentName));
    expect(names.size).toBe(2);
  });
});

describe("WorkloadIdentity", () => {
  it("trusts the tokens of its service accounts, written one after the other", async () => {
    const order: string[] = [];
    const run = await runProgram(() => {
      const identity = new WorkloadIdentity("tool-identity", {
        identityName: "id-tool-dev",
        resourceGroupName: "rg",
        location: "westeurope",
        issuer: "https://oidc.contoso.com/cluster-1",
        serviceAccounts: [
          { namespace: "tool", name: "web" },
          { namespace: "tool", name: "worker" },
        ],
      });
      for (const federation of identity.federations)
        federation.urn.apply((urn) => order.push(urn.split("::").at(-1) ?? ""));
    });
    expect(run.counts()).toEqual({
      "azure-native:managedidentity:UserAssignedIdentity": 1,
      "azure-native:managedidentity:FederatedIdentityCredential": 2,
    });
    expect(
      run.find("azure-native:managedidentity:FederatedIdentityCredential", "tool-identity-tool-web").inputs,
    ).toEqual({
      resourceName: "id-tool-dev",
      resourceGroupName: "rg",
      federatedIdentityCredentialResourceName: "tool-web",
      issuer: "https://oidc.contoso.com/cluster-1",
      subject: "system:serviceaccount:tool:web",
      audiences: ["api://AzureADTokenExchange"],
    });
    expect(order).toEqual(["tool-identity-tool-web", "tool-identity-tool-worker"]);
  });
});
