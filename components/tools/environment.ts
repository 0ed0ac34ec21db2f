import type * as pulumi from "@pulumi/pulumi";
import type { SecretWindows } from "../../model/secret-calendar.ts";
import type { ProxySettings } from "../../model/settings/index.ts";
import type { EnvironmentVault } from "../azure/vault.ts";
import type { GatewayName } from "../kubernetes/route.ts";

/** What every tool of an environment shares. */
export interface ToolEnvironment {
  /** @example "prod" */
  readonly environment: string;
  /** Domain of the tools' hosts. */
  readonly domain: string;
  /** Domain of the people's user principal names. */
  readonly userDomain: string;
  readonly tenantId: string;
  readonly subscriptionId: string;
  /** Object id of the identity that deploys; absent: who runs the program. */
  readonly deployer?: string;
  /** Azure region. */
  readonly location: string;
  /** Issuer of the cluster's service-account tokens; of a cluster that the stack makes, Azure says it. */
  readonly oidcIssuer: pulumi.Input<string>;
  readonly gateway: GatewayName;
  readonly vault: EnvironmentVault;
  /** The vault's name as the settings say it, known before the vault exists. */
  readonly vaultName: string;
  /** The present windows of the secret calendar. */
  readonly windows: SecretWindows;
  /** Team key → object id of its group. */
  readonly groupIds: Readonly<Record<string, pulumi.Input<string>>>;
  /** Team key → display name of its group. */
  readonly groupNames: Readonly<Record<string, pulumi.Input<string>>>;
  /** Bounds of sign-in sessions, as durations such as "8h". */
  readonly sessions: { readonly maximum: string; readonly revocation: string };
  /** The identity-aware proxy; the settings have it where a tool needs it. */
  readonly proxy: ProxySettings | undefined;
  /** How pods are held to the hosts that they need. */
  readonly egress: "names" | "addresses";
  /** Whether Pulumi refuses to delete what cannot be made again as it was. */
  readonly protect: boolean;
}
