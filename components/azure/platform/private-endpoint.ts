import { PrivateDnsZoneGroup } from "@pulumi/azure-native/network/privateDnsZoneGroup.js";
import { PrivateEndpoint as Endpoint } from "@pulumi/azure-native/network/privateEndpoint.js";
import { PrivateZone } from "@pulumi/azure-native/privatedns/privateZone.js";
import { VirtualNetworkLink } from "@pulumi/azure-native/privatedns/virtualNetworkLink.js";
import * as pulumi from "@pulumi/pulumi";
import type { Place } from "./place.ts";

/** What can be reached by a private endpoint: its group and its zone (learn.microsoft.com/azure/private-link/private-endpoint-dns). */
export const PRIVATE_LINKS = {
  vault: { group: "vault", zone: "privatelink.vaultcore.azure.net" },
  postgres: { group: "postgresqlServer", zone: "privatelink.postgres.database.azure.com" },
  redis: { group: "redisEnterprise", zone: "privatelink.redis.azure.net" },
} as const;

export interface PrivateEndpointArgs {
  readonly place: Place;
  /** Which service it leads to. */
  readonly link: keyof typeof PRIVATE_LINKS;
  /** Azure resource id of what it leads to. */
  readonly resourceId: pulumi.Input<string>;
  /** The network whose pods and nodes resolve the service's name to the endpoint. */
  readonly networkId: pulumi.Input<string>;
  /** Subnet with the endpoint's address. */
  readonly subnetId: pulumi.Input<string>;
  /** Id of the resource group with a hub's zones; absent: the zone is made and linked to the network. */
  readonly zonesGroupId?: string;
}

/** A private address for a service, and the DNS zone that lets the service's own name lead there. */
export class PrivateEndpoint extends pulumi.ComponentResource {
  /** Known once the name leads to the endpoint: whoever needs the service waits for it. */
  readonly ready: pulumi.Resource;

  constructor(name: string, args: PrivateEndpointArgs, opts?: pulumi.ComponentResourceOptions) {
    super("entrada:platform:PrivateEndpoint", name, {}, opts);
    const { place, link, resourceId, subnetId } = args;
    const { resourceGroupName, location, environment } = place;
    const { group } = PRIVATE_LINKS[link];
    const endpoint = new Endpoint(
      name,
      {
        privateEndpointName: `pe-${environment}-${link}`,
        resourceGroupName,
        location,
        subnet: { id: subnetId },
        privateLinkServiceConnections: [{ name: link, privateLinkServiceId: resourceId, groupIds: [group] }],
      },
      { parent: this },
    );
    this.ready = new PrivateDnsZoneGroup(
      `${name}-names`,
      {
        privateDnsZoneGroupName: "default",
        privateEndpointName: endpoint.name,
        resourceGroupName,
        privateDnsZoneConfigs: [{ name: link, privateDnsZoneId: this.zone(name, args) }],
      },
      { parent: this },
    );
    this.registerOutputs({});
  }

  private zone(name: string, args: PrivateEndpointArgs): pulumi.Input<string> {
    const { place, link, networkId, zonesGroupId } = args;
    const { resourceGroupName, environment } = place;
    const { zone: privateZoneName } = PRIVATE_LINKS[link];
    if (zonesGroupId !== undefined) {
      return `${zonesGroupId}/providers/Microsoft.Network/privateDnsZones/${privateZoneName}`;
    }
    const zone = new PrivateZone(
      `${name}-zone`,
      { privateZoneName, resourceGroupName, location: "global" },
      { parent: this },
    );
    new VirtualNetworkLink(
      `${name}-link`,
      {
        virtualNetworkLinkName: `vnet-${environment}`,
        privateZoneName: zone.name,
        resourceGroupName,
        location: "global",
        virtualNetwork: { id: networkId },
        registrationEnabled: false,
      },
      { parent: this },
    );
    return zone.id;
  }
}
