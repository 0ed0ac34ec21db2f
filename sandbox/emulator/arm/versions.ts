import { armBadRequest } from "./errors.ts";

const RESOURCES = [
  "2019-10-01",
  "2020-01-01",
  "2020-06-01",
  "2021-01-01",
  "2021-04-01",
  "2022-09-01",
  "2022-12-01",
  "2023-07-01",
  "2024-03-01",
  "2024-07-01",
  "2024-11-01",
  "2025-03-01",
  "2025-04-01",
];
const KEY_VAULT = ["2022-07-01", "2023-02-01", "2023-07-01", "2024-11-01"];
const STORAGE = ["2024-01-01"];
const MANAGED_IDENTITY = ["2023-01-31", "2024-11-30"];
const NETWORK = ["2024-03-01", "2024-05-01", "2024-07-01"];
const DATABRICKS = ["2026-01-01"];
const CONTAINERS = ["2025-09-01"];
const POSTGRES = ["2025-08-01"];
const REDIS = ["2025-07-01"];
const PRIVATE_DNS = ["2020-06-01", "2024-06-01"];
const DNS = ["2018-05-01", "2023-07-01-preview"];

/** The resource types that the sandbox knows, with the api-versions in which their shapes are as emulated. */
const API_VERSIONS = {
  "Microsoft.Resources/subscriptions": RESOURCES,
  "Microsoft.Resources/tenants": RESOURCES,
  "Microsoft.Resources/resourceGroups": RESOURCES,
  "Microsoft.Resources/resources": RESOURCES,
  "Microsoft.Resources/providers": RESOURCES,
  "Microsoft.KeyVault/vaults": KEY_VAULT,
  "Microsoft.KeyVault/vaults/secrets": KEY_VAULT,
  "Microsoft.KeyVault/vaults/keys": KEY_VAULT,
  "Microsoft.KeyVault/deletedVaults": KEY_VAULT,
  "Microsoft.KeyVault/checkNameAvailability": KEY_VAULT,
  "Microsoft.KeyVault/operationResults": KEY_VAULT,
  "Microsoft.Storage/storageAccounts": STORAGE,
  "Microsoft.Storage/storageAccounts/blobServices": STORAGE,
  "Microsoft.Storage/storageAccounts/blobServices/containers": STORAGE,
  "Microsoft.ManagedIdentity/userAssignedIdentities": ["2018-11-30", ...MANAGED_IDENTITY],
  "Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials": MANAGED_IDENTITY,
  "Microsoft.Network/networkSecurityGroups": NETWORK,
  "Microsoft.Network/publicIPAddresses": NETWORK,
  "Microsoft.Network/natGateways": NETWORK,
  "Microsoft.Network/virtualNetworks": NETWORK,
  "Microsoft.Network/virtualNetworks/subnets": NETWORK,
  "Microsoft.Network/privateEndpoints": NETWORK,
  "Microsoft.Network/privateEndpoints/privateDnsZoneGroups": NETWORK,
  "Microsoft.Network/privateDnsZones": PRIVATE_DNS,
  "Microsoft.Network/privateDnsZones/virtualNetworkLinks": PRIVATE_DNS,
  "Microsoft.Network/dnszones": DNS,
  "Microsoft.Network/dnszones/CAA": DNS,
  "Microsoft.Network/operationResults": [...NETWORK, ...PRIVATE_DNS],
  "Microsoft.ContainerService/managedClusters": CONTAINERS,
  "Microsoft.ContainerService/managedClusters/agentPools": CONTAINERS,
  "Microsoft.ContainerService/managedClusters/maintenanceConfigurations": CONTAINERS,
  "Microsoft.ContainerService/operationResults": CONTAINERS,
  "Microsoft.DBforPostgreSQL/flexibleServers": POSTGRES,
  "Microsoft.DBforPostgreSQL/flexibleServers/databases": POSTGRES,
  "Microsoft.DBforPostgreSQL/flexibleServers/administrators": POSTGRES,
  "Microsoft.DBforPostgreSQL/flexibleServers/configurations": POSTGRES,
  "Microsoft.DBforPostgreSQL/operationResults": POSTGRES,
  "Microsoft.Cache/redisEnterprise": REDIS,
  "Microsoft.Cache/redisEnterprise/databases": REDIS,
  "Microsoft.Cache/operationResults": REDIS,
  "Microsoft.Consumption/budgets": ["2023-11-01", "2024-08-01"],
  "microsoft.aadiam/diagnosticSettings": ["2017-04-01"],
  "Microsoft.Authorization/locks": ["2016-09-01", "2020-05-01"],
  "Microsoft.Databricks/workspaces": DATABRICKS,
  "Microsoft.Databricks/operationResults": DATABRICKS,
  "Microsoft.OperationalInsights/workspaces": ["2022-10-01", "2023-09-01"],
  "Microsoft.Insights/diagnosticSettings": ["2021-05-01-preview"],
  "Microsoft.Authorization/roleAssignments": ["2020-04-01-preview", "2022-04-01"],
  "Microsoft.Authorization/roleDefinitions": ["2018-01-01-preview", "2022-04-01", "2022-05-01-preview"],
} as const satisfies Record<string, readonly string[]>;

export type ArmType = keyof typeof API_VERSIONS;

/** The api-version of a request; missing or unknown ones are 400, in ARM's words. */
export function readApiVersion(query: URLSearchParams, type: ArmType): string {
  const version = query.get("api-version");
  if (version === null || version === "") {
    throw armBadRequest(
      "The api-version query parameter (?api-version=) is required for all requests.",
      "MissingApiVersionParameter",
    );
  }
  const known: readonly string[] = API_VERSIONS[type];
  if (known.includes(version)) return version;
  const supported = [...known].reverse().join(", ");
  if (type.startsWith("Microsoft.Resources/")) {
    throw armBadRequest(
      `The api-version '${version}' is invalid. The supported versions are '${supported}'.`,
      "InvalidApiVersionParameter",
    );
  }
  throw armBadRequest(
    `No registered resource provider found for API version '${version}' for type '${type.split("/").slice(1).join("/")}'. The supported api-versions are '${supported}'.`,
    "NoRegisteredProviderFound",
  );
}

/** The resource providers behind the types, with their types: `[namespace, [[type, versions]…]]`. */
export function providerTypes(): Map<string, { resourceType: string; apiVersions: readonly string[] }[]> {
  const providers = new Map<string, { resourceType: string; apiVersions: readonly string[] }[]>();
  for (const [type, apiVersions] of Object.entries(API_VERSIONS)) {
    const [namespace = "", ...rest] = type.split("/");
    const types = providers.get(namespace) ?? [];
    types.push({ resourceType: rest.join("/"), apiVersions });
    providers.set(namespace, types);
  }
  return providers;
}
