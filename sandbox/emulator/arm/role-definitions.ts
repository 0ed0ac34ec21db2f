/** A built-in role (https://learn.microsoft.com/azure/role-based-access-control/built-in-roles), as far as the sandbox evaluates it. */
export interface RoleDefinition {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly actions: readonly string[];
  readonly notActions: readonly string[];
  readonly dataActions: readonly string[];
}

const role = (
  id: string,
  name: string,
  description: string,
  rights: Partial<Pick<RoleDefinition, "actions" | "notActions" | "dataActions">>,
): RoleDefinition => ({ id, name, description, actions: [], notActions: [], dataActions: [], ...rights });

const AUTHORIZATION_WRITES = [
  "Microsoft.Authorization/*/Delete",
  "Microsoft.Authorization/*/Write",
  "Microsoft.Authorization/elevateAccess/Action",
];
const VAULT = "Microsoft.KeyVault/vaults";
const VAULT_READS = [
  "Microsoft.KeyVault/checkNameAvailability/read",
  "Microsoft.KeyVault/deletedVaults/read",
  `${VAULT}/read`,
];

/** The roles that can be assigned in the sandbox. Rights on hosts that it does not emulate (AKS, registries, networks) are left out. */
export const ROLE_DEFINITIONS: readonly RoleDefinition[] = [
  role("8e3af657-a8ff-443c-a75c-2fe8c4bcb635", "Owner", "Full access, role assignments included.", { actions: ["*"] }),
  role("b24988ac-6180-42a0-ab88-20f7382dd24c", "Contributor", "Full access, but no role assignments.", {
    actions: ["*"],
    notActions: AUTHORIZATION_WRITES,
  }),
  role("acdd72a7-3385-48ef-bd42-f606fba81ae7", "Reader", "Reads every resource.", { actions: ["*/read"] }),
  role("18d7d88d-d35e-4fb5-a5c3-7773c20a72d9", "User Access Administrator", "Manages access to resources.", {
    actions: ["*/read", "Microsoft.Authorization/*"],
  }),
  role("f58310d9-a9f6-439a-9e8d-f62e7b41a168", "Role Based Access Control Administrator", "Assigns roles.", {
    actions: [
      "*/read",
      "Microsoft.Authorization/roleAssignments/write",
      "Microsoft.Authorization/roleAssignments/delete",
    ],
  }),
  role("00482a5a-887f-4fb3-b363-3b7fe8e74483", "Key Vault Administrator", "All data plane operations on a vault.", {
    actions: ["Microsoft.Authorization/*/read", ...VAULT_READS],
    dataActions: [`${VAULT}/*`],
  }),
  role("b86a8fe4-44ce-4948-aee5-eccb2c155cd7", "Key Vault Secrets Officer", "All operations on secrets.", {
    actions: ["Microsoft.Authorization/*/read", ...VAULT_READS],
    dataActions: [`${VAULT}/secrets/*`],
  }),
  role("4633458b-17de-408a-b874-0445c86b69e6", "Key Vault Secrets User", "Reads the values of secrets.", {
    dataActions: [`${VAULT}/secrets/getSecret/action`, `${VAULT}/secrets/readMetadata/action`],
  }),
  role("21090545-7ca7-4776-b22c-e363652d74d2", "Key Vault Reader", "Reads metadata, no values.", {
    actions: ["Microsoft.Authorization/*/read", ...VAULT_READS],
    dataActions: [`${VAULT}/*/read`, `${VAULT}/secrets/readMetadata/action`],
  }),
  role("f25e0fa2-a7c8-4377-a976-54943a77a395", "Key Vault Contributor", "Manages vaults, gives no access to secrets.", {
    actions: [
      "Microsoft.Authorization/*/read",
      "Microsoft.KeyVault/*",
      "Microsoft.Resources/subscriptions/resourceGroups/read",
    ],
  }),
  role("a4417e6f-fecd-4de8-b567-7b0420556985", "Key Vault Certificates Officer", "All operations on certificates.", {
    dataActions: [`${VAULT}/certificatecas/*`, `${VAULT}/certificates/*`],
  }),
  role("12338af0-0e69-4776-bea7-57ae8d297424", "Key Vault Crypto User", "Uses keys.", {
    dataActions: [`${VAULT}/keys/read`, `${VAULT}/keys/encrypt/action`, `${VAULT}/keys/decrypt/action`],
  }),
  role("14b46e9e-c2b7-41b4-b07b-48a6ebf60603", "Key Vault Crypto Officer", "All operations on keys.", {
    dataActions: [`${VAULT}/keys/*`],
  }),
  role("e147488a-f6f5-4113-8e2d-b22465e65bf6", "Key Vault Crypto Service Encryption User", "Wraps with keys.", {
    dataActions: [`${VAULT}/keys/read`, `${VAULT}/keys/wrap/action`, `${VAULT}/keys/unwrap/action`],
  }),
  role("f1a07417-d97a-45cb-824c-7a7467783830", "Managed Identity Operator", "Reads and assigns identities.", {
    actions: [
      "Microsoft.ManagedIdentity/userAssignedIdentities/*/read",
      "Microsoft.ManagedIdentity/userAssignedIdentities/*/assign/action",
    ],
  }),
  role("4d97b98b-1d4f-4787-a291-c67834d212e7", "Network Contributor", "Manages networks.", {
    actions: ["Microsoft.Network/*"],
  }),
  role("befefa01-2a29-4197-83a8-272ff33ce314", "DNS Zone Contributor", "Manages DNS zones and their records.", {
    actions: ["Microsoft.Authorization/*/read", "Microsoft.Network/dnsZones/*"],
  }),
  role("4abbcc35-e782-43d8-92c5-2d3f1bd2253f", "Azure Kubernetes Service Cluster User Role", "Lists a kubeconfig.", {
    actions: [
      "Microsoft.ContainerService/managedClusters/listClusterUserCredential/action",
      "Microsoft.ContainerService/managedClusters/read",
    ],
  }),
  // What it may do lies inside the cluster, where the sandbox has roles of its own.
  role(
    "b1ff04bb-8a4e-4dc4-8eb5-8693973ce19b",
    "Azure Kubernetes Service RBAC Cluster Admin",
    "Everything in a cluster.",
    {
      dataActions: ["Microsoft.ContainerService/managedClusters/*"],
    },
  ),
  role("ba92f5b4-2d11-453d-a403-e96b0029c9fe", "Storage Blob Data Contributor", "Reads and writes blobs.", {
    actions: ["Microsoft.Storage/storageAccounts/blobServices/containers/*"],
    dataActions: ["Microsoft.Storage/storageAccounts/blobServices/containers/blobs/*"],
  }),
  role("2a2b9908-6ea1-4ae2-8e65-a410df84e7d1", "Storage Blob Data Reader", "Reads blobs.", {
    actions: ["Microsoft.Storage/storageAccounts/blobServices/containers/read"],
    dataActions: ["Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read"],
  }),
  role("7f951dda-4ed3-4680-a7ca-43fe172d538d", "AcrPull", "Pulls images from a registry.", {
    actions: ["Microsoft.ContainerRegistry/registries/pull/read"],
  }),
];

/** The role of a definition id in any of its forms (`/subscriptions/…/roleDefinitions/<guid>`). */
export function findRoleDefinition(definitionId: string): RoleDefinition | undefined {
  const id = definitionId.toLowerCase().split("/").at(-1);
  return ROLE_DEFINITIONS.find((definition) => definition.id === id);
}
