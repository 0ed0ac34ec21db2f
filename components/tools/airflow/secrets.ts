import * as pulumi from "@pulumi/pulumi";
import type { SecretWindows } from "../../../model/secret-calendar.ts";
import type { VaultPlace } from "../../azure/vault.ts";
import type { MountedSecret } from "../../kubernetes/secret-mount.ts";
import { asFile, makeSecret } from "../fab/made-secret.ts";

export interface AirflowSecretsArgs {
  readonly vault: VaultPlace;
  readonly windows: SecretWindows;
  /** Whether Celery's workers are fed through Redis. */
  readonly redis: boolean;
}

/**
 * Airflow's secrets, made here and kept in the vault alone. The calendar replaces the older of two Fernet keys (the other
 * still decrypts what is stored). The rest stays until it is replaced on purpose: servers must be told their passwords, and
 * another token key would end every running task.
 */
export class AirflowSecrets extends pulumi.ComponentResource {
  readonly database: MountedSecret;
  /** What encrypts connections, variables and triggers in the database. */
  readonly fernet: readonly MountedSecret[];
  /** Signs sessions, and the requests by which the API server reads logs of other pods. */
  readonly api: MountedSecret;
  /** Signs Airflow's tokens, people's and tasks' alike; as long as HS512 wants its keys. */
  readonly jwt: MountedSecret;
  /** Redis' password; undefined without Redis. */
  readonly redis: MountedSecret | undefined;

  constructor(name: string, args: AirflowSecretsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("entrada:airflow:Secrets", name, {}, opts);
    const { vault, windows } = args;
    const { a, b } = windows;
    const lasting = { vault, expires: windows[windows.current].endDate };

    const keyA = makeSecret(`${name}-fernet-key-a`, { ...fernet(vault), expires: a.endDate, start: a.startDate }, this);
    const keyB = makeSecret(`${name}-fernet-key-b`, { ...fernet(vault), expires: b.endDate, start: b.startDate }, this);
    const [newer, older] = windows.current === "a" ? [keyA, keyB] : [keyB, keyA];

    this.fernet = [asFile(newer, "fernet-key"), asFile(older, "previous-fernet-key")];
    this.database = asFile(makeSecret(`${name}-database-password`, lasting, this), "database-password");
    this.api = asFile(makeSecret(`${name}-api-secret-key`, lasting, this), "api-secret-key");
    this.jwt = asFile(makeSecret(`${name}-jwt-secret`, { ...lasting, length: 64 }, this), "jwt-secret");
    this.redis = args.redis ? asFile(makeSecret(`${name}-redis-password`, lasting, this), "redis-password") : undefined;
    this.registerOutputs({});
  }
}

/** A Fernet key is 32 bytes in base64: 43 characters and the sign that fills up. */
function fernet(vault: VaultPlace) {
  return { vault, form: (random: string) => `${random.slice(0, 43)}=`, contentType: "Fernet key" };
}
