import { z } from "zod";
import type { ArmResource } from "../directory.ts";
import { ArmError, armBadRequest, armConflict, resourceNotFound } from "./errors.ts";
import { plainResourceRoutes } from "./plain-resource.ts";
import { removeResource } from "./remove.ts";
import {
  type ArmRequest,
  type ArmResponse,
  type ArmRoute,
  armParam,
  findResource,
  groupScope,
  location,
  readArmBody,
  resourceGroupOf,
  resourcesUnder,
  tags,
} from "./request.ts";
import { BLOB_CONTAINER_TYPE, BLOB_SERVICE_TYPE, STORAGE_ACCOUNT_TYPE } from "./types.ts";

const networkRules = z.strictObject({
  bypass: z.string().default("AzureServices"),
  defaultAction: z.enum(["Allow", "Deny"]),
  ipRules: z.array(z.strictObject({ value: z.string().min(1), action: z.literal("Allow").optional() })).default([]),
  virtualNetworkRules: z
    .array(z.never("the sandbox emulates no virtual network rules of storage accounts"))
    .default([]),
});

/**
 * The control plane of accounts that Entra alone opens (https://learn.microsoft.com/rest/api/storagerp/storage-accounts/create).
 * Azure takes shared keys unless they are refused; the sandbox emulates no such account, nor what blobs hold.
 */
const accounts = plainResourceRoutes({
  type: STORAGE_ACCOUNT_TYPE,
  name: /^[a-z0-9]{3,24}$/,
  body: z.strictObject({
    location,
    tags,
    kind: z.literal("StorageV2"),
    sku: z.strictObject({ name: z.enum(["Standard_LRS", "Standard_ZRS", "Standard_GRS", "Standard_GZRS"]) }),
    properties: z.strictObject({
      allowSharedKeyAccess: z.literal(false, "must be false: the sandbox emulates no account keys"),
      allowBlobPublicAccess: z.boolean().default(false),
      allowCrossTenantReplication: z.boolean().default(false),
      defaultToOAuthAuthentication: z.boolean().default(false),
      isLocalUserEnabled: z.boolean().default(false),
      minimumTlsVersion: z.enum(["TLS1_0", "TLS1_1", "TLS1_2", "TLS1_3"]).default("TLS1_2"),
      supportsHttpsTrafficOnly: z.boolean().default(true),
      publicNetworkAccess: z.enum(["Enabled", "Disabled"]).default("Enabled"),
      networkAcls: networkRules.default({
        bypass: "AzureServices",
        defaultAction: "Allow",
        ipRules: [],
        virtualNetworkRules: [],
      }),
    }),
  }),
  properties: (request, { properties }, before, id) => {
    const name = id.split("/").at(-1) ?? "";
    if (before === undefined) refuseTaken(request, name);
    return {
      ...properties,
      primaryEndpoints: { blob: `https://${name}.blob.core.windows.net/` },
      provisioningState: "Succeeded",
    };
  },
  json: (_request, account) => ({ ...account, kind: "StorageV2" }),
});

/** Names of accounts are global. */
function refuseTaken({ data }: ArmRequest, name: string): void {
  const taken = Object.values(data.armResources).some((one) => one.type === STORAGE_ACCOUNT_TYPE && one.name === name);
  if (taken) throw armConflict("StorageAccountAlreadyTaken", `The storage account named ${name} is already taken.`);
}

const account =
  "/subscriptions/:subscription/resourceGroups/:group/providers/Microsoft.Storage/storageAccounts/:account";
const service = `${account}/blobServices/default`;
const containers = `${service}/containers`;

const accountId = (request: ArmRequest) =>
  `${groupScope(request)}/providers/${STORAGE_ACCOUNT_TYPE}/${armParam(request, "account")}`;
const serviceId = (request: ArmRequest) => `${accountId(request)}/blobServices/default`;
const containerId = (request: ArmRequest) => `${serviceId(request)}/containers/${armParam(request, "container")}`;

const retention = z.strictObject({ enabled: z.boolean(), days: z.int().min(1).max(365).optional() });
const serviceBody = z.strictObject({
  properties: z.strictObject({
    isVersioningEnabled: z.boolean().default(false),
    deleteRetentionPolicy: retention.default({ enabled: false }),
    containerDeleteRetentionPolicy: retention.default({ enabled: false }),
  }),
});
const containerBody = z.strictObject({
  properties: z
    .strictObject({ publicAccess: z.enum(["None", "Blob", "Container"]).default("None") })
    .default({ publicAccess: "None" }),
});

/** https://learn.microsoft.com/rest/api/storagerp/blob-services and …/blob-containers */
export const storageRoutes: readonly ArmRoute[] = [
  ...accounts,
  {
    method: "GET",
    path: service,
    type: BLOB_SERVICE_TYPE,
    needs: { action: `${BLOB_SERVICE_TYPE}/read`, scope: accountId },
    handle: (request) => ({ status: 200, body: serviceOf(request) }),
  },
  {
    method: "PUT",
    path: service,
    type: BLOB_SERVICE_TYPE,
    needs: { action: `${BLOB_SERVICE_TYPE}/write`, scope: accountId },
    handle: (request) => {
      const properties = readArmBody(request.body, serviceBody).properties;
      return { status: 200, body: stored(request, { ...serviceOf(request), properties }) };
    },
  },
  {
    method: "GET",
    path: containers,
    type: BLOB_CONTAINER_TYPE,
    needs: { action: `${BLOB_CONTAINER_TYPE}/read`, scope: serviceId },
    handle: (request) => ({ status: 200, body: { value: containersOf(request) } }),
  },
  {
    method: "GET",
    path: `${containers}/:container`,
    type: BLOB_CONTAINER_TYPE,
    needs: { action: `${BLOB_CONTAINER_TYPE}/read`, scope: containerId },
    handle: (request) => {
      accountOf(request);
      const found = findResource(request.data, containerId(request));
      if (found === undefined) throw new ArmError(404, "ContainerNotFound", "The specified container does not exist.");
      return { status: 200, body: found };
    },
  },
  {
    method: "PUT",
    path: `${containers}/:container`,
    type: BLOB_CONTAINER_TYPE,
    needs: { action: `${BLOB_CONTAINER_TYPE}/write`, scope: containerId },
    handle: putContainer,
  },
  {
    method: "DELETE",
    path: `${containers}/:container`,
    type: BLOB_CONTAINER_TYPE,
    needs: { action: `${BLOB_CONTAINER_TYPE}/delete`, scope: containerId },
    handle: (request) => {
      const found = findResource(request.data, containerId(request));
      if (found === undefined) return { status: 204 };
      request.context.store.mutate((data) => removeResource(data, found, request.context.now()));
      return { status: 200 };
    },
  },
];

function accountOf(request: ArmRequest): ArmResource {
  const group = resourceGroupOf(request);
  const found = findResource(request.data, accountId(request));
  if (found === undefined) throw resourceNotFound(STORAGE_ACCOUNT_TYPE, armParam(request, "account"), group.name);
  return found;
}

/** Every account has one, with nothing kept until somebody says so. */
function serviceOf(request: ArmRequest): ArmResource {
  const { id } = accountOf(request);
  return (
    findResource(request.data, serviceId(request)) ?? {
      id: `${id}/blobServices/default`,
      name: "default",
      type: BLOB_SERVICE_TYPE,
      properties: {
        isVersioningEnabled: false,
        deleteRetentionPolicy: { enabled: false },
        containerDeleteRetentionPolicy: { enabled: false },
      },
    }
  );
}

function containersOf(request: ArmRequest): ArmResource[] {
  return resourcesUnder(request.data, accountOf(request).id).filter(({ type }) => type === BLOB_CONTAINER_TYPE);
}

function putContainer(request: ArmRequest): ArmResponse {
  const { id, properties: rules } = accountOf(request);
  const name = armParam(request, "container");
  if (!/^(?!.*--)[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/.test(name)) {
    throw armBadRequest(`The container name '${name}' is invalid.`, "InvalidResourceName");
  }
  const { properties } = readArmBody(request.body, containerBody);
  if (properties.publicAccess !== "None" && rules.allowBlobPublicAccess !== true) {
    throw armConflict("PublicAccessNotPermitted", "Public access is not permitted on this storage account.");
  }
  const existing = findResource(request.data, containerId(request));
  const container: ArmResource = {
    id: `${id}/blobServices/default/containers/${name}`,
    name,
    type: BLOB_CONTAINER_TYPE,
    properties,
  };
  return { status: existing === undefined ? 201 : 200, body: stored(request, container) };
}

function stored(request: ArmRequest, resource: ArmResource): ArmResource {
  request.context.store.mutate((data) => {
    data.armResources[resource.id.toLowerCase()] = resource;
  });
  return resource;
}
