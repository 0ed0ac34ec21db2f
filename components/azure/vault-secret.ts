import { Secret } from "@pulumi/azure-native/keyvault/secret.js";
import * as pulumi from "@pulumi/pulumi";
import type { VaultPlace } from "./vault.ts";

export interface VaultSecretArgs {
  readonly vault: VaultPlace;
  /** Name inside the vault: letters, digits and hyphens. @example "superset-redis-password" */
  readonly secretName: string;
  /** The value, as a secret Output; anything else is refused, because it would stand in plain text in the state. */
  readonly value: pulumi.Output<string>;
  /** When the value stops being valid, as RFC 3339. Key Vault reports it and tells nobody no: the calendar replaces it before. */
  readonly expires: string;
  /** What the value is, for people who look at the vault. @example "password" */
  readonly contentType?: string;
}

/** One secret of a vault, with its end. */
export class VaultSecret extends pulumi.ComponentResource {
  readonly secretName: string;
  /** Version that Key Vault gave the present value; a new value has a new one. Not secret. */
  readonly version: pulumi.Output<string>;

  constructor(name: string, args: VaultSecretArgs, opts?: pulumi.ComponentResourceOptions) {
    super("entrada:azure:VaultSecret", name, {}, opts);
    this.secretName = args.secretName;
    const secret = new Secret(
      name,
      {
        vaultName: args.vault.name,
        resourceGroupName: args.vault.resourceGroupName,
        secretName: args.secretName,
        properties: {
          value: pulumi.secret(pulumi.output(onlySecret(args.secretName, args.value))),
          contentType: args.contentType,
          attributes: { enabled: true, expires: Date.parse(args.expires) / 1000 },
        },
      },
      { parent: this, deletedWith: args.vault.resource },
    );
    this.version = pulumi.unsecret(secret.properties.apply((properties) => versionOf(properties.secretUriWithVersion)));
    this.registerOutputs({ version: this.version });
  }
}

/** Fails the program when the value is not marked secret. The message names the secret and never its value. */
export async function onlySecret(secretName: string, value: pulumi.Output<string>): Promise<pulumi.Output<string>> {
  if (await pulumi.isSecret(value)) return value;
  throw new pulumi.RunError(
    `The value of vault secret "${secretName}" is not marked secret: pass pulumi.secret(value) or a secret output.`,
  );
}

/** The version, the last part of `https://<vault>.vault.azure.net/secrets/<name>/<version>`. */
export function versionOf(uri: string): string {
  return uri.slice(uri.lastIndexOf("/") + 1);
}
