import { required } from "../read-values.ts";
import type { PropertySchema } from "../schema/types.ts";
import { segmentsOf } from "./arm.ts";
import type { ArmType } from "./kind.ts";
import { FLAG, groupPath, IDENTITY, object, PARENT, pick, properties, TAGS, TEXT, WHOLE } from "./types.ts";

const TEXT_PARAMETER = object({ value: TEXT, type: TEXT });
const WORKSPACE = ["computeMode", "managedResourceGroupId", "parameters", "publicNetworkAccess", "requiredNsgRules"];
const WORKSPACE_OUTPUTS = ["workspaceId", "workspaceUrl", "provisioningState", "isUcEnabled", "createdDateTime"];

/** API version 2026-01-01 of https://learn.microsoft.com/rest/api/databricks/workspaces */
export const databricksWorkspace: ArmType = {
  apiVersion: "2026-01-01",
  schemas: {
    computeMode: TEXT,
    location: IDENTITY,
    managedResourceGroupId: TEXT,
    parameters: object({
      enableNoPublicIp: object({ value: FLAG, type: TEXT }),
      customVirtualNetworkId: TEXT_PARAMETER,
      customPublicSubnetName: TEXT_PARAMETER,
      customPrivateSubnetName: TEXT_PARAMETER,
    }),
    publicNetworkAccess: TEXT,
    requiredNsgRules: TEXT,
    resourceGroupName: PARENT,
    sku: object({ name: TEXT, tier: TEXT }),
    tags: TAGS,
    workspaceName: IDENTITY,
  },
  outputs: WORKSPACE_OUTPUTS,
  nameInput: "workspaceName",
  idInputs: ["resourceGroupName", "workspaceName"],
  located: true,
  id: (inputs, subscriptionId) =>
    `${groupPath(inputs, subscriptionId)}/providers/Microsoft.Databricks/workspaces/${required(inputs, "workspaceName")}`,
  inputsOfId: (id) => ({ resourceGroupName: segmentsOf(id).resourcegroups, workspaceName: segmentsOf(id).workspaces }),
  body: (inputs) => ({
    properties: Object.fromEntries(WORKSPACE.map((name) => [name, inputs[name]])),
    sku: inputs.sku,
    tags: inputs.tags,
  }),
  live: (resource) => ({
    inputs: { ...pick(properties(resource), WORKSPACE), ...pick(resource, ["sku", "tags"]) },
    outputs: pick(properties(resource), WORKSPACE_OUTPUTS),
  }),
};

const LOG_WORKSPACE = [
  "features",
  "publicNetworkAccessForIngestion",
  "publicNetworkAccessForQuery",
  "retentionInDays",
  "sku",
];

/** API version 2023-09-01 of https://learn.microsoft.com/rest/api/loganalytics/workspaces */
export const logWorkspace: ArmType = {
  apiVersion: "2023-09-01",
  schemas: {
    features: object({ disableLocalAuth: FLAG, immediatePurgeDataOn30Days: FLAG }),
    location: IDENTITY,
    publicNetworkAccessForIngestion: TEXT,
    publicNetworkAccessForQuery: TEXT,
    resourceGroupName: PARENT,
    retentionInDays: WHOLE,
    sku: object({ name: TEXT }),
    tags: TAGS,
    workspaceName: IDENTITY,
  },
  outputs: ["customerId", "provisioningState"],
  nameInput: "workspaceName",
  idInputs: ["resourceGroupName", "workspaceName"],
  located: true,
  id: (inputs, subscriptionId) =>
    `${groupPath(inputs, subscriptionId)}/providers/Microsoft.OperationalInsights/workspaces/${required(inputs, "workspaceName")}`,
  inputsOfId: (id) => ({ resourceGroupName: segmentsOf(id).resourcegroups, workspaceName: segmentsOf(id).workspaces }),
  body: (inputs) => ({
    properties: Object.fromEntries(LOG_WORKSPACE.map((name) => [name, inputs[name]])),
    tags: inputs.tags,
  }),
  live: (resource) => ({
    inputs: { ...pick(properties(resource), LOG_WORKSPACE), ...pick(resource, ["tags"]) },
    outputs: pick(properties(resource), ["customerId", "provisioningState"]),
  }),
};

const SETTING = ["logAnalyticsDestinationType", "logs", "metrics", "workspaceId"];
const ENABLED: PropertySchema = { type: "list", items: object({ category: TEXT, enabled: FLAG }) };
const SETTINGS = "/providers/Microsoft.Insights/diagnosticSettings/";

/** API version 2021-05-01-preview of https://learn.microsoft.com/rest/api/monitor/diagnostic-settings */
export const diagnosticSetting: ArmType = {
  apiVersion: "2021-05-01-preview",
  schemas: {
    logAnalyticsDestinationType: TEXT,
    logs: ENABLED,
    metrics: ENABLED,
    name: IDENTITY,
    resourceUri: PARENT,
    workspaceId: TEXT,
  },
  outputs: [],
  nameInput: "name",
  idInputs: ["resourceUri", "name"],
  id: (inputs) => `${required(inputs, "resourceUri")}${SETTINGS}${required(inputs, "name")}`,
  inputsOfId: (id) => {
    const [resourceUri, name] = id.split(new RegExp(SETTINGS, "i"));
    return { resourceUri, name };
  },
  body: (inputs) => ({ properties: Object.fromEntries(SETTING.map((name) => [name, inputs[name]])) }),
  live: (resource) => ({ inputs: pick(properties(resource), SETTING), outputs: {} }),
};
