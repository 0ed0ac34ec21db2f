import * as pulumi from "@pulumi/pulumi";
import { RandomBytes } from "@pulumi/random/randomBytes.js";
import { RandomPassword } from "@pulumi/random/randomPassword.js";
import type { SecretWindows } from "../../../model/secret-calendar.ts";
import type { VaultPlace } from "../../azure/vault.ts";
import { VaultSecret } from "../../azure/vault-secret.ts";
import type { MountedSecret } from "../../kubernetes/secret-mount.ts";
import { KeyPair } from "./key-pair.ts";

export interface OpenMetadataSecretsArgs {
  readonly vault: VaultPlace;
  readonly windows: SecretWindows;
}

/**
 * OpenMetadata's secrets, made here and kept in the vault alone: the key pair of its tokens, the key that encrypts the
 * credentials of connections in its database, and the passwords that the servers' users are given. They stay: each is known
 * to somebody else, or encrypts what is stored. Their end in the vault moves on with the calendar.
 */
export class OpenMetadataSecrets extends pulumi.ComponentResource {
  readonly keyPair: KeyPair;
  /** The secrets as files of the server. */
  readonly mounted: readonly MountedSecret[];

  constructor(name: string, args: OpenMetadataSecretsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("entrada:openmetadata:Secrets", name, {}, opts);
    const { vault, windows } = args;
    const child = { parent: this };
    const expires = windows[windows.current].endDate;
    const keep = (secretName: string, file: string, value: pulumi.Output<string>): MountedSecret => {
      const place = { vault, secretName, expires, contentType: "password" };
      const { version } = new VaultSecret(secretName, { ...place, value: pulumi.secret(value) }, child);
      return { secretName, file, version };
    };
    const password = (secretName: string) =>
      new RandomPassword(secretName, { length: 48, special: false }, child).result;
    const fernet = new RandomBytes(`${name}-fernet-key`, { length: 32 }, child);

    this.keyPair = new KeyPair(`${name}-jwt-key`, { vault, expires }, child);
    this.mounted = [
      this.keyPair.privateKey,
      this.keyPair.publicKey,
      keep(`${name}-fernet-key`, "fernet-key", fernet.base64.apply(urlSafe)),
      keep(`${name}-database-password`, "database-password", password(`${name}-database-password`)),
      keep(`${name}-search-password`, "search-password", password(`${name}-search-password`)),
    ];
    this.registerOutputs({});
  }
}

/** The alphabet that Fernet is specified with (RFC 4648, section 5). */
function urlSafe(base64: string): string {
  return base64.replaceAll("+", "-").replaceAll("/", "_");
}
