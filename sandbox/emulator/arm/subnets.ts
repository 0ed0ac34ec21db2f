import { z } from "zod";
import type { ArmResource } from "../directory.ts";
import { RANGE, rangeContains, rangesOverlap } from "../ranges.ts";
import { ArmError, armBadRequest, resourceNotFound } from "./errors.ts";
import { oneWriter } from "./one-writer.ts";
import { referenced } from "./plain-resource.ts";
import { endpointIn } from "./private-links.ts";
import {
  type ArmRequest,
  type ArmResponse,
  type ArmRoute,
  armParam,
  findResource,
  groupScope,
  readArmBody,
  resourceGroupOf,
  resourcesUnder,
} from "./request.ts";
import {
  CLUSTER_TYPE,
  DATABRICKS_TYPE,
  NAT_GATEWAY_TYPE,
  SECURITY_GROUP_TYPE,
  SUBNET_TYPE,
  VIRTUAL_NETWORK_TYPE,
} from "./types.ts";

const type = SUBNET_TYPE as "Microsoft.Network/virtualNetworks/subnets";
const path = `/subscriptions/:subscription/resourceGroups/:group/providers/${VIRTUAL_NETWORK_TYPE}/:network/subnets`;

const reference = z.strictObject({ id: z.string().min(1) });
const policies = z.enum(["Enabled", "Disabled", "NetworkSecurityGroupEnabled", "RouteTableEnabled"]);
const subnetBody = z.strictObject({
  name: z.string().optional(),
  properties: z.strictObject({
    addressPrefix: z.string().regex(RANGE, "must be a range such as 10.0.0.0/24"),
    defaultOutboundAccess: z.boolean().optional(),
    natGateway: reference.optional(),
    networkSecurityGroup: reference.optional(),
    delegations: z
      .array(
        z.strictObject({ name: z.string().min(1), properties: z.strictObject({ serviceName: z.string().min(1) }) }),
      )
      .max(1, "may hold one delegation")
      .default([]),
    privateEndpointNetworkPolicies: policies.default("Disabled"),
    privateLinkServiceNetworkPolicies: z.enum(["Enabled", "Disabled"]).default("Enabled"),
  }),
});

const networkId = (request: ArmRequest) =>
  `${groupScope(request)}/providers/${VIRTUAL_NETWORK_TYPE}/${armParam(request, "network")}`;
const subnetId = (request: ArmRequest) => `${networkId(request)}/subnets/${armParam(request, "subnet")}`;
const needs = (right: string) => ({ action: `${SUBNET_TYPE}/${right}`, scope: subnetId });

/** https://learn.microsoft.com/rest/api/virtualnetwork/subnets */
export const subnetRoutes: readonly ArmRoute[] = [
  {
    method: "GET",
    path: `${path}/:subnet`,
    type,
    needs: needs("read"),
    handle: (request) => {
      networkOf(request);
      const found = findResource(request.data, subnetId(request));
      if (found === undefined) {
        const name = armParam(request, "subnet");
        throw new ArmError(404, "NotFound", `Resource ${subnetId(request)} not found: there is no subnet '${name}'.`);
      }
      return { status: 200, body: found };
    },
  },
  {
    method: "PUT",
    path: `${path}/:subnet`,
    type,
    needs: needs("write"),
    handle: (request) => alone(request, () => putSubnet(request)),
  },
  {
    method: "DELETE",
    path: `${path}/:subnet`,
    type,
    needs: needs("delete"),
    handle: (request) =>
      alone(request, () => {
        const found = findResource(request.data, subnetId(request));
        if (found === undefined) return { status: 204 };
        const user = workspaceIn(request, found) ?? endpointIn(request, found) ?? clusterIn(request, found);
        if (user !== undefined) {
          throw new ArmError(
            400,
            "InUseSubnetCannotBeDeleted",
            `Subnet ${found.name} is in use by ${user.id} and cannot be deleted.`,
          );
        }
        request.context.store.mutate((data) => {
          delete data.armResources[found.id.toLowerCase()];
        });
        return { status: 200 };
      }),
  },
];

function networkOf(request: ArmRequest): ArmResource {
  const group = resourceGroupOf(request);
  const network = findResource(request.data, networkId(request));
  if (network === undefined) throw resourceNotFound(VIRTUAL_NETWORK_TYPE, armParam(request, "network"), group.name);
  return network;
}

/** Azure refuses a second write in one network while the first goes on. */
const inNetwork = oneWriter(
  (id) =>
    new ArmError(
      409,
      "AnotherOperationInProgress",
      `Another operation on this or dependent resource is in progress: ${id.toLowerCase()}.`,
    ),
);
const alone = (request: ArmRequest, write: () => ArmResponse) => inNetwork(networkOf(request).id, write);

function putSubnet(request: ArmRequest): ArmResponse {
  const network = networkOf(request);
  const { properties } = readArmBody(request.body, subnetBody);
  const before = findResource(request.data, subnetId(request));
  const id = before?.id ?? `${network.id}/subnets/${armParam(request, "subnet")}`;
  const name = before?.name ?? armParam(request, "subnet");
  checkRange(request, network, name, properties.addressPrefix);
  if (properties.natGateway) referenced(request, properties.natGateway.id, NAT_GATEWAY_TYPE, id);
  if (properties.networkSecurityGroup) referenced(request, properties.networkSecurityGroup.id, SECURITY_GROUP_TYPE, id);
  const isMoved = before !== undefined && before.properties.addressPrefix !== properties.addressPrefix;
  if (isMoved && workspaceIn(request, before) !== undefined) {
    throw armBadRequest(`Subnet ${name} is in use and cannot be updated.`, "InUsePrefixCannotBeDeleted");
  }
  const subnet: ArmResource = { id, name, type, properties: { ...properties, provisioningState: "Succeeded" } };
  request.context.store.mutate((data) => {
    data.armResources[id.toLowerCase()] = subnet;
  });
  return { status: before === undefined ? 201 : 200, body: subnet };
}

function checkRange(request: ArmRequest, network: ArmResource, name: string, prefix: string): void {
  const { addressPrefixes } = network.properties.addressSpace as { addressPrefixes: string[] };
  if (!addressPrefixes.some((outer) => rangeContains(outer, prefix))) {
    throw armBadRequest(
      `Subnet '${name}' is not valid because its IP address range is outside the IP address range of virtual network '${network.name}'.`,
      "NetcfgSubnetRangeOutsideVnet",
    );
  }
  const other = resourcesUnder(request.data, network.id).find(
    (one) =>
      one.type === SUBNET_TYPE && one.name !== name && rangesOverlap(String(one.properties.addressPrefix), prefix),
  );
  if (other === undefined) return;
  throw armBadRequest(
    `Subnet '${name}' is not valid because its IP address range overlaps with that of an existing subnet in virtual network '${network.name}'.`,
    "NetcfgSubnetRangesOverlap",
  );
}

/** The cluster, or a pool of one, whose nodes are in the subnet. */
function clusterIn(request: ArmRequest, subnet: ArmResource): ArmResource | undefined {
  const id = subnet.id.toLowerCase();
  const isHere = (pool: { vnetSubnetID?: unknown }) => String(pool.vnetSubnetID).toLowerCase() === id;
  return Object.values(request.data.armResources).find(
    ({ type: kind, properties }) =>
      kind === CLUSTER_TYPE && (properties.agentPoolProfiles as { vnetSubnetID?: unknown }[]).some(isHere),
  );
}

/** The Databricks workspace that runs in the subnet. */
function workspaceIn(request: ArmRequest, subnet: ArmResource): ArmResource | undefined {
  const [network = ""] = subnet.id.toLowerCase().split("/subnets/");
  return Object.values(request.data.armResources).find((one) => {
    if (one.type !== DATABRICKS_TYPE) return false;
    const parameters = one.properties.parameters as Record<string, { value: unknown } | undefined>;
    const names = [parameters.customPublicSubnetName?.value, parameters.customPrivateSubnetName?.value];
    return String(parameters.customVirtualNetworkId?.value).toLowerCase() === network && names.includes(subnet.name);
  });
}
