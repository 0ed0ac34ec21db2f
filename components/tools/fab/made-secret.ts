import * as pulumi from "@pulumi/pulumi";
import { RandomPassword } from "@pulumi/random/randomPassword.js";
import type { VaultPlace } from "../../azure/vault.ts";
import { VaultSecret } from "../../azure/vault-secret.ts";
import type { MountedSecret } from "../../kubernetes/secret-mount.ts";

export interface MadeSecretArgs {
  readonly vault: VaultPlace;
  /** When the value stops being valid, as RFC 3339. */
  readonly expires: string;
  /** Another start makes another value. @default one value until it is replaced on purpose */
  readonly start?: string;
  /** Letters and digits of the random text. @default 48 */
  readonly length?: number;
  /** Makes the value from the random letters and digits. @default those as they are */
  readonly form?: (random: string) => string;
  /** @default "password" */
  readonly contentType?: string;
}

/** A random value in the vault and nowhere else. Its name in the vault is the first part of its resources' names. */
export function makeSecret(secretName: string, args: MadeSecretArgs, parent: pulumi.Resource): VaultSecret {
  const { vault, expires, start, length = 48, form = same, contentType = "password" } = args;
  const random = new RandomPassword(
    secretName,
    { length, special: false, keepers: start === undefined ? undefined : { start } },
    { parent },
  );
  const value = pulumi.secret(random.result).apply(form);
  return new VaultSecret(secretName, { vault, secretName, value, expires, contentType }, { parent });
}

const same = (text: string): string => text;

/** The secret as a file of a pod. */
export function asFile({ secretName, version }: VaultSecret, file: string): MountedSecret {
  return { secretName, file, version };
}
