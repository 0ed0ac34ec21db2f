import { z } from "zod";
import type { ArmResource } from "../directory.ts";
import { childResourceRoutes } from "./child-resource.ts";
import { armBadRequest, armConflict } from "./errors.ts";
import { asyncOperationHeaders } from "./operations.ts";
import { plainResourceRoutes, referenced } from "./plain-resource.ts";
import { type ArmRequest, type ArmRoute, findResource, location, resourcesUnder, tags } from "./request.ts";
import {
  POSTGRES_TYPE,
  PRIVATE_ENDPOINT_TYPE,
  PRIVATE_ZONE_GROUP_TYPE,
  PRIVATE_ZONE_LINK_TYPE,
  PRIVATE_ZONE_TYPE,
  REDIS_TYPE,
  SUBNET_TYPE,
  VAULT_TYPE,
  VIRTUAL_NETWORK_TYPE,
} from "./types.ts";

const NAME = /^[A-Za-z0-9]([\w.-]{0,78}\w)?$/;
const reference = z.strictObject({ id: z.string().min(1) });
const global = location.refine((place) => place === "global", { error: "must be global" });
const succeeded = { provisioningState: "Succeeded" };
const network = (request: ArmRequest, region: string) => asyncOperationHeaders(request, region, "Microsoft.Network");

/** https://learn.microsoft.com/rest/api/dns/privatedns/private-zones */
const zones = plainResourceRoutes({
  type: PRIVATE_ZONE_TYPE,
  name: /^([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/i,
  body: z.strictObject({ location: global, tags, properties: z.strictObject({}).default({}) }),
  properties: () => ({
    maxNumberOfRecordSets: 25_000,
    maxNumberOfVirtualNetworkLinks: 1000,
    numberOfRecordSets: 1,
    ...succeeded,
  }),
  creating: (request) => network(request, "global"),
  refuseDeletion: (request, zone) => {
    if (!resourcesUnder(request.data, zone.id).some(({ type }) => type === PRIVATE_ZONE_LINK_TYPE)) return;
    throw armConflict(
      "CannotDeleteResource",
      `Can not delete resource before nested resources are deleted: '${zone.name}' still has virtual network links.`,
    );
  },
});

const links = childResourceRoutes({
  type: PRIVATE_ZONE_LINK_TYPE,
  parent: PRIVATE_ZONE_TYPE,
  name: NAME,
  body: z.strictObject({
    location: global,
    tags,
    properties: z.strictObject({
      registrationEnabled: z.boolean().default(false),
      resolutionPolicy: z.enum(["Default", "NxDomainRedirect"]).optional(),
      virtualNetwork: reference,
    }),
  }),
  properties: (request, { properties }, { parent, id }) => {
    referenced(request, properties.virtualNetwork.id, VIRTUAL_NETWORK_TYPE, id);
    const other = resourcesUnder(request.data, parent.id).find(
      (one) =>
        one.id.toLowerCase() !== id.toLowerCase() &&
        sameId((one.properties.virtualNetwork as { id: string }).id, properties.virtualNetwork.id),
    );
    if (other !== undefined) {
      throw armConflict("Conflict", `The virtual network is linked to the zone already, by '${other.name}'.`);
    }
    refuseTwins(request, parent, properties.virtualNetwork.id);
    return { ...properties, virtualNetworkLinkState: "Completed", ...succeeded };
  },
  creating: (request) => network(request, "global"),
});

/** One network resolves a name in one zone. */
function refuseTwins(request: ArmRequest, zone: ArmResource, networkId: string): void {
  const twin = Object.values(request.data.armResources).find(
    ({ id, type, properties }) =>
      type === PRIVATE_ZONE_LINK_TYPE &&
      !sameId(id.slice(0, zone.id.length), zone.id) &&
      sameId(id.split("/").at(-3) ?? "", zone.name) &&
      sameId((properties.virtualNetwork as { id: string }).id, networkId),
  );
  if (twin === undefined) return;
  throw armBadRequest(
    `A virtual network cannot be linked to multiple zones with overlapping namespaces: ${networkId} is linked by ${twin.id}.`,
  );
}

/** What private endpoints lead to, and by which group. https://learn.microsoft.com/azure/private-link/private-endpoint-overview */
const GROUPS: Readonly<Record<string, string>> = {
  [VAULT_TYPE]: "vault",
  [POSTGRES_TYPE]: "postgresqlServer",
  [REDIS_TYPE]: "redisEnterprise",
};

const connection = z.strictObject({
  name: z.string().min(1),
  properties: z.strictObject({
    privateLinkServiceId: z.string().min(1),
    groupIds: z.array(z.string()).length(1, "must name one group"),
    requestMessage: z.string().optional(),
  }),
});

/** https://learn.microsoft.com/rest/api/virtualnetwork/private-endpoints */
const endpoints = plainResourceRoutes({
  type: PRIVATE_ENDPOINT_TYPE,
  name: NAME,
  body: z.strictObject({
    location,
    tags,
    properties: z.strictObject({
      // Clients may send the subnet's own properties along; Azure goes by the id.
      subnet: reference.extend({ properties: z.record(z.string(), z.unknown()).optional() }),
      privateLinkServiceConnections: z.array(connection).length(1, "must hold one connection"),
    }),
  }),
  properties: (request, { properties }, _before, id) => {
    const [wanted] = properties.privateLinkServiceConnections;
    const subnet = referenced(request, properties.subnet.id, SUBNET_TYPE as typeof VIRTUAL_NETWORK_TYPE, id);
    if ((subnet.properties.delegations as unknown[]).length > 0) {
      throw armBadRequest(
        `Private endpoints cannot be created in subnet '${subnet.name}', which is delegated.`,
        "PrivateEndpointCannotBeCreatedInSubnetWithDelegation",
      );
    }
    const { privateLinkServiceId = "", groupIds = [] } = wanted?.properties ?? {};
    const target = findResource(request.data, privateLinkServiceId);
    if (target === undefined || GROUPS[target.type] !== groupIds[0]) {
      throw armBadRequest(
        `Call to ${privateLinkServiceId} failed: it does not exist, or has no group '${groupIds.join(", ")}'.`,
        target === undefined ? "LinkedInvalidPropertyId" : "InvalidGroupId",
      );
    }
    return {
      subnet: { id: subnet.id },
      privateLinkServiceConnections: properties.privateLinkServiceConnections.map((one) => ({
        ...one,
        properties: {
          ...one.properties,
          privateLinkServiceConnectionState: { status: "Approved", description: "Auto-Approved" },
          ...succeeded,
        },
      })),
      manualPrivateLinkServiceConnections: [],
      ...succeeded,
    };
  },
  creating: (request, { location: region }) => network(request, region),
  deleted: (request, { location: region }) => ({ status: 202, headers: network(request, region ?? "") }),
});

const zoneGroups = childResourceRoutes({
  type: PRIVATE_ZONE_GROUP_TYPE,
  parent: PRIVATE_ENDPOINT_TYPE,
  name: NAME,
  body: z.strictObject({
    name: z.string().optional(),
    properties: z.strictObject({
      privateDnsZoneConfigs: z
        .array(
          z.strictObject({
            name: z.string().min(1),
            properties: z.strictObject({ privateDnsZoneId: z.string().min(1) }),
          }),
        )
        .min(1)
        .max(5),
    }),
  }),
  properties: (request, { properties }, { id }) => {
    const configs = properties.privateDnsZoneConfigs.map((config) => {
      referenced(request, config.properties.privateDnsZoneId, PRIVATE_ZONE_TYPE, id);
      return { ...config, properties: { ...config.properties, recordSets: [] } };
    });
    return { privateDnsZoneConfigs: configs, ...succeeded };
  },
  creating: (request, parent) => network(request, parent.location ?? ""),
});

function sameId(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase();
}

/** The private endpoint that lies in a subnet. */
export function endpointIn(request: ArmRequest, subnet: ArmResource): ArmResource | undefined {
  return Object.values(request.data.armResources).find(
    ({ type, properties }) =>
      type === PRIVATE_ENDPOINT_TYPE && sameId((properties.subnet as { id: string }).id, subnet.id),
  );
}

export const privateLinkRoutes: readonly ArmRoute[] = [...zones, ...links, ...endpoints, ...zoneGroups];
