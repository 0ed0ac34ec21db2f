import { Vault as KeyVault } from "@pulumi/azure-native/keyvault/vault.js";
import { ResourceGroup } from "@pulumi/azure-native/resources/resourceGroup.js";
import * as pulumi from "@pulumi/pulumi";

/** Where a secret goes: the vault's name and its resource group. */
export interface VaultPlace {
  readonly name: pulumi.Input<string>;
  readonly resourceGroupName: pulumi.Input<string>;
  /**
   * The vault itself, when this stack makes it: its secrets then go with it. Deleting one by itself is a call to the
   * vault's own address, which a closed network refuses.
   */
  readonly resource?: pulumi.Resource;
}

/** The vault of an environment, made here or kept by others. */
export interface EnvironmentVault extends VaultPlace {
  /** Azure resource id, the scope of role assignments. */
  readonly vaultId: pulumi.Output<string>;
  readonly name: pulumi.Output<string>;
  /** Its resource group, where the tools' managed identities lie too. */
  readonly resourceGroupName: pulumi.Output<string>;
}

/** A vault that others keep, by its Azure resource id. Secrets that are taken out of the settings are then deleted one by one. */
export function existingVault(vaultId: string): EnvironmentVault {
  const parts = vaultId.split("/");
  return {
    vaultId: pulumi.output(vaultId),
    name: pulumi.output(parts.at(-1) ?? ""),
    resourceGroupName: pulumi.output(parts[4] ?? ""),
  };
}

export interface VaultArgs {
  /**
   * Name of the vault, 3 to 24 characters, unique in all of Azure. Purge protection blocks the name of a destroyed vault
   * for `retentionDays`.
   * @example "kv-prod-3fa9c1"
   */
  readonly vaultName: string;
  /**
   * Name of the resource group to make, or one that exists.
   * @example "rg-entrada-prod"
   * @example { existing: "rg-data" }
   */
  readonly resourceGroup: string | { readonly existing: pulumi.Input<string> };
  /** Azure region. @example "westeurope" */
  readonly location: string;
  /** Tenant whose identities may use the vault. */
  readonly tenantId: string;
  /** Whether the vault answers outside the private network. @default false */
  readonly publicAccess?: boolean;
  /** Public addresses or ranges that are let in when `publicAccess` is true; none means every address. @default [] */
  readonly allowedIps?: readonly string[];
  /** Days (7 to 90) in which deleted secrets can be brought back; fixed at creation. @default 90 */
  readonly retentionDays?: number;
  /** Whether Pulumi refuses to delete vault and resource group. @default false */
  readonly protect?: boolean;
}

/**
 * A Key Vault that only roles open (no access policies), that keeps what is deleted, and that is closed to the internet
 * unless the settings open it.
 *
 * @example new Vault("vault", { vaultName: "kv-dev-3fa9c1", resourceGroup: "rg-entrada-dev", location: "westeurope", tenantId })
 */
export class Vault extends pulumi.ComponentResource implements EnvironmentVault {
  /** Azure resource id, the scope of role assignments. */
  readonly vaultId: pulumi.Output<string>;
  readonly name: pulumi.Output<string>;
  readonly resourceGroupName: pulumi.Output<string>;
  readonly resource: pulumi.Resource;

  constructor(name: string, args: VaultArgs, opts?: pulumi.ComponentResourceOptions) {
    super("entrada:azure:Vault", name, {}, opts);
    const child = { parent: this, protect: args.protect ?? false };

    this.resourceGroupName = resourceGroupName(name, args, child);
    const vault = new KeyVault(
      name,
      {
        vaultName: args.vaultName,
        resourceGroupName: this.resourceGroupName,
        location: args.location,
        properties: vaultProperties(args),
      },
      child,
    );
    this.resource = vault;
    this.vaultId = vault.id;
    this.name = vault.name;
    this.registerOutputs({ vaultId: this.vaultId, name: this.name, resourceGroupName: this.resourceGroupName });
  }
}

function resourceGroupName(name: string, args: VaultArgs, child: pulumi.CustomResourceOptions): pulumi.Output<string> {
  if (typeof args.resourceGroup !== "string") return pulumi.output(args.resourceGroup.existing);
  const group = new ResourceGroup(
    `${name}-group`,
    { resourceGroupName: args.resourceGroup, location: args.location },
    child,
  );
  return group.name;
}

/** The vault's properties; public so that tests read them without an engine. */
export function vaultProperties(args: VaultArgs) {
  const open = args.publicAccess ?? false;
  const ips = args.allowedIps ?? [];
  return {
    tenantId: args.tenantId,
    sku: { family: "A", name: "standard" as const },
    enableRbacAuthorization: true,
    enableSoftDelete: true,
    softDeleteRetentionInDays: args.retentionDays ?? 90,
    // Can be switched on only: Azure refuses `false`.
    enablePurgeProtection: true,
    enabledForDeployment: false,
    enabledForDiskEncryption: false,
    enabledForTemplateDeployment: false,
    publicNetworkAccess: open ? "enabled" : "disabled",
    networkAcls: {
      bypass: "AzureServices",
      defaultAction: open && ips.length === 0 ? "Allow" : "Deny",
      ipRules: open ? ips.map((value) => ({ value })) : [],
      virtualNetworkRules: [],
    },
  };
}
