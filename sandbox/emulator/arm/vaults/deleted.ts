import { z } from "zod";
import type { ArmResource } from "../../directory.ts";
import { ArmError } from "../errors.ts";
import { acceptedWithLocation } from "../operations.ts";
import { purgeDueVaults, purgeVault } from "../remove.ts";
import { type ArmRequest, type ArmRoute, armParam, readArmBody, subscriptionScope } from "../request.ts";
import { VAULT_TYPE } from "../types.ts";
import { isVaultName } from "./schema.ts";

const type = "Microsoft.KeyVault/deletedVaults";
const provider = "/subscriptions/:subscription/providers/Microsoft.KeyVault";
const one = `${provider}/locations/:location/deletedVaults/:vault`;

/** Deleted vaults, and the question whether a name is free (https://learn.microsoft.com/azure/key-vault/general/soft-delete-overview). */
export const deletedVaultRoutes: readonly ArmRoute[] = [
  {
    method: "GET",
    path: `${provider}/deletedVaults`,
    type,
    needs: { action: "Microsoft.KeyVault/deletedVaults/read", scope: subscriptionScope },
    handle: (request) => {
      purgeDueVaults(request.data, request.context.now());
      const vaults = Object.values(request.data.deletedVaults).filter(({ id }) => isHere(request, id));
      return { status: 200, body: { value: vaults.map((vault) => deletedJson(request, vault)) } };
    },
  },
  {
    method: "GET",
    path: one,
    type,
    needs: { action: "Microsoft.KeyVault/locations/deletedVaults/read", scope: subscriptionScope },
    handle: (request) => ({ status: 200, body: deletedJson(request, deletedVaultOf(request)) }),
  },
  {
    method: "POST",
    path: `${one}/purge`,
    type,
    needs: { action: "Microsoft.KeyVault/locations/deletedVaults/purge/action", scope: subscriptionScope },
    handle: (request) => {
      const vault = deletedVaultOf(request);
      if (vault.properties.enablePurgeProtection === true) {
        throw new ArmError(
          405,
          "MethodNotAllowed",
          'Operation "purge" is not allowed because purge protection is enabled for this vault. Key Vault service will automatically purge it after the retention period has passed.',
        );
      }
      request.context.store.mutate((data) => purgeVault(data, vault.name));
      return acceptedWithLocation(request);
    },
  },
  {
    method: "POST",
    path: `${provider}/checkNameAvailability`,
    type: "Microsoft.KeyVault/checkNameAvailability",
    needs: { action: "Microsoft.KeyVault/checkNameAvailability/read", scope: subscriptionScope },
    handle: (request) => ({ status: 200, body: nameAvailability(request) }),
  },
];

const isHere = (request: ArmRequest, id: string) =>
  id.toLowerCase().startsWith(`${subscriptionScope(request).toLowerCase()}/`);

function deletedVaultOf(request: ArmRequest): ArmResource {
  purgeDueVaults(request.data, request.context.now());
  const name = armParam(request, "vault");
  const vault = request.data.deletedVaults[name.toLowerCase()];
  const found =
    vault !== undefined && isHere(request, vault.id) && vault.location === armParam(request, "location").toLowerCase();
  if (!found) throw new ArmError(404, "DeletedVaultNotFound", `The specified deleted vault '${name}' does not exist.`);
  return vault;
}

function deletedJson(request: ArmRequest, vault: ArmResource): unknown {
  const { deletionDate, scheduledPurgeDate, enablePurgeProtection } = vault.properties;
  return {
    id: `${subscriptionScope(request)}/providers/Microsoft.KeyVault/locations/${vault.location}/deletedVaults/${vault.name}`,
    name: vault.name,
    type,
    properties: {
      vaultId: vault.id,
      location: vault.location,
      tags: vault.tags ?? {},
      deletionDate,
      scheduledPurgeDate,
      ...(enablePurgeProtection === true && { purgeProtectionEnabled: true }),
    },
  };
}

function nameAvailability(request: ArmRequest): unknown {
  const { name } = readArmBody(request.body, z.strictObject({ name: z.string(), type: z.literal(VAULT_TYPE) }));
  purgeDueVaults(request.data, request.context.now());
  if (!isVaultName(name)) {
    return { nameAvailable: false, reason: "AccountNameInvalid", message: `The vault name '${name}' is invalid.` };
  }
  const taken = Object.values(request.data.armResources).some(
    (resource) => resource.type === VAULT_TYPE && resource.name.toLowerCase() === name.toLowerCase(),
  );
  if (!taken && request.data.deletedVaults[name.toLowerCase()] === undefined) return { nameAvailable: true };
  return {
    nameAvailable: false,
    reason: "AlreadyExists",
    message: `The vault name '${name}' is already in use or belongs to a deleted vault.`,
  };
}
