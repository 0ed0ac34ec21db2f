import { readFile } from "node:fs/promises";
import { AuthorizationManagementClient } from "@azure/arm-authorization";
import { ResourceManagementClient } from "@azure/arm-resources";
import {
  ClientAssertionCredential,
  EnvironmentCredential,
  type TokenCredential,
  WorkloadIdentityCredential,
} from "@azure/identity";
import { SecretClient } from "@azure/keyvault-secrets";
import { collect, refusal, runSteps, variable } from "./program.ts";

const tenantId = variable("AZURE_TENANT_ID");
const subscription = variable("AZURE_SUBSCRIPTION_ID");
const tokenFilePath = variable("POD_TOKEN_FILE");
const SCOPE = `/subscriptions/${subscription}`;
const GROUP = "rg-entrada";
const GROUP_ID = `${SCOPE}/resourceGroups/${GROUP}`;
const VAULT_ID = `${GROUP_ID}/providers/Microsoft.KeyVault/vaults/kv-sandbox-1`;
const IDENTITY_ID = `${GROUP_ID}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-superset`;
const READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7";
const OFFICER = "b86a8fe4-44ce-4948-aee5-eccb2c155cd7";
const SECRETS_USER = "4633458b-17de-408a-b874-0445c86b69e6";

const deployer = new EnvironmentCredential();
const { resourceGroups, resources } = new ResourceManagementClient(deployer, subscription);
const { roleAssignments, roleDefinitions } = new AuthorizationManagementClient(deployer, subscription);
const secretsAs = (credential: TokenCredential) => new SecretClient("https://kv-sandbox-1.vault.azure.net", credential);
const identity = { principalId: "", clientId: "" };

const assign = (principalId: string, role: string, scope: string, number: number) =>
  roleAssignments.create(scope, `aaaaaaaa-0000-4000-8000-00000000000${number}`, {
    principalId,
    roleDefinitionId: `${SCOPE}/providers/Microsoft.Authorization/roleDefinitions/${role}`,
  });

await runSteps({
  groups: async () => {
    await resourceGroups.createOrUpdate(GROUP, { location: "westeurope" });
    await resourceGroups.createOrUpdate("rg-short", { location: "westeurope", tags: { owner: "bi" } });
    const names = await collect(resourceGroups.list(), ({ name }) => name);
    const existence = await resourceGroups.checkExistence("rg-short");
    await resourceGroups.beginDeleteAndWait("rg-short", { updateIntervalInMs: 100 });
    return { names, exists: existence.body, after: await refusal(resourceGroups.get("rg-short")) };
  },
  resources: async () => {
    const vault = await resources.beginCreateOrUpdateByIdAndWait(
      VAULT_ID,
      "2024-11-01",
      {
        location: "westeurope",
        properties: { tenantId, sku: { family: "A", name: "standard" }, enableRbacAuthorization: true },
      },
      { updateIntervalInMs: 100 },
    );
    const made = await resources.beginCreateOrUpdateByIdAndWait(IDENTITY_ID, "2023-01-31", { location: "westeurope" });
    Object.assign(identity, made.properties);
    await resources.beginCreateOrUpdateByIdAndWait(
      `${IDENTITY_ID}/federatedIdentityCredentials/superset`,
      "2023-01-31",
      {
        properties: {
          issuer: variable("CLUSTER_ISSUER"),
          subject: "system:serviceaccount:superset:superset",
          audiences: ["api://AzureADTokenExchange"],
        },
      },
    );
    const types = await collect(resources.listByResourceGroup(GROUP), ({ type }) => type);
    return { state: vault.properties?.provisioningState, types };
  },
  roles: async () => {
    const filter = "roleName eq 'Key Vault Secrets Officer'";
    const found = await collect(roleDefinitions.list(SCOPE, { filter }), ({ name }) => name);
    const made = await assign(identity.principalId, READER, GROUP_ID, 1);
    const again = await refusal(assign(identity.principalId, READER, GROUP_ID, 2));
    const principals = await collect(roleAssignments.listForResourceGroup(GROUP), ({ principalId }) => principalId);
    return {
      found,
      principalType: made.principalType,
      again,
      listed: principals.includes(identity.principalId),
    };
  },
  secrets: async () => {
    const secrets = secretsAs(deployer);
    const before = await refusal(secrets.setSecret("key", "planted"));
    const [own] = await collect(roleAssignments.listForSubscription(), ({ principalId }) => principalId ?? "");
    await assign(own ?? "", OFFICER, VAULT_ID, 3);
    const first = await secrets.setSecret("key", "planted-1", { contentType: "text/plain", tags: { a: "1" } });
    await secrets.setSecret("key", "planted-2", { expiresOn: new Date("2027-01-01T00:00:00Z") });
    const present = await secrets.getSecret("key");
    const old = await secrets.getSecret("key", { version: first.properties.version ?? "" });
    const versions = await collect(secrets.listPropertiesOfSecretVersions("key"), ({ version }) => version);
    await (await secrets.beginDeleteSecret("key", { intervalInMs: 50 })).pollUntilDone();
    const deleted = await refusal(secrets.getSecret("key"));
    await (await secrets.beginRecoverDeletedSecret("key", { intervalInMs: 50 })).pollUntilDone();
    const recovered = await secrets.getSecret("key");
    await (await secrets.beginDeleteSecret("key", { intervalInMs: 50 })).pollUntilDone();
    await secrets.purgeDeletedSecret("key");
    const purged = await refusal(secrets.getDeletedSecret("key"));
    return {
      before,
      values: [present.value, old.value, recovered.value],
      expires: present.properties.expiresOn,
      versions: versions.length,
      deleted,
      purged,
    };
  },
  workload: async () => {
    await resources.beginCreateOrUpdateByIdAndWait(`${VAULT_ID}/secrets/session`, "2024-11-01", {
      properties: { value: "planted" },
    });
    const { clientId } = identity;
    const pod = secretsAs(new WorkloadIdentityCredential({ tenantId, clientId, tokenFilePath }));
    const before = await refusal(pod.getSecret("session"));
    await assign(identity.principalId, SECRETS_USER, `${VAULT_ID}/secrets/session`, 4);
    const assertion = () => readFile(tokenFilePath, "utf8");
    const callback = secretsAs(new ClientAssertionCredential(tenantId, clientId, assertion));
    const otherFile = { tenantId, clientId, tokenFilePath: variable("OTHER_TOKEN_FILE") };
    return {
      before,
      values: [(await pod.getSecret("session")).value, (await callback.getSecret("session")).value],
      write: await refusal(pod.setSecret("session", "x")),
      other: await refusal(secretsAs(new WorkloadIdentityCredential(otherFile)).getSecret("session")),
    };
  },
});
