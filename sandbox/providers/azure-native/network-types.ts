import type { Json } from "../http/api.ts";
import type { PropertyMap } from "../protocol/types.ts";
import { fromJson, map, maps, required } from "../read-values.ts";
import type { PropertySchemas } from "../schema/types.ts";
import { segmentsOf } from "./arm.ts";
import { builtType, nested } from "./built-type.ts";
import type { ArmType } from "./kind.ts";
import { FLAG, groupPath, IDENTITY, object, PARENT, pick, properties, TAGS, TEXT, TEXTS, WHOLE } from "./types.ts";

/** The default version of azure-native 3.28.0. */
const VERSION = "2024-05-01";
const REFERENCE = object({ id: TEXT });
const SKU = object({ name: TEXT, tier: TEXT });

/** A resource of Microsoft.Network whose own properties azure-native writes beside its name. */
function networkType(
  collection: string,
  nameInput: string,
  own: PropertySchemas,
  more: { readonly outputs?: readonly string[]; readonly sku?: boolean } = {},
): ArmType {
  const names = Object.keys(own);
  const beside = more.sku === true ? ["sku", "tags"] : ["tags"];
  return {
    apiVersion: VERSION,
    schemas: {
      location: IDENTITY,
      resourceGroupName: PARENT,
      [nameInput]: IDENTITY,
      tags: TAGS,
      ...(more.sku === true && { sku: SKU }),
      ...own,
    },
    outputs: ["provisioningState", ...(more.outputs ?? [])],
    nameInput,
    idInputs: ["resourceGroupName", nameInput],
    located: true,
    id: (inputs, subscriptionId) =>
      `${groupPath(inputs, subscriptionId)}/providers/Microsoft.Network/${collection}/${required(inputs, nameInput)}`,
    inputsOfId: (id) => ({
      resourceGroupName: segmentsOf(id).resourcegroups,
      [nameInput]: segmentsOf(id)[collection.toLowerCase()],
    }),
    body: (inputs) => ({
      properties: Object.fromEntries(names.map((name) => [name, inputs[name]])),
      tags: inputs.tags,
      ...(more.sku === true && { sku: inputs.sku }),
    }),
    live: (resource) => ({
      inputs: { ...pick(properties(resource), names), ...pick(resource, beside) },
      outputs: pick(properties(resource), ["provisioningState", ...(more.outputs ?? [])]),
    }),
  };
}

/** https://learn.microsoft.com/rest/api/virtualnetwork/security-rules; flat in azure-native. */
const RULE = object({
  access: TEXT,
  description: TEXT,
  destinationAddressPrefix: TEXT,
  destinationAddressPrefixes: TEXTS,
  destinationPortRange: TEXT,
  destinationPortRanges: TEXTS,
  direction: TEXT,
  name: TEXT,
  priority: WHOLE,
  protocol: TEXT,
  sourceAddressPrefix: TEXT,
  sourceAddressPrefixes: TEXTS,
  sourcePortRange: TEXT,
  sourcePortRanges: TEXTS,
});

export const networkSecurityGroup = builtType({
  apiVersion: VERSION,
  provider: "Microsoft.Network",
  path: [["networkSecurityGroups", "networkSecurityGroupName"]],
  own: { flushConnection: FLAG, securityRules: { type: "list", items: RULE } },
  beside: { tags: TAGS },
  located: true,
  encode: { securityRules: nested.encode },
  decode: { securityRules: nested.decode },
});

export const publicIPAddress = networkType(
  "publicIPAddresses",
  "publicIpAddressName",
  { publicIPAllocationMethod: TEXT, publicIPAddressVersion: TEXT, idleTimeoutInMinutes: WHOLE },
  { outputs: ["ipAddress"], sku: true },
);

export const natGateway = networkType(
  "natGateways",
  "natGatewayName",
  { publicIpAddresses: { type: "list", items: REFERENCE }, idleTimeoutInMinutes: WHOLE },
  { sku: true },
);

export const virtualNetwork = networkType("virtualNetworks", "virtualNetworkName", {
  addressSpace: object({ addressPrefixes: TEXTS }),
  enableDdosProtection: FLAG,
  enableVmProtection: FLAG,
  subnets: { type: "list", items: object({ name: TEXT }) },
});

const SUBNET = [
  "addressPrefix",
  "defaultOutboundAccess",
  "natGateway",
  "networkSecurityGroup",
  "privateEndpointNetworkPolicies",
  "privateLinkServiceNetworkPolicies",
];

/** https://learn.microsoft.com/rest/api/virtualnetwork/subnets; delegations are flat in azure-native. */
export const subnet: ArmType = {
  apiVersion: VERSION,
  schemas: {
    addressPrefix: TEXT,
    defaultOutboundAccess: FLAG,
    delegations: { type: "list", items: object({ name: TEXT, serviceName: TEXT }) },
    natGateway: REFERENCE,
    networkSecurityGroup: REFERENCE,
    privateEndpointNetworkPolicies: TEXT,
    privateLinkServiceNetworkPolicies: TEXT,
    resourceGroupName: PARENT,
    subnetName: IDENTITY,
    virtualNetworkName: PARENT,
  },
  outputs: ["provisioningState"],
  nameInput: "subnetName",
  idInputs: ["resourceGroupName", "virtualNetworkName", "subnetName"],
  id: (inputs, subscriptionId) =>
    `${virtualNetwork.id(inputs, subscriptionId)}/subnets/${required(inputs, "subnetName")}`,
  inputsOfId: (id) => ({ ...virtualNetwork.inputsOfId(id), subnetName: segmentsOf(id).subnets }),
  // Azure answers 409 to two writes at once in one network.
  lockKey: (id) => id.slice(0, id.toLowerCase().indexOf("/subnets/")),
  body: (inputs) => ({
    properties: {
      ...Object.fromEntries(SUBNET.map((name) => [name, inputs[name]])),
      delegations: maps(inputs.delegations).map(({ name, serviceName }) => ({ name, properties: { serviceName } })),
    },
  }),
  live: (resource) => ({
    inputs: { ...pick(properties(resource), SUBNET), delegations: fromJson(delegationsOf(resource)) },
    outputs: pick(properties(resource), ["provisioningState"]),
  }),
};

function delegationsOf(resource: Json): Json[] {
  return maps(fromJson(properties(resource).delegations)).map((delegation: PropertyMap) => ({
    name: delegation.name,
    serviceName: map(delegation.properties).serviceName,
  }));
}
