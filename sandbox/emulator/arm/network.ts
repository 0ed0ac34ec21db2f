import { createHash } from "node:crypto";
import { z } from "zod";
import { RANGE, rangeContains } from "../ranges.ts";
import { armBadRequest, armNotImplemented } from "./errors.ts";
import { plainResourceRoutes, referenced } from "./plain-resource.ts";
import { type ArmRoute, location, resourcesUnder, tags } from "./request.ts";
import { checkRules, securityRule } from "./security-rules.ts";
import {
  NAT_GATEWAY_TYPE,
  PUBLIC_ADDRESS_TYPE,
  SECURITY_GROUP_TYPE,
  SUBNET_TYPE,
  VIRTUAL_NETWORK_TYPE,
} from "./types.ts";

/** https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules */
const NAME = /^[A-Za-z0-9]([\w.-]{0,78}\w)?$/;
const range = z.string().regex(RANGE, "must be a range such as 10.0.0.0/16");
const reference = z.strictObject({ id: z.string().min(1) });
const standard = z.strictObject({ name: z.literal("Standard"), tier: z.literal("Regional").optional() });
const succeeded = { provisioningState: "Succeeded" };

const securityGroups = plainResourceRoutes({
  type: SECURITY_GROUP_TYPE,
  name: NAME,
  inUse: "InUseNetworkSecurityGroupCannotBeDeleted",
  body: z.strictObject({
    location,
    tags,
    properties: z
      .strictObject({ flushConnection: z.boolean().optional(), securityRules: z.array(securityRule).default([]) })
      .prefault({}),
  }),
  properties: (_request, { properties }, _before, id) => {
    checkRules(properties.securityRules);
    const securityRules = properties.securityRules.map((rule) => ({
      ...rule,
      id: `${id}/securityRules/${rule.name}`,
      type: `${SECURITY_GROUP_TYPE}/securityRules`,
      properties: { ...rule.properties, ...succeeded },
    }));
    return { ...properties, securityRules, ...succeeded };
  },
});

const publicAddresses = plainResourceRoutes({
  type: PUBLIC_ADDRESS_TYPE,
  name: NAME,
  inUse: "PublicIPAddressCannotBeDeleted",
  body: z.strictObject({
    location,
    tags,
    sku: standard,
    properties: z.strictObject({
      publicIPAllocationMethod: z.literal("Static", "must be Static: a Standard address is never dynamic"),
      publicIPAddressVersion: z.literal("IPv4").default("IPv4"),
      idleTimeoutInMinutes: z.int().min(4).max(30).default(4),
    }),
  }),
  properties: (_request, { properties }, before, id) => ({
    ...properties,
    ipAddress: before?.properties.ipAddress ?? addressOf(id),
    ...succeeded,
  }),
});

/** An address of a range for examples (RFC 5737), always the same for the same resource. */
function addressOf(id: string): string {
  return `192.0.2.${1 + ((createHash("sha256").update(id.toLowerCase()).digest()[0] ?? 0) % 254)}`;
}

const natGateways = plainResourceRoutes({
  type: NAT_GATEWAY_TYPE,
  name: NAME,
  inUse: "InUseNatGatewayCannotBeDeleted",
  body: z.strictObject({
    location,
    tags,
    sku: standard,
    properties: z.strictObject({
      idleTimeoutInMinutes: z.int().min(4).max(120).default(4),
      publicIpAddresses: z.array(reference).min(1, "must name an address").max(16),
    }),
  }),
  properties: (request, { properties }, _before, id) => {
    for (const address of properties.publicIpAddresses) referenced(request, address.id, PUBLIC_ADDRESS_TYPE, id);
    return { ...properties, ...succeeded };
  },
});

const virtualNetworks = plainResourceRoutes({
  type: VIRTUAL_NETWORK_TYPE,
  name: NAME,
  inUse: "InUseVirtualNetworkCannotBeDeleted",
  body: z.strictObject({
    location,
    tags,
    properties: z.strictObject({
      addressSpace: z.strictObject({ addressPrefixes: z.array(range).min(1, "must hold a range") }),
      enableDdosProtection: z.boolean().default(false),
      enableVmProtection: z.boolean().default(false),
      // Azure takes subnets out that such a list leaves out; the sandbox knows them as resources of their own only.
      subnets: z.array(z.unknown()).optional(),
    }),
  }),
  properties: (request, { properties: { subnets, ...properties } }, _before, id) => {
    if (subnets !== undefined) throw armNotImplemented("subnets inside the body of a virtual network");
    for (const subnet of resourcesUnder(request.data, id).filter(({ type }) => type === SUBNET_TYPE)) {
      const prefix = String(subnet.properties.addressPrefix);
      if (properties.addressSpace.addressPrefixes.some((outer) => rangeContains(outer, prefix))) continue;
      throw armBadRequest(
        `Subnet '${subnet.name}' with the range ${prefix} is not in the address space of the virtual network.`,
        "NetcfgSubnetRangeOutsideVnet",
      );
    }
    return { ...properties, ...succeeded };
  },
  json: (request, network) => ({
    ...network,
    properties: {
      ...network.properties,
      subnets: resourcesUnder(request.data, network.id).filter(({ type }) => type === SUBNET_TYPE),
    },
  }),
});

/** https://learn.microsoft.com/rest/api/virtualnetwork; subnets stand beside. */
export const networkRoutes: readonly ArmRoute[] = [
  ...securityGroups,
  ...publicAddresses,
  ...natGateways,
  ...virtualNetworks,
];
