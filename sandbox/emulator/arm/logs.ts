import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { ArmResource } from "../directory.ts";
import { ArmError, armBadRequest } from "./errors.ts";
import { plainResourceRoutes, referenced } from "./plain-resource.ts";
import {
  type ArmRequest,
  type ArmResponse,
  type ArmRoute,
  armParam,
  findResource,
  location,
  readArmBody,
  resourcesUnder,
  tags,
} from "./request.ts";
import {
  CLUSTER_TYPE,
  DATABRICKS_TYPE,
  DIAGNOSTIC_SETTING_TYPE,
  LOG_WORKSPACE_TYPE,
  POSTGRES_TYPE,
  REDIS_DATABASE_TYPE,
  SECURITY_GROUP_TYPE,
  VAULT_TYPE,
} from "./types.ts";

const access = z.enum(["Enabled", "Disabled"]);

/** https://learn.microsoft.com/rest/api/loganalytics/workspaces */
export const logWorkspaceRoutes: readonly ArmRoute[] = plainResourceRoutes({
  type: LOG_WORKSPACE_TYPE,
  name: /^[A-Za-z0-9][A-Za-z0-9-]{2,61}[A-Za-z0-9]$/,
  body: z.strictObject({
    location,
    tags,
    properties: z.strictObject({
      sku: z.strictObject({ name: z.enum(["PerGB2018", "CapacityReservation"]) }).default({ name: "PerGB2018" }),
      retentionInDays: z.int().min(30).max(730).default(30),
      features: z
        .strictObject({ disableLocalAuth: z.boolean().optional(), immediatePurgeDataOn30Days: z.boolean().optional() })
        .default({}),
      publicNetworkAccessForIngestion: access.default("Enabled"),
      publicNetworkAccessForQuery: access.default("Enabled"),
    }),
  }),
  properties: (_request, { properties }, before) => ({
    ...properties,
    customerId: before?.properties.customerId ?? randomUUID(),
    provisioningState: "Succeeded",
  }),
});

/**
 * Log categories by resource type, as https://learn.microsoft.com/azure/azure-monitor/reference/supported-logs has them
 * (those that have a table). Case is not told apart: the list and the portal spell some differently.
 */
const CATEGORIES: Readonly<Record<string, readonly string[]>> = {
  [VAULT_TYPE]: ["AuditEvent", "AzurePolicyEvaluationDetails"],
  [CLUSTER_TYPE]: [
    ["kube-audit", "kube-audit-admin", "guard", "kube-apiserver", "kube-controller-manager", "kube-scheduler"],
    ["cluster-autoscaler", "cloud-controller-manager", "karpenter-events"],
    ["csi-azuredisk-controller", "csi-azurefile-controller", "csi-snapshot-controller"],
  ].flat(),
  [POSTGRES_TYPE]: [
    ["PostgreSQLLogs", "PostgreSQLFlexSessions", "PostgreSQLFlexDatabaseXacts", "PostgreSQLFlexTableStats"],
    ["PostgreSQLFlexQueryStoreRuntime", "PostgreSQLFlexQueryStoreWaitStats"],
  ].flat(),
  [REDIS_DATABASE_TYPE]: ["ConnectionEvents"],
  [SECURITY_GROUP_TYPE]: ["NetworkSecurityGroupEvent", "NetworkSecurityGroupRuleCounter"],
  [LOG_WORKSPACE_TYPE]: ["Audit", "SummaryLogs"],
  [DATABRICKS_TYPE]: [
    ["accounts", "clusters", "dbfs", "instancePools", "jobs", "notebook", "secrets", "sqlPermissions", "ssh"],
    ["workspace", "databrickssql", "deltaPipelines", "featureStore", "genie", "globalInitScripts", "iamRole"],
    ["mlflowAcledArtifact", "mlflowExperiment", "modelRegistry", "remoteHistoryService", "repos", "unityCatalog"],
    ["gitCredentials", "webTerminal", "serverlessRealTimeInference", "clusterLibraries", "partnerHub", "clamAVScan"],
    ["capsule8Dataplane"],
  ].flat(),
};
/** Azure takes five settings per resource. */
const MAX_SETTINGS = 5;

const type = DIAGNOSTIC_SETTING_TYPE;
const path = "/*resource/providers/Microsoft.Insights/diagnosticSettings";
const settingBody = z.strictObject({
  properties: z.strictObject({
    workspaceId: z.string("must name a Log Analytics workspace: the sandbox knows no other place for logs").min(1),
    logAnalyticsDestinationType: z.literal("Dedicated").nullable().optional(),
    logs: z.array(z.strictObject({ category: z.string().min(1), enabled: z.boolean() })).min(1, "must name a category"),
    metrics: z.array(z.strictObject({ category: z.literal("AllMetrics"), enabled: z.boolean() })).default([]),
  }),
});

const resourceId = (request: ArmRequest) => `/${armParam(request, "resource")}`;
const settingId = (request: ArmRequest) =>
  `${resourceId(request)}/providers/${DIAGNOSTIC_SETTING_TYPE}/${armParam(request, "setting")}`;
const needs = (right: string) => ({ action: `${DIAGNOSTIC_SETTING_TYPE}/${right}`, scope: resourceId });

/** https://learn.microsoft.com/rest/api/monitor/diagnostic-settings */
export const diagnosticSettingRoutes: readonly ArmRoute[] = [
  {
    method: "GET",
    path,
    type,
    needs: needs("read"),
    handle: (request) => ({ status: 200, body: { value: settingsOf(request, loggedResource(request)) } }),
  },
  {
    method: "GET",
    path: `${path}/:setting`,
    type,
    needs: needs("read"),
    handle: (request) => {
      loggedResource(request);
      const found = findResource(request.data, settingId(request));
      if (found !== undefined) return { status: 200, body: found };
      const name = armParam(request, "setting");
      throw new ArmError(404, "ResourceNotFound", `The diagnostic setting '${name}' was not found.`);
    },
  },
  { method: "PUT", path: `${path}/:setting`, type, needs: needs("write"), handle: putSetting },
  {
    method: "DELETE",
    path: `${path}/:setting`,
    type,
    needs: needs("delete"),
    handle: (request) => {
      const found = findResource(request.data, settingId(request));
      if (found === undefined) return { status: 204 };
      request.context.store.mutate((data) => {
        delete data.armResources[found.id.toLowerCase()];
      });
      return { status: 200 };
    },
  },
];

function loggedResource(request: ArmRequest): ArmResource {
  const found = findResource(request.data, resourceId(request));
  if (found !== undefined) return found;
  throw new ArmError(404, "ResourceNotFound", `The resource '${resourceId(request)}' was not found.`);
}

function settingsOf(request: ArmRequest, { id }: ArmResource): ArmResource[] {
  return resourcesUnder(request.data, id).filter((one) => one.type === DIAGNOSTIC_SETTING_TYPE);
}

function putSetting(request: ArmRequest): ArmResponse {
  const resource = loggedResource(request);
  const { properties } = readArmBody(request.body, settingBody);
  const id = `${resource.id}/providers/${DIAGNOSTIC_SETTING_TYPE}/${armParam(request, "setting")}`;
  referenced(request, properties.workspaceId, LOG_WORKSPACE_TYPE, id);
  const known = (CATEGORIES[resource.type] ?? []).map((category) => category.toLowerCase());
  for (const { category } of properties.logs) {
    if (known.includes(category.toLowerCase())) continue;
    throw armBadRequest(`Category '${category}' is not supported for resource type '${resource.type}'.`);
  }
  const others = settingsOf(request, resource).filter((other) => other.id.toLowerCase() !== id.toLowerCase());
  if (others.length >= MAX_SETTINGS) {
    throw armBadRequest(`The resource has ${MAX_SETTINGS} diagnostic settings already.`, "TooManyDiagnosticSettings");
  }
  const setting: ArmResource = { id, name: armParam(request, "setting"), type, properties };
  request.context.store.mutate((data) => {
    data.armResources[id.toLowerCase()] = setting;
  });
  return { status: 200, body: setting };
}
