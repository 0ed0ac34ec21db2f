import { required } from "../read-values.ts";
import { segmentsOf } from "./arm.ts";
import type { ArmType } from "./kind.ts";
import { FLAG, groupPath, IDENTITY, object, PARENT, pick, properties, TAGS, TEXT, WHOLE } from "./types.ts";

const VERSION = "2024-01-01";
const ACCOUNT = [
  "allowBlobPublicAccess",
  "allowCrossTenantReplication",
  "allowSharedKeyAccess",
  "defaultToOAuthAuthentication",
  "isLocalUserEnabled",
  "minimumTlsVersion",
  "publicNetworkAccess",
];

/** API version 2024-01-01 of https://learn.microsoft.com/rest/api/storagerp/storage-accounts */
export const storageAccount: ArmType = {
  apiVersion: VERSION,
  schemas: {
    accountName: IDENTITY,
    allowBlobPublicAccess: FLAG,
    allowCrossTenantReplication: FLAG,
    allowSharedKeyAccess: FLAG,
    defaultToOAuthAuthentication: FLAG,
    enableHttpsTrafficOnly: FLAG,
    isLocalUserEnabled: FLAG,
    kind: { type: "string", required: true },
    location: IDENTITY,
    minimumTlsVersion: TEXT,
    networkRuleSet: object({
      bypass: TEXT,
      defaultAction: { type: "string", required: true },
      ipRules: { type: "list", items: object({ action: TEXT, iPAddressOrRange: TEXT }) },
    }),
    publicNetworkAccess: TEXT,
    resourceGroupName: PARENT,
    sku: object({ name: { type: "string", required: true } }, { required: true }),
    tags: TAGS,
  },
  outputs: ["provisioningState"],
  nameInput: "accountName",
  idInputs: ["resourceGroupName", "accountName"],
  located: true,
  id: (inputs, subscriptionId) =>
    `${groupPath(inputs, subscriptionId)}/providers/Microsoft.Storage/storageAccounts/${required(inputs, "accountName")}`,
  inputsOfId: (id) => ({
    resourceGroupName: segmentsOf(id).resourcegroups,
    accountName: segmentsOf(id).storageaccounts,
  }),
  body: (inputs) => ({
    kind: inputs.kind,
    sku: inputs.sku,
    tags: inputs.tags,
    properties: {
      ...Object.fromEntries(ACCOUNT.map((name) => [name, inputs[name]])),
      // azure-native has names of its own for these two.
      supportsHttpsTrafficOnly: inputs.enableHttpsTrafficOnly,
      networkAcls: inputs.networkRuleSet,
    },
  }),
  live: (resource) => ({
    inputs: { ...pick(properties(resource), ACCOUNT), ...pick(resource, ["kind", "sku", "tags"]) },
    outputs: pick(properties(resource), ["provisioningState"]),
  }),
};

const BLOBS = ["containerDeleteRetentionPolicy", "deleteRetentionPolicy", "isVersioningEnabled"];
const RETENTION = object({ allowPermanentDelete: FLAG, days: WHOLE, enabled: FLAG });

/** API version 2024-01-01 of https://learn.microsoft.com/rest/api/storagerp/blob-services */
export const blobServiceProperties: ArmType = {
  apiVersion: VERSION,
  schemas: {
    accountName: PARENT,
    blobServicesName: IDENTITY,
    containerDeleteRetentionPolicy: RETENTION,
    deleteRetentionPolicy: RETENTION,
    isVersioningEnabled: FLAG,
    resourceGroupName: PARENT,
  },
  outputs: [],
  nameInput: "blobServicesName",
  // Azure knows no other name.
  autoname: () => "default",
  idInputs: ["resourceGroupName", "accountName", "blobServicesName"],
  id: (inputs, subscriptionId) =>
    `${storageAccount.id(inputs, subscriptionId)}/blobServices/${required(inputs, "blobServicesName")}`,
  inputsOfId: (id) => ({ ...storageAccount.inputsOfId(id), blobServicesName: segmentsOf(id).blobservices }),
  body: (inputs) => ({ properties: Object.fromEntries(BLOBS.map((name) => [name, inputs[name]])) }),
  live: (resource) => ({ inputs: pick(properties(resource), BLOBS), outputs: {} }),
};
