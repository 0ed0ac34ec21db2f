import * as pulumi from "@pulumi/pulumi";
import { RandomPassword } from "@pulumi/random/randomPassword.js";
import type { SecretWindows } from "../../../model/secret-calendar.ts";
import type { VaultPlace } from "../../azure/vault.ts";
import { VaultSecret } from "../../azure/vault-secret.ts";
import type { MountedSecret } from "../../kubernetes/secret-mount.ts";
import type { MetabaseSettings } from "./contract.ts";

export interface MetabaseSecretsArgs {
  readonly settings: MetabaseSettings;
  readonly vault: VaultPlace;
  readonly windows: SecretWindows;
  /** The registration's two overlapping secrets, slot a first; empty for the open-source edition. */
  readonly clientSecrets: readonly VaultSecret[];
}

/**
 * Metabase's secrets. What is made here stays until it is replaced on purpose: the encryption key cannot be changed under a
 * running Metabase, and the others are known to a server or to Metabase as well. The client secret follows the calendar.
 */
export class MetabaseSecrets extends pulumi.ComponentResource {
  /** Files of the web pods. */
  readonly web: readonly MountedSecret[];
  /** Files of the pod that sets Metabase up. */
  readonly bootstrap: readonly MountedSecret[];
  /** Files of the reconciler: what lets it in, nothing else. */
  readonly reconciler: readonly MountedSecret[];

  constructor(name: string, args: MetabaseSecretsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("entrada:metabase:Secrets", name, {}, opts);
    const { settings, windows, vault } = args;
    const expires = windows[windows.current].endDate;
    const own = (file: string): MountedSecret => {
      const secretName = `${name}-${file}`;
      const value = new RandomPassword(
        secretName,
        // Metabase takes no password without a digit.
        { length: 48, special: false, minNumeric: 1 },
        { parent: this },
      );
      const secret = new VaultSecret(
        secretName,
        { vault, secretName, value: pulumi.secret(value.result), expires, contentType: "password" },
        { parent: this },
      );
      return asFile(secret, file);
    };

    const server = [own("database-password"), own("encryption-key")];
    const breakGlass = own("break-glass-password");
    if (settings.edition === "pro") {
      const licence = byHand(settings.licence.secretName, "licence");
      const key = own("api-key");
      const current = args.clientSecrets[windows.current === "a" ? 0 : 1];
      if (current === undefined) throw new Error(`${name} needs the registration's two client secrets.`);
      this.web = [...server, licence, key, asFile(current, "client-secret")];
      this.bootstrap = [...server, breakGlass, licence];
      this.reconciler = [key];
    } else {
      const { user, passwordSecret } = settings.mail;
      this.web = [...server, ...(user === undefined ? [] : [byHand(passwordSecret, "mail-password")])];
      this.bootstrap = [...server, breakGlass];
      this.reconciler = [breakGlass];
    }
    this.registerOutputs({});
  }
}

function asFile({ secretName, version }: VaultSecret, file: string): MountedSecret {
  return { secretName, file, version };
}

/** A secret that somebody puts into the vault. Its versions are unknown here, so its change does not roll the pods. */
function byHand(secretName: string, file: string): MountedSecret {
  return { secretName, file, version: "external" };
}
