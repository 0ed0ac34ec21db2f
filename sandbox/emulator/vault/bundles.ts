import type { VaultSecret, VaultSecretVersion } from "../directory.ts";
import type { VaultRequest } from "./request.ts";

const FULL_RETENTION_DAYS = 90;

/** `Recoverable`, `Recoverable+Purgeable` and their customized forms (https://learn.microsoft.com/rest/api/keyvault). */
export function recoveryLevel(request: VaultRequest): string {
  const { softDeleteRetentionInDays, enablePurgeProtection } = request.vault.properties;
  const custom = softDeleteRetentionInDays === FULL_RETENTION_DAYS ? "" : "Customized";
  return `${custom}Recoverable${enablePurgeProtection === true ? "" : "+Purgeable"}`;
}

export function secretUri(request: VaultRequest, kind: "secrets" | "deletedsecrets", name: string, version?: string) {
  const base = `https://${request.vault.name.toLowerCase()}.vault.azure.net/${kind}/${name}`;
  return version === undefined ? base : `${base}/${version}`;
}

/** A version without its value, as lists, updates and deletions show it. */
export function secretItem(
  request: VaultRequest,
  secret: VaultSecret,
  version: VaultSecretVersion,
  withVersion: boolean,
) {
  const { contentType, tags, enabled, notBefore, expires, created, updated } = version;
  return {
    id: secretUri(request, "secrets", secret.name, withVersion ? version.version : undefined),
    ...(contentType !== undefined && { contentType }),
    attributes: {
      enabled,
      ...(notBefore !== undefined && { nbf: notBefore }),
      ...(expires !== undefined && { exp: expires }),
      created,
      updated,
      recoveryLevel: recoveryLevel(request),
      recoverableDays: request.vault.properties.softDeleteRetentionInDays,
    },
    ...(tags !== undefined && { tags }),
  };
}

/** A version with its value: only the answers to set and get hold it. */
export function secretBundle(request: VaultRequest, secret: VaultSecret, version: VaultSecretVersion) {
  return { value: request.context.open(version.sealedValue), ...secretItem(request, secret, version, true) };
}

/** A deleted secret. */
export function deletedItem(
  request: VaultRequest,
  secret: VaultSecret,
  version: VaultSecretVersion,
  withVersion: boolean,
) {
  return {
    recoveryId: secretUri(request, "deletedsecrets", secret.name),
    deletedDate: secret.deleted?.deletedDate,
    scheduledPurgeDate: secret.deleted?.scheduledPurgeDate,
    ...secretItem(request, secret, version, withVersion),
  };
}
