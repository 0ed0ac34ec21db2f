import type { VaultSecret } from "../directory.ts";
import { deletedItem, secretItem } from "./bundles.ts";
import { secretNotFound, VaultError } from "./errors.ts";
import { vaultPage } from "./paging.ts";
import { type VaultRequest, type VaultResponse, type VaultRoute, vaultParam } from "./request.ts";
import { liveSecret, secretsOf } from "./secret-routes.ts";
import { currentVersion, findSecret, secretKey, unixSeconds } from "./secrets.ts";

const DAY_SECONDS = 24 * 60 * 60;

/** Deleting a secret, and what can be done with a deleted one until its retention ends. */
export const deletedSecretRoutes: readonly VaultRoute[] = [
  { method: "DELETE", path: "/secrets/:name", action: "secrets/delete", handle: deleteSecret },
  {
    method: "GET",
    path: "/deletedsecrets",
    action: "secrets/readMetadata/action",
    handle: (request) => {
      purgeDueSecrets(request);
      const deleted = secretsOf(request).filter((secret) => secret.deleted !== undefined);
      return vaultPage(
        request,
        deleted,
        ({ name }) => name,
        (secret) => deletedItem(request, secret, currentVersion(secret), false),
      );
    },
  },
  {
    method: "GET",
    path: "/deletedsecrets/:name",
    action: "secrets/readMetadata/action",
    handle: (request) => {
      const secret = deletedSecret(request);
      return { status: 200, body: deletedItem(request, secret, currentVersion(secret), true) };
    },
  },
  {
    method: "POST",
    path: "/deletedsecrets/:name/recover",
    action: "secrets/recover/action",
    handle: (request) => {
      const secret = deletedSecret(request);
      request.context.store.mutate(() => {
        delete secret.deleted;
      });
      return { status: 200, body: secretItem(request, secret, currentVersion(secret), true) };
    },
  },
  { method: "DELETE", path: "/deletedsecrets/:name", action: "secrets/purge/action", handle: purgeSecret },
];

function deleteSecret(request: VaultRequest): VaultResponse {
  const secret = liveSecret(request);
  const now = unixSeconds(request.context.now());
  const days = Number(request.vault.properties.softDeleteRetentionInDays);
  request.context.store.mutate(() => {
    secret.deleted = { deletedDate: now, scheduledPurgeDate: now + days * DAY_SECONDS };
  });
  return { status: 200, body: deletedItem(request, secret, currentVersion(secret), true) };
}

function purgeSecret(request: VaultRequest): VaultResponse {
  const secret = deletedSecret(request);
  if (request.vault.properties.enablePurgeProtection === true) {
    throw new VaultError(
      403,
      "Forbidden",
      'Operation "purge" is not allowed because purge protection is enabled for this vault. Key Vault service will automatically purge it after the retention period has passed.',
      "ForbiddenByPolicy",
    );
  }
  request.context.store.mutate((data) => {
    delete data.vaultSecrets[secretKey(secret.vault, secret.name)];
  });
  return { status: 204 };
}

function deletedSecret(request: VaultRequest): VaultSecret {
  purgeDueSecrets(request);
  const name = vaultParam(request, "name");
  const secret = findSecret(request.context, request.vault.name, name);
  if (secret?.deleted === undefined) throw secretNotFound(name);
  return secret;
}

/** Forgets the vault's secrets whose retention has ended. */
export function purgeDueSecrets(request: VaultRequest): void {
  const now = unixSeconds(request.context.now());
  const due = secretsOf(request).filter(({ deleted }) => deleted !== undefined && deleted.scheduledPurgeDate <= now);
  if (due.length === 0) return;
  request.context.store.mutate((data) => {
    for (const secret of due) delete data.vaultSecrets[secretKey(secret.vault, secret.name)];
  });
}
