import { keptLogs } from "./aks.ts";
import type { Example } from "./example.ts";

const place = { resourceGroupName: "rg-data", location: "westeurope" };

/** A PostgreSQL server that meets every rule, but for what is changed. */
export function server(changes: Readonly<Record<string, unknown>> = {}): Example {
  return {
    type: "azure-native:dbforpostgresql:Server",
    name: "server",
    props: {
      ...place,
      serverName: "psql-example",
      version: "17",
      sku: { name: "Standard_D2ds_v5", tier: "GeneralPurpose" },
      storage: { storageSizeGB: 64 },
      authConfig: { activeDirectoryAuth: "Enabled", passwordAuth: "Disabled" },
      network: { publicNetworkAccess: "Disabled" },
      backup: { backupRetentionDays: 35 },
      highAvailability: { mode: "ZoneRedundant" },
      ...changes,
    },
  };
}

/** A storage account that meets every rule, but for what is changed. */
export function account(changes: Readonly<Record<string, unknown>> = {}): Example {
  return {
    type: "azure-native:storage:StorageAccount",
    name: "account",
    props: {
      ...place,
      accountName: "stexample",
      kind: "StorageV2",
      sku: { name: "Standard_ZRS" },
      allowSharedKeyAccess: false,
      allowBlobPublicAccess: false,
      minimumTlsVersion: "TLS1_2",
      enableHttpsTrafficOnly: true,
      networkRuleSet: { defaultAction: "Deny" },
      ...changes,
    },
  };
}

const kept = { enabled: true, days: 30 };

/** How an account's blobs come back, but for what is changed. */
export function blobProperties(changes: Readonly<Record<string, unknown>> = {}): Example {
  return {
    type: "azure-native:storage:BlobServiceProperties",
    name: "blobs",
    props: {
      resourceGroupName: "rg-data",
      accountName: "stexample",
      blobServicesName: "default",
      isVersioningEnabled: true,
      deleteRetentionPolicy: kept,
      containerDeleteRetentionPolicy: kept,
      ...changes,
    },
  };
}

/** Resources that break exactly one of the rules about databases, caches and storage each. */
export const dataExamples: Readonly<Record<string, readonly Example[]>> = {
  "pg-entra": [
    server({ authConfig: { activeDirectoryAuth: "Disabled", passwordAuth: "Disabled" } }),
    keptLogs("server", "PostgreSQLLogs"),
  ],
  "pg-private": [server({ network: { publicNetworkAccess: "Enabled" } }), keptLogs("server", "PostgreSQLLogs")],
  // Below what Azure takes: outside of production the rule asks for no more than that.
  "pg-recoverable": [server({ backup: { backupRetentionDays: 6 } }), keptLogs("server", "PostgreSQLLogs")],
  "pg-tls": [
    {
      type: "azure-native:dbforpostgresql:Configuration",
      name: "transport",
      props: {
        resourceGroupName: "rg-data",
        serverName: "psql-example",
        configurationName: "require_secure_transport",
        value: "off",
        source: "user-override",
      },
    },
  ],
  "redis-closed": [
    {
      type: "azure-native:redisenterprise:RedisEnterprise",
      name: "cache",
      props: {
        ...place,
        clusterName: "redis-example",
        sku: { name: "Balanced_B0" },
        minimumTlsVersion: "1.2",
        publicNetworkAccess: "Enabled",
      },
    },
  ],
  "storage-closed": [account({ allowSharedKeyAccess: true }), blobProperties()],
  "storage-recoverable": [account(), blobProperties({ isVersioningEnabled: false })],
};
