import type * as pulumi from "@pulumi/pulumi";
import type { SecretWindows } from "../../model/secret-calendar.ts";
import type { Vault } from "../azure/vault.ts";
import type { GatewayName } from "../kubernetes/route.ts";

/** What every tool of an environment shares. */
export interface ToolEnvironment {
  /** @example "prod" */
  readonly environment: string;
  readonly tenantId: string;
  readonly subscriptionId: string;
  /** Azure region. */
  readonly location: string;
  /** Issuer of the cluster's service-account tokens. */
  readonly oidcIssuer: string;
  readonly gateway: GatewayName;
  readonly vault: Vault;
  /** The vault's name as the settings say it, known before the vault exists. */
  readonly vaultName: string;
  /** The present windows of the secret calendar. */
  readonly windows: SecretWindows;
  /** Team key → object id of its group. */
  readonly groupIds: Readonly<Record<string, pulumi.Input<string>>>;
  /** Whether Pulumi refuses to delete what cannot be made again as it was. */
  readonly protect: boolean;
}
