import { NatGateway } from "@pulumi/azure-native/network/natGateway.js";
import { NetworkSecurityGroup } from "@pulumi/azure-native/network/networkSecurityGroup.js";
import { PublicIPAddress } from "@pulumi/azure-native/network/publicIPAddress.js";
import { Subnet } from "@pulumi/azure-native/network/subnet.js";
import { VirtualNetwork } from "@pulumi/azure-native/network/virtualNetwork.js";
import * as pulumi from "@pulumi/pulumi";

export interface DelegatedNetworkArgs {
  /** Last part of every name: `vnet-<suffix>`, `nsg-<suffix>`, `ng-<suffix>`, `pip-<suffix>`. @example "databricks-prod" */
  readonly suffix: string;
  readonly resourceGroupName: pulumi.Input<string>;
  /** Azure region. */
  readonly location: string;
  /** @example "10.139.0.0/16" */
  readonly addressSpace: string;
  /** Subnet name → range. */
  readonly subnets: Readonly<Record<string, string>>;
  /** Service that runs in the subnets and may lay down its own rules there. @example "Microsoft.Databricks/workspaces" */
  readonly service: string;
}

/**
 * A virtual network whose subnets are handed to one service. Nothing in it has a public address, and everything leaves it
 * through one NAT gateway: with one known address, which other parties' address lists can name.
 */
export class DelegatedNetwork extends pulumi.ComponentResource {
  readonly networkId: pulumi.Output<string>;
  /** Subnet name → name in Azure, known once the subnet is there. */
  readonly subnetNames: Readonly<Record<string, pulumi.Output<string>>>;
  /** The one public address from which traffic comes. */
  readonly egressAddress: pulumi.Output<string>;

  constructor(name: string, args: DelegatedNetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("entrada:azure:DelegatedNetwork", name, {}, opts);
    const { suffix, resourceGroupName, location } = args;
    const child = { parent: this };
    const group = new NetworkSecurityGroup(
      `${name}-rules`,
      { networkSecurityGroupName: `nsg-${suffix}`, resourceGroupName, location },
      // The service that the subnets are handed to writes its rules here.
      { ...child, ignoreChanges: ["securityRules"] },
    );
    const address = new PublicIPAddress(
      `${name}-address`,
      {
        publicIpAddressName: `pip-${suffix}`,
        resourceGroupName,
        location,
        sku: { name: "Standard" },
        publicIPAllocationMethod: "Static",
        publicIPAddressVersion: "IPv4",
      },
      child,
    );
    const gateway = new NatGateway(
      `${name}-gateway`,
      {
        natGatewayName: `ng-${suffix}`,
        resourceGroupName,
        location,
        sku: { name: "Standard" },
        publicIpAddresses: [{ id: address.id }],
      },
      child,
    );
    const network = new VirtualNetwork(
      name,
      {
        virtualNetworkName: `vnet-${suffix}`,
        resourceGroupName,
        location,
        addressSpace: { addressPrefixes: [args.addressSpace] },
      },
      // The subnets are resources of their own: the network would take them out again.
      { ...child, ignoreChanges: ["subnets"] },
    );
    const subnets: Subnet[] = [];
    for (const [key, addressPrefix] of Object.entries(args.subnets)) {
      subnets.push(
        new Subnet(
          `${name}-${key}`,
          {
            subnetName: key,
            virtualNetworkName: network.name,
            resourceGroupName,
            addressPrefix,
            // Since 2026 the default of newer API versions only, so it is said.
            defaultOutboundAccess: false,
            natGateway: { id: gateway.id },
            networkSecurityGroup: { id: group.id },
            delegations: [{ name: "delegation", serviceName: args.service }],
          },
          // Azure answers 409 to two writes at once in one network.
          { ...child, dependsOn: subnets.slice(-1) },
        ),
      );
    }
    this.networkId = network.id;
    this.subnetNames = Object.fromEntries(
      Object.keys(args.subnets).map((key, index) => [
        key,
        pulumi.output(subnets[index]?.name).apply((known) => known ?? key),
      ]),
    );
    this.egressAddress = address.ipAddress.apply((known) => known ?? "");
    this.registerOutputs({ networkId: this.networkId, egressAddress: this.egressAddress });
  }
}
