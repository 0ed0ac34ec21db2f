import { randomBytes } from "node:crypto";
import type { EmulatorContext } from "../context.ts";
import type { VaultSecret, VaultSecretVersion } from "../directory.ts";

/** What a new version of a secret is made of; times are unix seconds. */
export interface NewSecretVersion {
  readonly value: string;
  readonly contentType?: string | undefined;
  readonly tags?: Record<string, string> | undefined;
  readonly enabled?: boolean | undefined;
  readonly notBefore?: number | undefined;
  readonly expires?: number | undefined;
}

export const secretKey = (vault: string, name: string) => `${vault}/${name}`.toLowerCase();

/** A live or deleted secret; undefined when there is none. Names have no case. */
export function findSecret(context: EmulatorContext, vault: string, name: string): VaultSecret | undefined {
  return context.store.data.vaultSecrets[secretKey(vault, name)];
}

/** The newest version. Versions are kept oldest first, and a secret always has one. */
export function currentVersion(secret: VaultSecret): VaultSecretVersion {
  const version = secret.versions.at(-1);
  if (version === undefined) throw new Error(`The secret ${secret.vault}/${secret.name} has no version.`);
  return version;
}

/** Writes a new version; the value is sealed before it reaches the store. */
export function addSecretVersion(
  context: EmulatorContext,
  vault: string,
  name: string,
  content: NewSecretVersion,
): { secret: VaultSecret; version: VaultSecretVersion } {
  const now = unixSeconds(context.now());
  const version: VaultSecretVersion = {
    version: randomBytes(16).toString("hex"),
    sealedValue: context.seal(content.value),
    ...(content.contentType !== undefined && { contentType: content.contentType }),
    ...(content.tags !== undefined && { tags: content.tags }),
    enabled: content.enabled ?? true,
    created: now,
    updated: now,
    ...(content.notBefore !== undefined && { notBefore: content.notBefore }),
    ...(content.expires !== undefined && { expires: content.expires }),
  };
  return context.store.mutate((data) => {
    const key = secretKey(vault, name);
    const secret = data.vaultSecrets[key] ?? { vault: vault.toLowerCase(), name, versions: [] };
    secret.versions.push(version);
    data.vaultSecrets[key] = secret;
    return { secret, version };
  });
}

export function unixSeconds(moment: Date): number {
  return Math.floor(moment.getTime() / 1000);
}
