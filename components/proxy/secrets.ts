import * as pulumi from "@pulumi/pulumi";
import { RandomPassword } from "@pulumi/random/randomPassword.js";
import { VaultSecret } from "../azure/vault-secret.ts";
import type { MountedSecret } from "../kubernetes/secret-mount.ts";
import type { ToolEnvironment } from "../tools/environment.ts";

/**
 * One proxy's secrets, made here and kept in the vault alone: the key of its cookies, and the password of its user at Redis.
 *
 * oauth2-proxy knows one cookie key. The calendar replaces it when the windows change over: cookies of before are then
 * worth nothing, and the next page passes through Entra once more, mostly without a word.
 */
export class ProxySecrets extends pulumi.ComponentResource {
  /** The secrets as files of the pods. */
  readonly mounted: readonly MountedSecret[];

  constructor(
    name: string,
    { vault, windows }: Pick<ToolEnvironment, "vault" | "windows">,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("entrada:proxy:Secrets", name, {}, opts);
    const { startDate, endDate } = windows[windows.current];
    const create = (secretName: string, keepers?: Record<string, string>): VaultSecret => {
      // 32 characters: a length that oauth2-proxy takes as an AES key.
      const value = new RandomPassword(secretName, { length: 32, special: false, keepers }, { parent: this });
      return new VaultSecret(
        secretName,
        { vault, secretName, value: pulumi.secret(value.result), expires: endDate, contentType: "password" },
        { parent: this },
      );
    };
    this.mounted = [
      asFile(create(`${name}-cookie-secret`, { start: startDate }), "cookie-secret"),
      asFile(create(`${name}-redis-password`), "redis-password"),
    ];
    this.registerOutputs({});
  }
}

function asFile(secret: VaultSecret, file: string): MountedSecret {
  return { secretName: secret.secretName, file, version: secret.version };
}
