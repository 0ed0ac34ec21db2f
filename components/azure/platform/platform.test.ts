import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { isSecretValue, runProgram, settled } from "../../testing/mocks.ts";
import { existingVault } from "../vault.ts";
import { PlatformBudget } from "./budget.ts";
import { DeletionLock } from "./deletion-lock.ts";
import { PlatformDns } from "./dns-zone.ts";
import { LOG_CATEGORIES, PlatformLogs } from "./logs.ts";
import { PlatformNetwork } from "./network.ts";
import { endpointRules, nodeRules } from "./network-rules.ts";
import { PlatformPostgres, serverProperties } from "./postgres.ts";
import { PrivateEndpoint } from "./private-endpoint.ts";
import { PlatformRedis } from "./redis.ts";
import { PlatformGroup } from "./resource-group.ts";

const SUBSCRIPTION = "41b6c1de-9c0f-4b7e-8f53-5a0f4f0c2d17";
const TENANT = "9d1b7c52-2f5e-4c5b-a0d5-0f1f6c1f9a10";
const place = {
  environment: "prod",
  resourceGroupName: "rg-platform-prod",
  location: "westeurope",
  subscriptionId: SUBSCRIPTION,
  protect: true,
};
const idOf = (type: string, name: string) =>
  `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-hub/providers/${type}/${name}`;
const NETWORK = { addressSpace: "10.64.0.0/20", nodes: "10.64.0.0/22", endpoints: "10.64.4.0/26", people: [] };

describe("PlatformGroup", () => {
  it("makes a group, or takes one that exists", async () => {
    let name: string | undefined;
    const run = await runProgram(async () => {
      new PlatformGroup("platform", { group: "rg-platform-prod", location: "westeurope", protect: true });
      const given = new PlatformGroup("given", { group: { existing: "rg-data" }, location: "x", protect: true });
      name = await settled(given.name);
    });
    expect(run.counts()).toEqual({ "azure-native:resources:ResourceGroup": 1 });
    expect(name).toBe("rg-data");
  });
});

describe("PlatformNetwork", () => {
  it("makes two subnets without a way out of their own, of which nodes have the gateway", async () => {
    const run = await runProgram(async () => {
      const network = new PlatformNetwork("network", { place, network: NETWORK });
      expect(await settled(network.egressAddress ?? pulumi.output(""))).toBe("192.0.2.44");
    });
    expect(run.counts()).toEqual({
      "azure-native:network:NatGateway": 1,
      "azure-native:network:NetworkSecurityGroup": 2,
      "azure-native:network:PublicIPAddress": 1,
      "azure-native:network:Subnet": 2,
      "azure-native:network:VirtualNetwork": 1,
    });
    const subnet = (key: string) => run.find("azure-native:network:Subnet", `network-${key}`).inputs;
    expect(subnet("nodes")).toMatchObject({
      resourceGroupName: "rg-platform-prod",
      subnetName: "nodes",
      virtualNetworkName: "vnet-prod",
      addressPrefix: "10.64.0.0/22",
      defaultOutboundAccess: false,
      natGateway: { id: "/id/network-gateway" },
      networkSecurityGroup: { id: "/id/network-nodes-rules" },
    });
    expect(subnet("endpoints")).toMatchObject({
      addressPrefix: "10.64.4.0/26",
      defaultOutboundAccess: false,
      networkSecurityGroup: { id: "/id/network-endpoints-rules" },
      privateEndpointNetworkPolicies: "Enabled",
    });
    expect(subnet("endpoints").natGateway).toBeUndefined();
  });

  it("lets people in by HTTPS alone, and only nodes to the endpoints", () => {
    expect(nodeRules([])).toHaveLength(1);
    expect(nodeRules([])[0]).toMatchObject({ sourceAddressPrefix: "Internet", destinationPortRange: "443" });
    expect(nodeRules(["198.51.100.0/24"])[0]).toMatchObject({ sourceAddressPrefixes: ["198.51.100.0/24"] });
    expect(endpointRules("10.64.0.0/22").map(({ access, priority }) => `${priority} ${access}`)).toEqual([
      "200 Allow",
      "4096 Deny",
    ]);
  });

  it("takes one that exists, with two of its subnets", async () => {
    const existing = idOf("Microsoft.Network/virtualNetworks", "vnet-hub");
    let ids: unknown;
    const run = await runProgram(async () => {
      const network = new PlatformNetwork("network", {
        place,
        network: { existing, nodes: "aks", endpoints: "links" },
      });
      ids = await settled(pulumi.all([network.nodesId, network.endpointsId]));
      expect(network.egressAddress).toBeUndefined();
    });
    expect(run.counts()).toEqual({});
    expect(ids).toEqual([`${existing}/subnets/aks`, `${existing}/subnets/links`]);
  });
});

describe("PrivateEndpoint", () => {
  const args = { place, link: "vault", resourceId: "/vault", networkId: "/network", subnetId: "/subnet" } as const;

  it("makes an address, its zone, and the zone's link to the network", async () => {
    const run = await runProgram(() => {
      new PrivateEndpoint("vault-endpoint", args);
    });
    expect(run.counts()).toEqual({
      "azure-native:network:PrivateDnsZoneGroup": 1,
      "azure-native:network:PrivateEndpoint": 1,
      "azure-native:privatedns:PrivateZone": 1,
      "azure-native:privatedns:VirtualNetworkLink": 1,
    });
    expect(run.find("azure-native:network:PrivateEndpoint", "vault-endpoint").inputs).toMatchObject({
      subnet: { id: "/subnet" },
      privateLinkServiceConnections: [{ name: "vault", privateLinkServiceId: "/vault", groupIds: ["vault"] }],
    });
    expect(run.find("azure-native:privatedns:PrivateZone", "vault-endpoint-zone").inputs.privateZoneName).toBe(
      "privatelink.vaultcore.azure.net",
    );
  });

  it("uses a hub's zone", async () => {
    const zonesGroupId = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-dns`;
    const run = await runProgram(() => {
      new PrivateEndpoint("redis-endpoint", { ...args, link: "redis", zonesGroupId });
    });
    expect(run.counts()).toEqual({
      "azure-native:network:PrivateDnsZoneGroup": 1,
      "azure-native:network:PrivateEndpoint": 1,
    });
    expect(run.find("azure-native:network:PrivateDnsZoneGroup", "redis-endpoint-names").inputs).toMatchObject({
      privateDnsZoneConfigs: [
        {
          name: "redis",
          privateDnsZoneId: `${zonesGroupId}/providers/Microsoft.Network/privateDnsZones/privatelink.redis.azure.net`,
        },
      ],
    });
  });
});

describe("PlatformLogs", () => {
  it("makes a workspace without shared keys, and keeps what a resource writes", async () => {
    const run = await runProgram(() => {
      const logs = new PlatformLogs("logs", { place, logs: { retentionDays: 180, entra: false } });
      logs.keep("vault", "vault", "/vault");
    });
    expect(run.counts()).toEqual({
      "azure-native:monitor:DiagnosticSetting": 2,
      "azure-native:operationalinsights:Workspace": 1,
    });
    expect(run.find("azure-native:operationalinsights:Workspace", "logs").inputs).toMatchObject({
      retentionInDays: 180,
      features: { disableLocalAuth: true },
    });
    expect(run.find("azure-native:monitor:DiagnosticSetting", "logs-of-vault").inputs).toEqual({
      name: "entrada-prod",
      resourceUri: "/vault",
      workspaceId: "/id/logs",
      logAnalyticsDestinationType: "Dedicated",
      logs: LOG_CATEGORIES.vault.map((category) => ({ category, enabled: true })),
    });
  });

  it("takes a workspace that exists, and Entra's own logs where they are wanted", async () => {
    const existing = idOf("Microsoft.OperationalInsights/workspaces", "log-company");
    const run = await runProgram(() => {
      new PlatformLogs("logs", { place, logs: { existing, entra: true } });
    });
    expect(run.counts()).toEqual({ "azure-native:aadiam:DiagnosticSetting": 1 });
    const { inputs } = run.find("azure-native:aadiam:DiagnosticSetting", "logs-entra");
    expect(inputs).toMatchObject({ workspaceId: existing });
    expect((inputs.logs as { category: string }[]).map(({ category }) => category)).toContain("SignInLogs");
  });
});

describe("PlatformPostgres", () => {
  const server = {
    name: "contoso-prod",
    version: "17",
    size: "Standard_D2ds_v5",
    storageGb: 128,
    zoneRedundant: true,
    backupDays: 35,
    geoBackup: true,
    extensions: ["pg_trgm"],
  };
  const args = {
    place,
    tenantId: TENANT,
    server,
    administrators: [{ key: "bi-admins", objectId: "group-1", principalName: "BI administrators" }],
    databases: ["superset", "airflow"],
  };

  it("makes a closed server with a database for each tool, administered by a group", async () => {
    const run = await runProgram(() => {
      new PlatformPostgres("postgres", args);
    });
    expect(run.counts()).toEqual({
      "azure-native:dbforpostgresql:AdministratorsMicrosoftEntra": 1,
      "azure-native:dbforpostgresql:Configuration": 2,
      "azure-native:dbforpostgresql:Database": 2,
      "azure-native:dbforpostgresql:Server": 1,
      "random:index/randomPassword:RandomPassword": 1,
    });
    const { inputs } = run.find("azure-native:dbforpostgresql:Server", "postgres");
    expect(isSecretValue(inputs.administratorLoginPassword)).toBe(true);
    expect(inputs).toMatchObject({
      serverName: "contoso-prod",
      sku: { name: "Standard_D2ds_v5", tier: "GeneralPurpose" },
      highAvailability: { mode: "ZoneRedundant" },
      backup: { backupRetentionDays: 35, geoRedundantBackup: "Enabled" },
      network: { publicNetworkAccess: "Disabled" },
      authConfig: { activeDirectoryAuth: "Enabled", tenantId: TENANT },
    });
    expect(run.find("azure-native:dbforpostgresql:Configuration", "postgres-azure-extensions").inputs.value).toBe(
      "PG_TRGM",
    );
    expect(
      run.find("azure-native:dbforpostgresql:AdministratorsMicrosoftEntra", "postgres-bi-admins").inputs,
    ).toMatchObject({ objectId: "group-1", principalType: "Group", serverName: "contoso-prod" });
  });

  it("takes a server that exists, and adds the tools' databases", async () => {
    const existing = idOf("Microsoft.DBforPostgreSQL/flexibleServers", "contoso-shared");
    const run = await runProgram(() => {
      new PlatformPostgres("postgres", { ...args, server: { existing }, administrators: [], existingGroup: "rg-hub" });
    });
    expect(run.counts()).toEqual({ "azure-native:dbforpostgresql:Database": 2 });
    expect(run.find("azure-native:dbforpostgresql:Database", "postgres-superset").inputs).toMatchObject({
      serverName: "contoso-shared",
      resourceGroupName: "rg-hub",
    });
  });

  it.each([
    ["Standard_B2s", "Burstable"],
    ["Standard_E4ds_v5", "MemoryOptimized"],
  ])("knows the tier of %s", (size, tier) => {
    expect(serverProperties({ ...server, size, zoneRedundant: false }, TENANT)).toMatchObject({
      sku: { name: size, tier },
      highAvailability: { mode: "Disabled" },
    });
  });
});

describe("PlatformRedis", () => {
  it("makes a closed server with its one database, or takes one that exists", async () => {
    const run = await runProgram(() => {
      const redis = { name: "contoso-prod", size: "Balanced_B1", standby: true };
      new PlatformRedis("redis", { place, redis });
      const existing = idOf("Microsoft.Cache/redisEnterprise", "shared");
      expect(new PlatformRedis("given", { place, redis: { existing } }).databaseId).toBeUndefined();
    });
    expect(run.counts()).toEqual({
      "azure-native:redisenterprise:Database": 1,
      "azure-native:redisenterprise:RedisEnterprise": 1,
    });
    expect(run.find("azure-native:redisenterprise:RedisEnterprise", "redis").inputs).toMatchObject({
      publicNetworkAccess: "Disabled",
      minimumTlsVersion: "1.2",
      highAvailability: "Enabled",
    });
    expect(run.find("azure-native:redisenterprise:Database", "redis-database").inputs).toMatchObject({
      databaseName: "default",
      clientProtocol: "Encrypted",
      port: 10_000,
      clusteringPolicy: "EnterpriseCluster",
    });
  });
});

describe("PlatformDns", () => {
  it("makes the zone, says who may issue certificates, and lets cert-manager prove the domain", async () => {
    let servers: string[] | undefined;
    const run = await runProgram(async () => {
      const dns = new PlatformDns("dns", {
        place,
        domain: "data.contoso.com",
        zone: { authorities: ["letsencrypt.org"] },
        oidcIssuer: pulumi.output("https://oidc.contoso.com/1"),
      });
      servers = await settled(dns.nameServers);
    });
    expect(run.counts()).toEqual({
      "azure-native:authorization:RoleAssignment": 1,
      "azure-native:dns:RecordSet": 1,
      "azure-native:dns:Zone": 1,
      "azure-native:managedidentity:FederatedIdentityCredential": 1,
      "azure-native:managedidentity:UserAssignedIdentity": 1,
    });
    expect(servers).toEqual(["ns1-of-dns.contoso.com."]);
    expect(run.find("azure-native:dns:RecordSet", "dns-authorities").inputs).toMatchObject({
      recordType: "CAA",
      caaRecords: [{ flags: 0, tag: "issue", value: "letsencrypt.org" }],
    });
  });

  it("takes a zone that exists", async () => {
    const existing = idOf("Microsoft.Network/dnszones", "data.contoso.com");
    const run = await runProgram(() => {
      const dns = new PlatformDns("dns", { place, domain: "data.contoso.com", zone: { existing } });
      expect(dns.certManagerClientId).toBeUndefined();
    });
    expect(run.counts()).toEqual({});
  });
});

describe("budget, lock and an existing vault", () => {
  it("tell early, forbid deletion, and name what is there", async () => {
    let vault: unknown;
    const run = await runProgram(async () => {
      new PlatformBudget("budget", {
        environment: "prod",
        subscriptionId: SUBSCRIPTION,
        amount: 2500,
        contacts: ["bi@contoso.com"],
        since: "2026-12",
      });
      new DeletionLock("vault-lock", { scope: "/vault", environment: "prod", notes: "Every secret of the tools." });
      const given = existingVault(idOf("Microsoft.KeyVault/vaults", "kv-data"));
      vault = await settled(pulumi.all([given.name, given.resourceGroupName]));
    });
    expect(run.find("azure-native:consumption:Budget", "budget").inputs).toMatchObject({
      scope: `/subscriptions/${SUBSCRIPTION}`,
      amount: 2500,
      timePeriod: { startDate: "2026-12-01T00:00:00Z" },
      notifications: {
        spent: { threshold: 80, thresholdType: "Actual", contactEmails: ["bi@contoso.com"] },
        forecast: { threshold: 100, thresholdType: "Forecasted" },
      },
    });
    expect(run.find("azure-native:authorization:ManagementLockByScope", "vault-lock").inputs).toMatchObject({
      scope: "/vault",
      lockName: "entrada-prod",
      level: "CanNotDelete",
    });
    expect(vault).toEqual(["kv-data", "rg-hub"]);
  });
});
