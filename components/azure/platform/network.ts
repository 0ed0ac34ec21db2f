import { NatGateway } from "@pulumi/azure-native/network/natGateway.js";
import { NetworkSecurityGroup } from "@pulumi/azure-native/network/networkSecurityGroup.js";
import { PublicIPAddress } from "@pulumi/azure-native/network/publicIPAddress.js";
import { Subnet } from "@pulumi/azure-native/network/subnet.js";
import { VirtualNetwork } from "@pulumi/azure-native/network/virtualNetwork.js";
import * as pulumi from "@pulumi/pulumi";
import { endpointRules, nodeRules, type SecurityRule } from "./network-rules.ts";
import type { Existing, Place } from "./place.ts";

/** A network to make. */
export interface NewNetwork {
  /** Range of the whole network. @example "10.64.0.0/20" */
  readonly addressSpace: string;
  /** Range of the cluster's nodes. */
  readonly nodes: string;
  /** Range of the private endpoints. */
  readonly endpoints: string;
  /** Ranges that people come from; none: everywhere. */
  readonly people: readonly string[];
}

/** A network that others keep, with the names of the two subnets to use. */
export interface GivenNetwork extends Existing {
  readonly nodes: string;
  readonly endpoints: string;
}

export interface PlatformNetworkArgs {
  readonly place: Place;
  readonly network: NewNetwork | GivenNetwork;
}

/** A subnet that is made: its range, its rules, and whether it has a way out. */
interface SubnetPlan {
  readonly key: "nodes" | "endpoints";
  readonly range: string;
  readonly rules: readonly SecurityRule[];
}

/**
 * The network of cluster, vault, database and Redis. Nothing in it has a public address of its own; nodes leave it through one NAT
 * gateway, private endpoints not at all.
 */
export class PlatformNetwork extends pulumi.ComponentResource {
  readonly networkId: pulumi.Output<string>;
  /** Azure resource id of the nodes' subnet. */
  readonly nodesId: pulumi.Output<string>;
  /** Azure resource id of the subnet with the private endpoints. */
  readonly endpointsId: pulumi.Output<string>;
  /** The public address from which the nodes' traffic comes; undefined where others keep the network. */
  readonly egressAddress: pulumi.Output<string> | undefined;
  /** Security groups that were made, by subnet. */
  readonly securityGroups: Readonly<Record<string, NetworkSecurityGroup>>;

  constructor(name: string, args: PlatformNetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("entrada:platform:Network", name, {}, opts);
    const { network } = args;
    if ("existing" in network) {
      const { existing, nodes, endpoints } = network;
      this.networkId = pulumi.output(existing);
      this.nodesId = pulumi.output(`${existing}/subnets/${nodes}`);
      this.endpointsId = pulumi.output(`${existing}/subnets/${endpoints}`);
      this.egressAddress = undefined;
      this.securityGroups = {};
    } else {
      const made = this.make(name, args.place, network);
      this.networkId = made.network.id;
      this.nodesId = made.subnets.nodes.id;
      this.endpointsId = made.subnets.endpoints.id;
      this.egressAddress = made.address.ipAddress.apply((known) => known ?? "");
      this.securityGroups = made.groups;
    }
    this.registerOutputs({ networkId: this.networkId });
  }

  private make(name: string, place: Place, wanted: NewNetwork) {
    const { environment, resourceGroupName, location, protect } = place;
    const common = { resourceGroupName, location };
    const child = { parent: this };
    const address = new PublicIPAddress(
      `${name}-address`,
      {
        ...common,
        publicIpAddressName: `pip-${environment}`,
        sku: { name: "Standard" },
        publicIPAllocationMethod: "Static",
        publicIPAddressVersion: "IPv4",
      },
      child,
    );
    const gateway = new NatGateway(
      `${name}-gateway`,
      {
        ...common,
        natGatewayName: `ng-${environment}`,
        sku: { name: "Standard" },
        publicIpAddresses: [{ id: address.id }],
      },
      child,
    );
    const network = new VirtualNetwork(
      name,
      {
        ...common,
        virtualNetworkName: `vnet-${environment}`,
        addressSpace: { addressPrefixes: [wanted.addressSpace] },
      },
      // The subnets are resources of their own: the network would take them out again.
      { ...child, protect, ignoreChanges: ["subnets"] },
    );
    const plans: readonly SubnetPlan[] = [
      { key: "nodes", range: wanted.nodes, rules: nodeRules(wanted.people) },
      { key: "endpoints", range: wanted.endpoints, rules: endpointRules(wanted.nodes) },
    ];
    const groups: Record<string, NetworkSecurityGroup> = {};
    const subnets = {} as Record<SubnetPlan["key"], Subnet>;
    let before: Subnet[] = [];
    for (const { key, range, rules } of plans) {
      const group = new NetworkSecurityGroup(
        `${name}-${key}-rules`,
        {
          ...common,
          networkSecurityGroupName: `nsg-${environment}-${key}`,
          securityRules: rules.map(({ sourceAddressPrefixes, destinationPortRanges, ...rule }) => ({
            ...rule,
            ...(sourceAddressPrefixes && { sourceAddressPrefixes: [...sourceAddressPrefixes] }),
            ...(destinationPortRanges && { destinationPortRanges: [...destinationPortRanges] }),
          })),
        },
        child,
      );
      groups[key] = group;
      subnets[key] = new Subnet(
        `${name}-${key}`,
        {
          resourceGroupName,
          subnetName: key,
          virtualNetworkName: network.name,
          addressPrefix: range,
          // Since 2026 the default of newer API versions only, so it is said.
          defaultOutboundAccess: false,
          ...(key === "nodes" && { natGateway: { id: gateway.id } }),
          networkSecurityGroup: { id: group.id },
          // Without it Azure lets everything in the network reach an endpoint, whatever the group says.
          ...(key === "endpoints" && { privateEndpointNetworkPolicies: "Enabled" }),
        },
        // Azure answers 409 to two writes at once in one network.
        { ...child, dependsOn: before },
      );
      before = [subnets[key]];
    }
    return { network, address, groups, subnets };
  }
}
