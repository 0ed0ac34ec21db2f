import * as pulumi from "@pulumi/pulumi";
import type { SecretWindows } from "../../../model/secret-calendar.ts";
import type { VaultPlace } from "../../azure/vault.ts";
import type { MountedSecret } from "../../kubernetes/secret-mount.ts";
import { asFile, makeSecret } from "../fab/made-secret.ts";

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
    const { vault, windows } = args;
    const { a, b } = windows;
    const lasting = { vault, expires: windows[windows.current].endDate };

    const keyA = makeSecret(`${name}-secret-key-a`, { vault, expires: a.endDate, start: a.startDate }, this);
    const keyB = makeSecret(`${name}-secret-key-b`, { vault, expires: b.endDate, start: b.startDate }, this);
    const database = makeSecret(`${name}-database-password`, lasting, this);
    const redis = makeSecret(`${name}-redis-password`, lasting, this);

    const [newer, older] = windows.current === "a" ? [keyA, keyB] : [keyB, keyA];
    this.mounted = [
      asFile(newer, "secret-key"),
      asFile(older, "previous-secret-key"),
      asFile(database, "database-password"),
      asFile(redis, "redis-password"),
    ];
    this.registerOutputs({});
  }
}
