import { declaredTools } from "./declared-tools.ts";
import type { PlatformSettings } from "./settings/platform/index.ts";
import type { Settings } from "./settings/schema.ts";
import type { ToolContract } from "./tool-contract.ts";

/** Names of what the platform is made of, known before anything is made. */
export interface PlatformNames {
  readonly resourceGroup: string;
  readonly cluster: string;
  /** Azure resource id of the cluster that is made. */
  readonly clusterId: string;
}

/** The cluster's settings where it is made; undefined where it exists or others keep it. */
export function createdCluster(platform: PlatformSettings | undefined) {
  return platform?.cluster !== undefined && !("existing" in platform.cluster) ? platform.cluster : undefined;
}

/** The platform's names, as they follow from the settings. */
export function platformNames(settings: Pick<Settings, "environment" | "subscriptionId" | "platform">): PlatformNames {
  const { environment, subscriptionId, platform } = settings;
  const named = platform?.resourceGroup ?? `rg-platform-${environment}`;
  const resourceGroup = typeof named === "string" ? named : named.existing;
  const cluster = `aks-${environment}`;
  return {
    resourceGroup,
    cluster,
    clusterId: `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/Microsoft.ContainerService/managedClusters/${cluster}`,
  };
}

/** Host of the platform's PostgreSQL server; undefined where it has none. */
export function postgresHost(platform: PlatformSettings | undefined): string | undefined {
  const { postgres } = platform ?? {};
  if (postgres === undefined) return undefined;
  const name = "existing" in postgres ? nameOfId(postgres.existing) : postgres.name;
  return `${name.toLowerCase()}.postgres.database.azure.com`;
}

/** Host of the platform's Redis server; undefined where it has none. */
export function redisHost({ platform, location }: Pick<Settings, "platform" | "location">): string | undefined {
  const { redis } = platform ?? {};
  if (redis === undefined) return undefined;
  const name = "existing" in redis ? nameOfId(redis.existing) : redis.name;
  return `${name.toLowerCase()}.${location}.redis.azure.net`;
}

/** Databases of the platform's server: one for every tool whose own data is there, in the order of the settings. */
export function platformDatabases(settings: Settings, contracts: readonly ToolContract[]): string[] {
  const host = postgresHost(settings.platform);
  const names = declaredTools(settings, contracts).flatMap(({ tool }) => {
    const { database } = tool as { database?: { host: string; name: string } };
    return database !== undefined && database.host === host ? [database.name] : [];
  });
  return [...new Set(names)];
}

/** The last part of a resource's id: its name. */
export function nameOfId(id: string): string {
  return id.slice(id.lastIndexOf("/") + 1);
}

/** The resource group in a resource's id. */
export function groupOfId(id: string): string {
  return id.split("/")[4] ?? "";
}
