import * as pulumi from "@pulumi/pulumi";
import { RandomPassword } from "@pulumi/random/randomPassword.js";
import type { SecretWindows } from "../../../model/secret-calendar.ts";
import type { VaultPlace } from "../../azure/vault.ts";
import { VaultSecret } from "../../azure/vault-secret.ts";
import type { MountedSecret } from "../../kubernetes/secret-mount.ts";

export interface SupersetSecretsArgs {
  readonly vault: VaultPlace;
  readonly windows: SecretWindows;
}

/**
 * Superset's secrets, made here and kept in the vault alone: two keys of which the calendar replaces the older one (the
 * other still decrypts what is stored), and the passwords that the database's and Redis' users are given.
 */
export class SupersetSecrets extends pulumi.ComponentResource {
  /** The secrets as files of the pods. */
  readonly mounted: readonly MountedSecret[];

  constructor(name: string, args: SupersetSecretsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("entrada:superset:Secrets", name, {}, opts);
    const { windows } = args;
    const current = windows[windows.current].endDate;

    const keyA = this.#create(`${name}-secret-key-a`, args.vault, windows.a.endDate, windows.a.startDate);
    const keyB = this.#create(`${name}-secret-key-b`, args.vault, windows.b.endDate, windows.b.startDate);
    const database = this.#create(`${name}-database-password`, args.vault, current);
    const redis = this.#create(`${name}-redis-password`, args.vault, current);

    const [newer, older] = windows.current === "a" ? [keyA, keyB] : [keyB, keyA];
    this.mounted = [
      asFile(newer, "secret-key"),
      asFile(older, "previous-secret-key"),
      asFile(database, "database-password"),
      asFile(redis, "redis-password"),
    ];
    this.registerOutputs({});
  }

  /** A random value in the vault; another `start` makes another value. */
  #create(secretName: string, vault: VaultPlace, expires: string, start?: string): VaultSecret {
    const value = new RandomPassword(
      secretName,
      { length: 48, special: false, keepers: start === undefined ? undefined : { start } },
      { parent: this },
    );
    return new VaultSecret(
      secretName,
      { vault, secretName, value: pulumi.secret(value.result), expires, contentType: "password" },
      { parent: this },
    );
  }
}

function asFile(secret: VaultSecret, file: string): MountedSecret {
  return { secretName: secret.secretName, file, version: secret.version };
}
