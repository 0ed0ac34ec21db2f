import { z } from "zod";
import { childResourceRoutes } from "./child-resource.ts";
import { armBadRequest } from "./errors.ts";
import { asyncOperationHeaders } from "./operations.ts";
import { plainResourceRoutes } from "./plain-resource.ts";
import { type ArmRequest, type ArmRoute, location, tags } from "./request.ts";
import { REDIS_DATABASE_TYPE, REDIS_TYPE } from "./types.ts";

const going = (request: ArmRequest, region: string) => asyncOperationHeaders(request, region, "Microsoft.Cache");
const running = { provisioningState: "Succeeded", resourceState: "Running" };

/** Azure Managed Redis: https://learn.microsoft.com/rest/api/redis/redisenterprisecache */
const servers = plainResourceRoutes({
  type: REDIS_TYPE,
  name: /^(?!.*--)[A-Za-z0-9]([A-Za-z0-9-]{0,58}[A-Za-z0-9])$/,
  body: z.strictObject({
    location,
    tags,
    sku: z.strictObject({
      name: z
        .string()
        .regex(
          /^(Balanced_B|MemoryOptimized_M|ComputeOptimized_X|FlashOptimized_A)\d+$/,
          "must be a size of Azure Managed Redis",
        ),
    }),
    properties: z.strictObject({
      publicNetworkAccess: z.enum(["Enabled", "Disabled"], "must be Enabled or Disabled"),
      minimumTlsVersion: z.literal("1.2", "must be 1.2: older versions are retired").default("1.2"),
      highAvailability: z.enum(["Enabled", "Disabled"]).default("Enabled"),
    }),
  }),
  properties: (_request, { properties, location: region }, before, id) => {
    if (
      before !== undefined &&
      before.properties.highAvailability === "Enabled" &&
      properties.highAvailability === "Disabled"
    ) {
      throw armBadRequest("High availability cannot be switched off.", "BadRequest");
    }
    const name = id.slice(id.lastIndexOf("/") + 1).toLowerCase();
    const redundancyMode = properties.highAvailability === "Enabled" ? "ZR" : "None";
    return { ...properties, hostName: `${name}.${region}.redis.azure.net`, redundancyMode, ...running };
  },
  creating: (request, { location: region }) => going(request, region),
  deleted: (request, { location: region }) => ({ status: 202, headers: going(request, region ?? "") }),
});

const databases = childResourceRoutes({
  type: REDIS_DATABASE_TYPE,
  parent: REDIS_TYPE,
  name: /^default$/,
  body: z.strictObject({
    properties: z.strictObject({
      clientProtocol: z.enum(["Encrypted", "Plaintext"]).default("Encrypted"),
      port: z.literal(10_000, "must be 10000").default(10_000),
      clusteringPolicy: z.enum(["OSSCluster", "EnterpriseCluster", "NoCluster"]).default("OSSCluster"),
      evictionPolicy: z
        .enum([
          "NoEviction",
          "VolatileLRU",
          "VolatileLFU",
          "VolatileRandom",
          "VolatileTTL",
          "AllKeysLRU",
          "AllKeysLFU",
          "AllKeysRandom",
        ])
        .default("VolatileLRU"),
      accessKeysAuthentication: z.enum(["Enabled", "Disabled"]).default("Disabled"),
    }),
  }),
  properties: (_request, { properties }, { before }) => {
    if (before !== undefined && before.properties.clusteringPolicy !== properties.clusteringPolicy) {
      throw armBadRequest("The clustering policy of a database cannot be changed.");
    }
    return { ...properties, ...running };
  },
  creating: (request, parent) => going(request, parent.location ?? ""),
});

export const redisRoutes: readonly ArmRoute[] = [...servers, ...databases];
