import { z } from "zod";
import type { ArmResource } from "../directory.ts";
import { childResourceRoutes } from "./child-resource.ts";
import { plainResourceRoutes } from "./plain-resource.ts";
import { type ArmRoute, location, tags } from "./request.ts";
import { CAA_TYPE, DNS_ZONE_TYPE } from "./types.ts";

/** https://learn.microsoft.com/rest/api/dns/zones */
const zones = plainResourceRoutes({
  type: DNS_ZONE_TYPE,
  name: /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/i,
  body: z.strictObject({
    location: location.refine((place) => place === "global", { error: "must be global" }),
    tags,
    properties: z.strictObject({ zoneType: z.literal("Public").default("Public") }).default({ zoneType: "Public" }),
  }),
  properties: (_request, { properties }) => ({
    ...properties,
    maxNumberOfRecordSets: 10_000,
    numberOfRecordSets: 2,
    nameServers: ["ns1-01.azure-dns.com.", "ns2-01.azure-dns.net.", "ns3-01.azure-dns.org.", "ns4-01.azure-dns.info."],
  }),
});

/** https://learn.microsoft.com/rest/api/dns/record-sets, of the one kind that the platform writes. */
const authorities = childResourceRoutes({
  type: CAA_TYPE,
  parent: DNS_ZONE_TYPE,
  name: /^(@|[A-Za-z0-9_*-]+(\.[A-Za-z0-9_-]+)*)$/,
  body: z.strictObject({
    properties: z.strictObject({
      TTL: z.int().min(1).max(2_147_483_647),
      caaRecords: z
        .array(
          z.strictObject({
            flags: z.int().min(0).max(255),
            tag: z.enum(["issue", "issuewild", "iodef"]),
            value: z.string().min(1).max(1024),
          }),
        )
        .min(1),
    }),
  }),
  properties: (_request, { properties }, { parent, id }) => ({
    ...properties,
    fqdn: `${fullName(parent, id)}.`,
    provisioningState: "Succeeded",
  }),
});

function fullName(zone: ArmResource, id: string): string {
  const name = id.slice(id.lastIndexOf("/") + 1);
  return name === "@" ? zone.name : `${name}.${zone.name}`;
}

export const dnsZoneRoutes: readonly ArmRoute[] = [...zones, ...authorities];
