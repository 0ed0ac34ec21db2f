import { beforeEach, describe, expect, it } from "vitest";
import { SUBSCRIPTION, TENANT } from "../../emulator/testing.ts";
import type { PropertyMap, ResourceState } from "../protocol/types.ts";
import { deploy, redeploy, refTo, type TestCloud, testCloud } from "../testing.ts";

const group = { resourceGroupName: "rg-platform", location: "westeurope" };
const inGroup = { resourceGroupName: "rg-platform" };
const type = (name: string) => refTo(`azure-native:${name}`);

let cloud: TestCloud;
beforeEach(async () => {
  cloud = testCloud();
  await deploy(cloud.azureNative, type("resources:ResourceGroup"), group);
});

/** Makes it, and reads it back: what Azure adds is no difference. */
async function settledDeploy(name: string, args: PropertyMap): Promise<ResourceState> {
  const made = await deploy(cloud.azureNative, type(name), args);
  const read = await cloud.azureNative.read(type(name), made.id, made);
  expect(read?.inputs).toEqual(made.inputs);
  const again = await cloud.azureNative.diff(type(name), made.id, read ?? made, made.inputs);
  expect(again.changes).toEqual({});
  return made;
}

async function gone(name: string, { id, outputs }: ResourceState): Promise<void> {
  await cloud.azureNative.delete(type(name), id, outputs, { timeoutSeconds: 60 });
  expect(await cloud.azureNative.read(type(name), id)).toBeUndefined();
}

async function network(): Promise<{ readonly id: string; readonly nodes: string; readonly endpoints: string }> {
  const sku = { name: "Standard" };
  const address = await settledDeploy("network:PublicIPAddress", {
    ...group,
    publicIpAddressName: "pip",
    sku,
    publicIPAllocationMethod: "Static",
  });
  const gateway = await settledDeploy("network:NatGateway", {
    ...group,
    natGatewayName: "ng",
    sku,
    publicIpAddresses: [{ id: address.id }],
  });
  const made = await settledDeploy("network:VirtualNetwork", {
    ...group,
    virtualNetworkName: "vnet",
    addressSpace: { addressPrefixes: ["10.64.0.0/20"] },
  });
  const common = { ...inGroup, virtualNetworkName: "vnet", defaultOutboundAccess: false };
  const nodes = await settledDeploy("network:Subnet", {
    ...common,
    subnetName: "nodes",
    addressPrefix: "10.64.0.0/22",
    natGateway: { id: gateway.id },
  });
  const endpoints = await settledDeploy("network:Subnet", {
    ...common,
    subnetName: "endpoints",
    addressPrefix: "10.64.4.0/26",
  });
  return { id: made.id, nodes: nodes.id, endpoints: endpoints.id };
}

const pool = (vnetSubnetID: string) => ({
  vmSize: "Standard_D4ds_v5",
  osSKU: "AzureLinux3",
  enableAutoScaling: true,
  count: 2,
  minCount: 2,
  maxCount: 3,
  vnetSubnetID,
});

const cluster = (nodes: string, identity: string) => ({
  ...group,
  resourceName: "aks-prod",
  dnsPrefix: "aks-prod",
  kubernetesVersion: "1.36",
  sku: { name: "Base", tier: "Standard" },
  identity: { type: "UserAssigned", userAssignedIdentities: [identity] },
  agentPoolProfiles: [{ name: "system", mode: "System", ...pool(nodes) }],
  oidcIssuerProfile: { enabled: true },
  apiServerAccessProfile: { authorizedIPRanges: ["203.0.113.10/32"] },
  addonProfiles: { azureKeyvaultSecretsProvider: { enabled: true, config: { enableSecretRotation: "true" } } },
  networkProfile: {
    networkPlugin: "azure",
    networkPluginMode: "overlay",
    networkDataplane: "cilium",
    networkPolicy: "cilium",
    loadBalancerSku: "standard",
    outboundType: "userAssignedNATGateway",
    podCidr: "10.244.0.0/16",
    serviceCidr: "10.0.0.0/16",
    dnsServiceIP: "10.0.0.10",
  },
});

describe("platform types", () => {
  it("make a cluster with pool and window, whose issuer a preview knows of, and say where it is", async () => {
    const { nodes } = await network();
    const identity = await settledDeploy("managedidentity:UserAssignedIdentity", { ...group, resourceName: "id-aks" });
    const made = await settledDeploy("containerservice:ManagedCluster", cluster(nodes, identity.id));
    expect(made.outputs.oidcIssuerProfile).toMatchObject({
      enabled: true,
      issuerURL: expect.stringMatching(/^https:\/\/westeurope\.oic\.prod-aks\.azure\.com\/.+\/$/),
    });
    const common = { ...inGroup, resourceName: "aks-prod" };
    const user = await settledDeploy("containerservice:AgentPool", {
      ...common,
      agentPoolName: "user",
      mode: "User",
      ...pool(nodes),
    });
    await settledDeploy("containerservice:MaintenanceConfiguration", {
      ...common,
      configName: "aksManagedAutoUpgradeSchedule",
      maintenanceWindow: {
        schedule: { weekly: { dayOfWeek: "Sunday", intervalWeeks: 1 } },
        durationHours: 4,
        startTime: "01:00",
      },
    });
    const token = "azure-native:containerservice:listManagedClusterUserCredentials";
    const answer = await cloud.azureNative.invoke(token, { ...common, format: "exec" });
    expect(Object.keys(answer)).toEqual(["kubeconfigs"]);
    const changed = await redeploy(cloud.azureNative, type("containerservice:ManagedCluster"), made, {
      ...cluster(nodes, identity.id),
      kubernetesVersion: "1.37",
    });
    expect(changed.diff.changes).toEqual({ kubernetesVersion: "update" });
    const grown = cluster(nodes, identity.id);
    const pools = [{ ...grown.agentPoolProfiles[0], maxCount: 5 }] as unknown as PropertyMap[];
    const replaced = await cloud.azureNative.diff(type("containerservice:ManagedCluster"), made.id, made, {
      ...made.inputs,
      agentPoolProfiles: pools,
    });
    expect(Object.values(replaced.changes)).toEqual(["update-replace"]);
    await gone("containerservice:AgentPool", user);
    await gone("containerservice:ManagedCluster", made);
  });

  it("make a server whose password is never read back, with databases and a parameter that goes back to its default", async () => {
    const server = await settledDeploy("dbforpostgresql:Server", {
      ...group,
      serverName: "contoso-prod",
      version: "17",
      sku: { name: "Standard_D2ds_v5", tier: "GeneralPurpose" },
      storage: { storageSizeGB: 128, autoGrow: "Enabled" },
      network: { publicNetworkAccess: "Disabled" },
      authConfig: { activeDirectoryAuth: "Enabled", passwordAuth: "Enabled", tenantId: TENANT },
      administratorLogin: "entrada",
      administratorLoginPassword: "not-a-real-password-1",
    });
    const common = { ...inGroup, serverName: "contoso-prod" };
    const database = await settledDeploy("dbforpostgresql:Database", {
      ...common,
      databaseName: "superset",
      charset: "UTF8",
      collation: "en_US.utf8",
    });
    const extensions = await settledDeploy("dbforpostgresql:Configuration", {
      ...common,
      configurationName: "azure.extensions",
      value: "PG_TRGM",
      source: "user-override",
    });
    const person = cloud.world.person("ana.lima");
    await settledDeploy("dbforpostgresql:AdministratorsMicrosoftEntra", {
      ...common,
      objectId: person,
      principalName: "ana.lima@contoso.com",
      principalType: "User",
      tenantId: TENANT,
    });
    await cloud.azureNative.delete(type("dbforpostgresql:Configuration"), extensions.id, {}, { timeoutSeconds: 60 });
    const reset = await cloud.azureNative.read(type("dbforpostgresql:Configuration"), extensions.id);
    expect(reset?.inputs).toMatchObject({ value: "", source: "system-default" });
    await gone("dbforpostgresql:Database", database);
    await gone("dbforpostgresql:Server", server);
  });

  it("make Redis with a private endpoint, its zone and its names", async () => {
    const { id, endpoints } = await network();
    const redis = await settledDeploy("redisenterprise:RedisEnterprise", {
      ...group,
      clusterName: "contoso-prod",
      sku: { name: "Balanced_B1" },
      publicNetworkAccess: "Disabled",
    });
    await settledDeploy("redisenterprise:Database", {
      ...inGroup,
      clusterName: "contoso-prod",
      databaseName: "default",
      clusteringPolicy: "EnterpriseCluster",
      port: 10_000,
    });
    const zone = await settledDeploy("privatedns:PrivateZone", {
      ...inGroup,
      location: "global",
      privateZoneName: "privatelink.redis.azure.net",
    });
    const link = await settledDeploy("privatedns:VirtualNetworkLink", {
      ...inGroup,
      location: "global",
      privateZoneName: "privatelink.redis.azure.net",
      virtualNetworkLinkName: "vnet",
      virtualNetwork: { id },
      registrationEnabled: false,
    });
    const endpoint = await settledDeploy("network:PrivateEndpoint", {
      ...group,
      privateEndpointName: "pe-redis",
      subnet: { id: endpoints },
      privateLinkServiceConnections: [{ name: "redis", privateLinkServiceId: redis.id, groupIds: ["redisEnterprise"] }],
    });
    await settledDeploy("network:PrivateDnsZoneGroup", {
      ...inGroup,
      privateEndpointName: "pe-redis",
      privateDnsZoneGroupName: "default",
      privateDnsZoneConfigs: [{ name: "redis", privateDnsZoneId: zone.id }],
    });
    await gone("network:PrivateEndpoint", endpoint);
    await gone("privatedns:VirtualNetworkLink", link);
    await gone("privatedns:PrivateZone", zone);
  });

  it("make rules, a zone with its records, a budget, a lock, and Entra's logs", async () => {
    await settledDeploy("network:NetworkSecurityGroup", {
      ...group,
      networkSecurityGroupName: "nsg",
      securityRules: [
        {
          name: "people-https",
          priority: 200,
          direction: "Inbound",
          access: "Allow",
          protocol: "Tcp",
          sourceAddressPrefix: "Internet",
          sourcePortRange: "*",
          destinationAddressPrefix: "*",
          destinationPortRange: "443",
        },
      ],
    });
    const zone = await settledDeploy("dns:Zone", {
      ...inGroup,
      location: "global",
      zoneName: "data.contoso.com",
      zoneType: "Public",
    });
    const records = await settledDeploy("dns:RecordSet", {
      ...inGroup,
      zoneName: "data.contoso.com",
      recordType: "CAA",
      relativeRecordSetName: "@",
      ttl: 3600,
      caaRecords: [{ flags: 0, tag: "issue", value: "letsencrypt.org" }],
    });
    const lock = await settledDeploy("authorization:ManagementLockByScope", {
      scope: zone.id,
      lockName: "entrada",
      level: "CanNotDelete",
    });
    await expect(gone("dns:RecordSet", records)).rejects.toThrow("ScopeLocked");
    await gone("authorization:ManagementLockByScope", lock);
    await gone("dns:RecordSet", records);
    await settledDeploy("consumption:Budget", {
      scope: `/subscriptions/${SUBSCRIPTION}`,
      budgetName: "entrada",
      amount: 10,
      category: "Cost",
      timeGrain: "Monthly",
      timePeriod: { startDate: "2026-12-01T00:00:00Z" },
      notifications: {
        spent: { contactEmails: ["bi@contoso.com"], enabled: true, operator: "GreaterThanOrEqualTo", threshold: 80 },
      },
    });
    const logs = await settledDeploy("operationalinsights:Workspace", { ...group, workspaceName: "logs" });
    const entra = await settledDeploy("aadiam:DiagnosticSetting", {
      name: "entrada",
      workspaceId: logs.id,
      logs: [{ category: "SignInLogs", enabled: true }],
    });
    await gone("aadiam:DiagnosticSetting", entra);
  });
});
