import type * as pulumi from "@pulumi/pulumi";
import type { ProviderResource } from "@pulumi/pulumi";
import { PlatformBudget } from "../components/azure/platform/budget.ts";
import { PlatformCluster } from "../components/azure/platform/cluster.ts";
import { DeletionLock } from "../components/azure/platform/deletion-lock.ts";
import { PlatformDns } from "../components/azure/platform/dns-zone.ts";
import { PlatformLogs } from "../components/azure/platform/logs.ts";
import { PlatformNetwork } from "../components/azure/platform/network.ts";
import type { Place } from "../components/azure/platform/place.ts";
import { PlatformPostgres } from "../components/azure/platform/postgres.ts";
import { type PRIVATE_LINKS, PrivateEndpoint } from "../components/azure/platform/private-endpoint.ts";
import { PlatformRedis } from "../components/azure/platform/redis.ts";
import { PlatformGroup } from "../components/azure/platform/resource-group.ts";
import type { EnvironmentVault } from "../components/azure/vault.ts";
import type { Teams } from "../components/entra/teams.ts";
import { contracts } from "../components/tools/registry.ts";
import {
  createdCluster,
  groupOfId,
  type PlatformSettings,
  platformDatabases,
  platformNames,
  type Settings,
} from "../model/index.ts";

/** What the rest of the stack needs of its platform. */
export interface Platform {
  /** Issuer of the cluster that was made; undefined where others keep it. */
  readonly oidcIssuer: pulumi.Output<string> | undefined;
  /** How to reach that cluster. */
  readonly kubeconfig: pulumi.Output<string> | undefined;
  /** Opens the vault to the network alone, keeps its logs and guards it from deletion. */
  guardVault(vault: EnvironmentVault): void;
  /** What people need to know: nothing secret. */
  readonly outputs: Readonly<Record<string, pulumi.Input<unknown>>>;
}

/** Everything that the parts of a platform have in common. */
interface Common {
  readonly settings: Settings;
  readonly platform: PlatformSettings;
  readonly place: Place;
  readonly network: PlatformNetwork;
  readonly logs: PlatformLogs;
  readonly teams: Teams;
  readonly locks: boolean;
  readonly opts: pulumi.ComponentResourceOptions;
}

/** Makes the parts of the platform that the settings want, and finds the others; undefined where the settings have none. */
export function createPlatform(
  settings: Settings,
  teams: Teams,
  protect: boolean,
  providers: ProviderResource[],
): Platform | undefined {
  const { platform, environment, location, subscriptionId } = settings;
  if (platform === undefined) return undefined;
  const opts = { providers };
  const group = new PlatformGroup(
    "platform",
    { group: platform.resourceGroup ?? platformNames(settings).resourceGroup, location, protect },
    opts,
  );
  const place = { environment, location, subscriptionId, protect, resourceGroupName: group.name };
  const network = new PlatformNetwork("network", { place, network: platform.network }, opts);
  const logs = new PlatformLogs("logs", { place, logs: platform.logs }, opts);
  for (const [key, { id }] of Object.entries(network.securityGroups)) logs.keep(`${key}-rules`, "rules", id);
  const common = { settings, platform, place, network, logs, teams, locks: platform.locks ?? protect, opts };

  const cluster = createCluster(common);
  createPostgres(common);
  createRedis(common);
  const dns = createDns(common, cluster?.oidcIssuer ?? settings.cluster.oidcIssuer);
  if (platform.budget !== undefined) {
    new PlatformBudget("budget", { environment, subscriptionId, ...platform.budget }, opts);
  }
  return {
    oidcIssuer: cluster?.oidcIssuer,
    kubeconfig: cluster?.kubeconfig,
    guardVault: (vault) => guardVault(common, vault),
    outputs: {
      resourceGroup: group.name,
      ...(cluster && { cluster: platformNames(settings).cluster, oidcIssuer: cluster.oidcIssuer }),
      ...(network.egressAddress && { egressAddress: network.egressAddress }),
      ...(dns && { nameServers: dns.nameServers }),
      ...(dns?.certManagerClientId && { certManagerClientId: dns.certManagerClientId }),
    },
  };
}

function createCluster({ settings, platform, place, network, logs, teams, opts }: Common): PlatformCluster | undefined {
  if (platform.cluster === undefined) return undefined;
  const wanted = createdCluster(platform);
  if (wanted === undefined) {
    if ("existing" in platform.cluster) logs.keep("cluster", "cluster", platform.cluster.existing);
    return undefined;
  }
  const cluster = new PlatformCluster(
    "aks",
    {
      place,
      clusterName: platformNames(settings).cluster,
      tenantId: settings.tenantId,
      cluster: wanted,
      nodesSubnetId: network.nodesId,
      egressAddress: network.egressAddress,
      egressByNames: settings.cluster.egress === "names",
      administrators: Object.fromEntries(wanted.administrators.map((team) => [team, groupId(teams, team)])),
    },
    opts,
  );
  logs.keep("cluster", "cluster", cluster.clusterId);
  return cluster;
}

function createPostgres(common: Common): void {
  const { settings, platform, place, logs, teams, locks, opts } = common;
  const server = platform.postgres;
  if (server === undefined) return;
  const administrators = "existing" in server ? [] : server.administrators;
  const postgres = new PlatformPostgres(
    "postgres",
    {
      place,
      tenantId: settings.tenantId,
      server,
      administrators: administrators.map((key) => ({
        key,
        objectId: groupId(teams, key),
        principalName: teams.groupNames[key] ?? key,
      })),
      databases: platformDatabases(settings, contracts),
      ...("existing" in server && { existingGroup: groupOfId(server.existing) }),
    },
    opts,
  );
  // The server takes one change at a time, so the endpoint waits for its databases.
  connect(common, "postgres", postgres.serverId, [postgres]);
  const kept = logs.keep("postgres", "postgres", postgres.serverId);
  if (locks) {
    const notes = "Everything that the tools know.";
    new DeletionLock(
      "postgres-lock",
      { scope: postgres.serverId, environment: place.environment, notes },
      { ...opts, dependsOn: [postgres, kept] },
    );
  }
}

function createRedis(common: Common): void {
  const { platform, place, logs, opts } = common;
  if (platform.redis === undefined) return;
  const redis = new PlatformRedis("redis", { place, redis: platform.redis }, opts);
  connect(common, "redis", redis.redisId);
  if (redis.databaseId !== undefined) logs.keep("redis", "redis", redis.databaseId);
}

function createDns({ settings, platform, place, locks, opts }: Common, issuer: pulumi.Input<string> | undefined) {
  if (platform.dns === undefined) return undefined;
  const dns = new PlatformDns(
    "dns",
    {
      place,
      domain: settings.domain,
      zone: platform.dns,
      ...(platform.dns.issuer && issuer !== undefined && { oidcIssuer: issuer }),
    },
    opts,
  );
  if (locks) {
    const notes = "The addresses of every tool.";
    new DeletionLock(
      "dns-lock",
      { scope: dns.zoneId, environment: place.environment, notes },
      { ...opts, dependsOn: [dns] },
    );
  }
  return dns;
}

function guardVault(common: Common, vault: EnvironmentVault): void {
  const { settings, logs, locks, opts } = common;
  if (!settings.keyVault.publicAccess) connect(common, "vault", vault.vaultId);
  const kept = logs.keep("vault", "vault", vault.vaultId);
  if (locks) {
    const notes = "Every secret of the tools.";
    new DeletionLock(
      "vault-lock",
      { scope: vault.vaultId, environment: settings.environment, notes },
      { ...opts, dependsOn: [kept] },
    );
  }
}

/** Gives a service an address in the network. */
function connect(
  { place, platform, network, opts }: Common,
  link: keyof typeof PRIVATE_LINKS,
  resourceId: pulumi.Input<string>,
  after: pulumi.Resource[] = [],
): void {
  new PrivateEndpoint(
    `${link}-endpoint`,
    {
      place,
      link,
      resourceId,
      networkId: network.networkId,
      subnetId: network.endpointsId,
      ...(platform.privateZones && { zonesGroupId: platform.privateZones.existing }),
    },
    { ...opts, dependsOn: after },
  );
}

/** The settings' checks let no unknown team through. */
function groupId(teams: Teams, team: string): pulumi.Input<string> {
  const id = teams.groupIds[team];
  if (id === undefined) throw new Error(`The team ${team} has no group.`);
  return id;
}
