import { z } from "zod";
import { described } from "../described.ts";
import { addressRange, resourceId } from "./existing.ts";

const subnetName = (description: string, example: string) =>
  described(z.string().regex(/^[A-Za-z0-9]([\w.-]{0,78}\w)?$/), {
    description,
    allowed: "the name of a subnet: up to 80 letters, digits, dots, hyphens and underscores",
    example,
  });

const created = z.strictObject({
  addressSpace: addressRange("Range of the whole network. Default: 10.64.0.0/20.", "10.64.0.0/20").default(
    "10.64.0.0/20",
  ),
  nodes: addressRange(
    "Range of the cluster's nodes; pods have addresses of their own. Default: 10.64.0.0/22.",
    "10.64.0.0/22",
  ).default("10.64.0.0/22"),
  endpoints: addressRange(
    "Range of the private endpoints of vault, database and Redis. Default: 10.64.4.0/26.",
    "10.64.4.0/26",
  ).default("10.64.4.0/26"),
  people: described(z.array(addressRange("A range of addresses.", "198.51.100.0/24")).default([]), {
    description: "Where people open the tools from. Default: everywhere; Entra then decides alone.",
    allowed: "a list of IPv4 ranges in CIDR notation",
    example: ["198.51.100.0/24"],
  }),
});

const existing = z.strictObject({
  existing: resourceId("The virtual network to use.", "Microsoft.Network/virtualNetworks", "vnet-data"),
  nodes: subnetName(
    "Its subnet for the cluster's nodes, with a NAT gateway or another way out of its own. Default: nodes.",
    "nodes",
  ).default("nodes"),
  endpoints: subnetName("Its subnet for private endpoints. Default: endpoints.", "endpoints").default("endpoints"),
});

/** `platform.network`: where cluster, vault, database and Redis find each other without the internet. */
export const network = described(z.union([existing, created]).prefault({}), {
  description: "The virtual network: made with these ranges, or one that exists.",
  allowed: "the keys addressSpace, nodes, endpoints and people, or existing with the names of two subnets",
  example: { addressSpace: "10.64.0.0/20", nodes: "10.64.0.0/22", endpoints: "10.64.4.0/26" },
});

const zonesGroup = /^\/subscriptions\/[0-9a-fA-F-]{36}\/resource[gG]roups\/[\w.()-]+$/;

/** `platform.privateZones`: the private DNS zones behind private endpoints. */
export const privateZones = described(
  z
    .strictObject({
      existing: described(z.string().regex(zonesGroup), {
        description:
          "The resource group with the zones `privatelink.vaultcore.azure.net` and so on, linked to the network already.",
        allowed: "the id of a resource group: /subscriptions/…/resourceGroups/<name>",
        example: "/subscriptions/41b6c1de-9c0f-4b7e-8f53-5a0f4f0c2d17/resourceGroups/rg-hub-dns",
      }),
    })
    .optional(),
  {
    description:
      "Private DNS zones that a hub keeps for the whole company. Default: the environment makes its own and links them to its network.",
    allowed: "the key existing",
    example: { existing: "/subscriptions/41b6c1de-9c0f-4b7e-8f53-5a0f4f0c2d17/resourceGroups/rg-hub-dns" },
  },
);
