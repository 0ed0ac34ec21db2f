import type { z } from "zod";
import type { ArmResource } from "../../directory.ts";
import { armBadRequest, armConflict, resourceNotFound } from "../errors.ts";
import { asyncOperationHeaders, isRunning } from "../operations.ts";
import { purgeDueVaults, removeResource } from "../remove.ts";
import {
  type ArmRequest,
  type ArmResponse,
  type ArmRoute,
  armParam,
  checkSameLocation,
  findResource,
  groupScope,
  readArmBody,
  resourceGroupOf,
  resourcesUnder,
  subscriptionScope,
} from "../request.ts";
import { VAULT_TYPE } from "../types.ts";
import { checkVaultName, vaultBody, vaultPatch } from "./schema.ts";

const path = "/subscriptions/:subscription/resourceGroups/:group/providers/Microsoft.KeyVault/vaults";
const type = VAULT_TYPE;

export const vaultScope = (request: ArmRequest) =>
  `${groupScope(request)}/providers/${VAULT_TYPE}/${armParam(request, "vault")}`;

const needs = (right: string) => ({ action: `${VAULT_TYPE}/${right}`, scope: vaultScope });

/** The vault of the path; 404 for the group or the vault. */
export function vaultOf(request: ArmRequest): ArmResource {
  const group = resourceGroupOf(request);
  const vault = findResource(request.data, vaultScope(request));
  if (vault === undefined) throw resourceNotFound(VAULT_TYPE, armParam(request, "vault"), group.name);
  return vault;
}

const isVault = (resource: ArmResource) => resource.type === VAULT_TYPE;

export const vaultRoutes: readonly ArmRoute[] = [
  {
    method: "GET",
    path: "/subscriptions/:subscription/providers/Microsoft.KeyVault/vaults",
    type,
    needs: { action: `${VAULT_TYPE}/read`, scope: subscriptionScope },
    handle: (request) => listVaults(request, subscriptionScope(request)),
  },
  {
    method: "GET",
    path,
    type,
    needs: { action: `${VAULT_TYPE}/read`, scope: groupScope },
    handle: (request) => listVaults(request, resourceGroupOf(request).id),
  },
  {
    method: "GET",
    path: `${path}/:vault`,
    type,
    needs: needs("read"),
    handle: (request) => ({ status: 200, body: vaultJson(request, vaultOf(request)) }),
  },
  { method: "PUT", path: `${path}/:vault`, type, needs: needs("write"), handle: putVault },
  {
    method: "PATCH",
    path: `${path}/:vault`,
    type,
    needs: needs("write"),
    handle: (request) => {
      const vault = vaultOf(request);
      const patch = readArmBody(request.body, vaultPatch);
      const updated: ArmResource = {
        ...vault,
        ...(patch.tags !== undefined && { tags: patch.tags }),
        properties: vaultProperties(request, vault.name, { ...vault.properties, ...patch.properties }, vault),
      };
      store(request, updated);
      return { status: 200, body: vaultJson(request, updated) };
    },
  },
  {
    method: "DELETE",
    path: `${path}/:vault`,
    type,
    needs: needs("delete"),
    handle: (request) => {
      const vault = findResource(request.data, vaultScope(request));
      if (vault === undefined) return { status: 204 };
      request.context.store.mutate((data) => removeResource(data, vault, request.context.now()));
      return { status: 200 };
    },
  },
];

function listVaults(request: ArmRequest, scope: string): ArmResponse {
  const vaults = resourcesUnder(request.data, scope).filter(isVault);
  return { status: 200, body: { value: vaults.map((vault) => vaultJson(request, vault)) } };
}

/** Shortly after its creation a vault is still registering its DNS name. */
function vaultJson(request: ArmRequest, vault: ArmResource): unknown {
  const created = new Date(vault.systemData?.createdAt ?? 0).getTime();
  const provisioningState = isRunning(request, created) ? "RegisteringDns" : "Succeeded";
  return { ...vault, properties: { ...vault.properties, provisioningState } };
}

function putVault(request: ArmRequest): ArmResponse {
  const name = armParam(request, "vault");
  checkVaultName(name);
  const body = readArmBody(request.body, vaultBody);
  const group = resourceGroupOf(request);
  const existing = findResource(request.data, vaultScope(request));
  checkSameLocation(existing, body.location, group.name);
  purgeDueVaults(request.data, request.context.now());
  const deleted = request.data.deletedVaults[name.toLowerCase()];
  const recover = body.properties.createMode === "recover";
  if (existing === undefined) checkNameIsFree(request, name, recover);
  if (recover && existing === undefined && deleted === undefined) {
    throw armBadRequest(`There is no deleted vault named '${name}' to recover.`);
  }
  const now = request.context.now().toISOString();
  const vault: ArmResource = {
    id: existing?.id ?? `${group.id}/providers/${VAULT_TYPE}/${name}`,
    name: existing?.name ?? name,
    type: VAULT_TYPE,
    location: body.location,
    tags: body.tags ?? {},
    systemData: { createdAt: existing?.systemData?.createdAt ?? now, lastModifiedAt: now },
    properties: vaultProperties(request, name, body.properties, existing ?? (recover ? deleted : undefined)),
  };
  request.context.store.mutate((data) => {
    data.armResources[vault.id.toLowerCase()] = vault;
    delete data.deletedVaults[name.toLowerCase()];
  });
  const headers = existing === undefined ? asyncOperationHeaders(request, body.location) : {};
  return { status: existing === undefined ? 201 : 200, headers, body: vaultJson(request, vault) };
}

/** Vault names are global, and a deleted vault keeps its name until it is purged. */
function checkNameIsFree(request: ArmRequest, name: string, recover: boolean): void {
  const taken = Object.values(request.data.armResources).some(
    (resource) => isVault(resource) && resource.name.toLowerCase() === name.toLowerCase(),
  );
  if (taken) {
    throw armConflict(
      "VaultAlreadyExists",
      `The vault name '${name}' is already in use. Vault names are globally unique so it is possible that the name is already taken.`,
    );
  }
  if (recover || request.data.deletedVaults[name.toLowerCase()] === undefined) return;
  throw armConflict(
    "ConflictError",
    "A vault with the same name already exists in deleted state. You need to either recover or purge existing key vault.",
  );
}

type Properties = Partial<z.output<typeof vaultBody>["properties"]>;

/** The properties that are stored: defaults filled in, what cannot change taken from what is there. */
function vaultProperties(request: ArmRequest, name: string, asked: Properties, before?: ArmResource) {
  if (asked.tenantId !== request.data.tenantId) {
    throw armBadRequest(`The tenantId '${asked.tenantId}' is not the tenant of the subscription.`);
  }
  const days = before?.properties.softDeleteRetentionInDays;
  if (days !== undefined && asked.softDeleteRetentionInDays !== undefined && asked.softDeleteRetentionInDays !== days) {
    throw armBadRequest(`The property "softDeleteRetentionInDays" has been set already and it can't be modified.`);
  }
  const purgeProtection = asked.enablePurgeProtection ?? before?.properties.enablePurgeProtection;
  const access = asked.publicNetworkAccess ?? "Enabled";
  return {
    sku: asked.sku,
    tenantId: asked.tenantId,
    accessPolicies: [],
    enableRbacAuthorization: true,
    enableSoftDelete: true,
    softDeleteRetentionInDays: days ?? asked.softDeleteRetentionInDays ?? 90,
    ...(purgeProtection === true && { enablePurgeProtection: true }),
    publicNetworkAccess: /^disabled$/i.test(access) ? "Disabled" : "Enabled",
    ...(asked.networkAcls !== undefined && { networkAcls: asked.networkAcls }),
    enabledForDeployment: asked.enabledForDeployment ?? false,
    enabledForDiskEncryption: asked.enabledForDiskEncryption ?? false,
    enabledForTemplateDeployment: asked.enabledForTemplateDeployment ?? false,
    vaultUri: `https://${name.toLowerCase()}.vault.azure.net/`,
  };
}

function store(request: ArmRequest, vault: ArmResource): void {
  request.context.store.mutate((data) => {
    data.armResources[vault.id.toLowerCase()] = vault;
  });
}
