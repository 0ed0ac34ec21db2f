import { removeWorkspace } from "../databricks/life.ts";
import type { ArmResource, Directory } from "../directory.ts";
import { deleteServicePrincipal } from "../graph/cascade.ts";
import { covers, roleAssignments } from "./access.ts";
import { BLOB_CONTAINER_TYPE, CLUSTER_TYPE, DATABRICKS_TYPE, IDENTITY_TYPE, VAULT_TYPE } from "./types.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * Removes a resource with everything below it, as Azure does: role assignments at its scope go, a vault stays behind in
 * the deleted state, a managed identity takes its service principal along, a Databricks workspace its managed group, a cluster
 * the group of its nodes, a container its blobs.
 */
export function removeResource(data: Directory, resource: ArmResource, now: Date): void {
  for (const [key, inner] of Object.entries(data.armResources)) {
    if (!covers(resource.id, inner.id)) continue;
    delete data.armResources[key];
    if (inner.type === BLOB_CONTAINER_TYPE) delete data.blobs[key];
    if (inner.type === VAULT_TYPE) keepDeletedVault(data, inner, now);
    if (inner.type === IDENTITY_TYPE) deleteServicePrincipal(data, String(inner.properties.principalId));
    if (inner.type === CLUSTER_TYPE) {
      const [subscription = ""] = inner.id.toLowerCase().split("/resourcegroups/");
      delete data.armResources[
        `${subscription}/resourcegroups/${String(inner.properties.nodeResourceGroup).toLowerCase()}`
      ];
    }
    if (inner.type === DATABRICKS_TYPE) {
      removeWorkspace(data.databricks, inner.id);
      delete data.armResources[String(inner.properties.managedResourceGroupId).toLowerCase()];
    }
  }
  for (const assignment of roleAssignments(data)) {
    if (covers(resource.id, String(assignment.properties.scope))) delete data.armResources[assignment.id.toLowerCase()];
  }
}

function keepDeletedVault(data: Directory, vault: ArmResource, now: Date): void {
  const days = Number(vault.properties.softDeleteRetentionInDays);
  data.deletedVaults[vault.name.toLowerCase()] = {
    ...vault,
    properties: {
      ...vault.properties,
      deletionDate: now.toISOString(),
      scheduledPurgeDate: new Date(now.getTime() + days * DAY_MS).toISOString(),
    },
  };
}

/** Forgets a deleted vault, its secrets and its keys for good. */
export function purgeVault(data: Directory, name: string): void {
  const key = name.toLowerCase();
  delete data.deletedVaults[key];
  for (const held of [data.vaultSecrets, data.vaultKeys])
    for (const name of Object.keys(held)) if (name.startsWith(`${key}/`)) delete held[name];
}

/** Purges the deleted vaults whose time has come. */
export function purgeDueVaults(data: Directory, now: Date): void {
  for (const vault of Object.values(data.deletedVaults)) {
    if (new Date(String(vault.properties.scheduledPurgeDate)) <= now) purgeVault(data, vault.name);
  }
}
