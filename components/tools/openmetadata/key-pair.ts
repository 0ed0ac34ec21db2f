import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import { PrivateKey } from "@pulumi/tls/privateKey.js";
import type { VaultPlace } from "../../azure/vault.ts";
import { VaultSecret } from "../../azure/vault-secret.ts";
import type { MountedSecret } from "../../kubernetes/secret-mount.ts";

export interface KeyPairArgs {
  readonly vault: VaultPlace;
  /** End that the vault reports, as RFC 3339. */
  readonly expires: string;
}

/**
 * The key pair that OpenMetadata signs its own tokens with: bots', jobs' and, with a confidential client, people's. Every
 * release is shipped with the same one, so whoever has a release could sign in anywhere. The stack makes its own and keeps
 * it: another one would end every bot's token.
 */
export class KeyPair extends pulumi.ComponentResource {
  /** Name under which the server publishes the public key: a hash of it, which is no secret. */
  readonly keyId: pulumi.Output<string>;
  readonly publicKey: MountedSecret;
  readonly privateKey: MountedSecret;

  constructor(name: string, args: KeyPairArgs, opts?: pulumi.ComponentResourceOptions) {
    super("entrada:openmetadata:KeyPair", name, {}, opts);
    const key = new PrivateKey(name, { algorithm: "RSA", rsaBits: 2048 }, { parent: this });
    this.keyId = pulumi.output(key.publicKeyPem).apply(keyIdOf);
    this.privateKey = this.#keep(`${name}-private`, "jwt-private-key.der", key.privateKeyPemPkcs8, args);
    this.publicKey = this.#keep(`${name}-public`, "jwt-public-key.der", key.publicKeyPem, args);
    this.registerOutputs({ keyId: this.keyId });
  }

  /** The server reads DER. A vault holds text, so there it is base64, and the driver writes the bytes. */
  #keep(secretName: string, file: string, pem: pulumi.Output<string>, args: KeyPairArgs): MountedSecret {
    const { version } = new VaultSecret(
      secretName,
      { ...args, secretName, value: pulumi.secret(pem).apply(derOf), contentType: "base64 of DER" },
      { parent: this },
    );
    return { secretName, file, version, encoding: "base64" };
  }
}

/** The DER inside a PEM text, as base64 in one line. */
export function derOf(pem: string): string {
  const found = /^-----BEGIN ([A-Z ]+)-----\n(?<body>[A-Za-z0-9+/=\n]+)\n-----END \1-----\n*$/.exec(pem);
  if (found?.groups?.body === undefined) throw new Error("The key is not one PEM block.");
  return found.groups.body.replaceAll("\n", "");
}

/** The first half of the public key's SHA-256, in hexadecimal digits. */
export function keyIdOf(publicKeyPem: string): string {
  const der = Buffer.from(derOf(publicKeyPem), "base64");
  return createHash("sha256").update(der).digest("hex").slice(0, 32);
}
