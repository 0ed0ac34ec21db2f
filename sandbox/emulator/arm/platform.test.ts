import { beforeEach, describe, expect, it } from "vitest";
import { clusterIssuer } from "../../aks-issuer.ts";
import { TENANT } from "../testing.ts";
import { type ArmWorld, armWorld, GROUP, IDENTITY, SCOPE, VAULT } from "./testing.ts";

const location = "westeurope";
const NETWORK = `${GROUP}/providers/Microsoft.Network`;
const VNET = `${NETWORK}/virtualNetworks/vnet`;
const CLUSTER = `${GROUP}/providers/Microsoft.ContainerService/managedClusters/aks-prod`;
const SERVER = `${GROUP}/providers/Microsoft.DBforPostgreSQL/flexibleServers/contoso-prod`;
const REDIS = `${GROUP}/providers/Microsoft.Cache/redisEnterprise/contoso-prod`;
const LOGS = `${GROUP}/providers/Microsoft.OperationalInsights/workspaces/logs`;
const PASSWORD = "not-a-real-password-1";

let world: ArmWorld;
beforeEach(async () => {
  world = armWorld();
  await world.deploy();
});

const at = (version: string) => (method: string, path: string, body?: unknown) =>
  world.arm(method, `${path}?api-version=${version}`, body);
const network = at("2024-05-01");
const dns = at("2024-06-01");
const aks = at("2025-09-01");
const postgres = at("2025-08-01");
const redis = at("2025-07-01");
const lock = at("2020-05-01");
const code = async (answer: Promise<{ body: { error?: { code: string } } }>) => (await answer).body.error?.code;

async function withNetwork(): Promise<void> {
  const sku = { name: "Standard" };
  const properties = { publicIPAllocationMethod: "Static" };
  await network("PUT", `${NETWORK}/publicIPAddresses/pip`, { location, sku, properties });
  const publicIpAddresses = [{ id: `${NETWORK}/publicIPAddresses/pip` }];
  await network("PUT", `${NETWORK}/natGateways/ng`, { location, sku, properties: { publicIpAddresses } });
  const addressSpace = { addressPrefixes: ["10.0.0.0/16"] };
  await network("PUT", VNET, { location, properties: { addressSpace } });
  const natGateway = { id: `${NETWORK}/natGateways/ng` };
  await network("PUT", `${VNET}/subnets/nodes`, { properties: { addressPrefix: "10.0.0.0/24", natGateway } });
  await network("PUT", `${VNET}/subnets/endpoints`, { properties: { addressPrefix: "10.0.1.0/26" } });
}

const pool = (changes: Record<string, unknown> = {}) => ({
  vmSize: "Standard_D4ds_v5",
  enableAutoScaling: true,
  count: 2,
  minCount: 2,
  maxCount: 3,
  vnetSubnetID: `${VNET}/subnets/nodes`,
  ...changes,
});

const cluster = (changes: Record<string, unknown> = {}) => ({
  location,
  sku: { name: "Base", tier: "Standard" },
  identity: { type: "UserAssigned", userAssignedIdentities: { [IDENTITY]: {} } },
  properties: {
    kubernetesVersion: "1.36",
    dnsPrefix: "aks-prod",
    agentPoolProfiles: [{ name: "system", mode: "System", ...pool() }],
    disableLocalAccounts: true,
    aadProfile: { managed: true, enableAzureRBAC: true },
    apiServerAccessProfile: { authorizedIPRanges: ["203.0.113.10/32"] },
    networkProfile: {
      networkPlugin: "azure",
      networkPluginMode: "overlay",
      networkDataplane: "cilium",
      networkPolicy: "cilium",
      loadBalancerSku: "standard",
      outboundType: "userAssignedNATGateway",
      podCidr: "10.244.0.0/16",
      serviceCidr: "10.1.0.0/16",
      dnsServiceIP: "10.1.0.10",
    },
    ...changes,
  },
});

async function withCluster(): Promise<void> {
  await withNetwork();
  await world.arm("PUT", IDENTITY, { location });
  await aks("PUT", CLUSTER, cluster());
}

const server = (
  properties: Record<string, unknown> = {},
  sku = { name: "Standard_D2ds_v5", tier: "GeneralPurpose" },
) => ({
  location,
  sku,
  properties: {
    version: "17",
    administratorLogin: "entrada",
    administratorLoginPassword: PASSWORD,
    storage: { storageSizeGB: 128, autoGrow: "Enabled" },
    highAvailability: { mode: "ZoneRedundant" },
    network: { publicNetworkAccess: "Disabled" },
    authConfig: { activeDirectoryAuth: "Enabled", passwordAuth: "Enabled", tenantId: TENANT },
    ...properties,
  },
});

describe("clusters", () => {
  it("take a while, get an issuer and a group for their nodes, and lose both", async () => {
    await withNetwork();
    await world.arm("PUT", IDENTITY, { location });
    const made = await aks("PUT", CLUSTER, cluster());
    expect(made.status).toBe(201);
    expect(made.headers.get("azure-asyncoperation")).toContain("Microsoft.ContainerService");
    expect(made.body.properties.provisioningState).toBe("Creating");
    world.wait(1000);
    const { body } = await aks("GET", CLUSTER);
    expect(body.properties).toMatchObject({
      provisioningState: "Succeeded",
      oidcIssuerProfile: { enabled: true, issuerURL: clusterIssuer(location, TENANT, CLUSTER) },
      nodeResourceGroup: "MC_rg-entrada_aks-prod_westeurope",
    });
    const group = `${SCOPE}/resourceGroups/MC_rg-entrada_aks-prod_westeurope`;
    expect((await world.arm("GET", group)).status).toBe(200);
    expect((await aks("DELETE", CLUSTER)).status).toBe(202);
    expect((await world.arm("GET", group)).status).toBe(404);
  });

  it("say where they are to who may use them, without a credential", async () => {
    await withCluster();
    const path = `${CLUSTER}/listClusterUserCredential?format=exec&api-version=2025-09-01`;
    const { body } = await world.arm("POST", path);
    const text = Buffer.from(body.kubeconfigs[0].value, "base64").toString("utf8");
    expect(JSON.parse(text)).toMatchObject({ users: [{ user: { exec: { command: "kubelogin" } } }] });
    expect((await world.arm("POST", path, undefined, "ana.lima")).status).toBe(403);
  });

  it.each([
    ["PropertyChangeNotAllowed", { dnsPrefix: "other" }],
    [
      "InvalidParameter",
      { apiServerAccessProfile: { enablePrivateCluster: true, authorizedIPRanges: ["203.0.113.1/32"] } },
    ],
    ["BadRequest", { aadProfile: undefined }],
    [
      "InvalidParameter",
      { oidcIssuerProfile: { enabled: false }, securityProfile: { workloadIdentity: { enabled: true } } },
    ],
    ["InvalidParameter", { agentPoolProfiles: [{ name: "system", mode: "User", ...pool() }] }],
    ["InvalidParameter", { agentPoolProfiles: [{ name: "system", mode: "System", ...pool({ minCount: 4 }) }] }],
    ["InvalidRequestContent", { kubernetesVersion: "1.20" }],
    ["InvalidRequestContent", { colour: "red" }],
  ])("are refused with %s: %j", async (wanted, changes) => {
    await withCluster();
    expect(await code(aks("PUT", CLUSTER, cluster(changes)))).toBe(wanted);
  });

  it("need a NAT gateway where they leave by one, and are one in the sandbox", async () => {
    await withNetwork();
    await world.arm("PUT", IDENTITY, { location });
    const agentPoolProfiles = [
      { name: "system", mode: "System", ...pool({ vnetSubnetID: `${VNET}/subnets/endpoints` }) },
    ];
    expect(await code(aks("PUT", CLUSTER, cluster({ agentPoolProfiles })))).toBe("ExistingNatGatewayNotFound");
    await aks("PUT", CLUSTER, cluster());
    expect((await aks("PUT", `${CLUSTER}-2`, cluster())).status).toBe(501);
    expect(await code(network("DELETE", `${VNET}/subnets/nodes`))).toBe("InUseSubnetCannotBeDeleted");
  });

  it("take pools and windows one at a time", async () => {
    await withCluster();
    const user = `${CLUSTER}/agentPools/user`;
    const weekly = { dayOfWeek: "Sunday", intervalWeeks: 1 };
    const maintenanceWindow = { schedule: { weekly }, durationHours: 4, startTime: "01:00", utcOffset: "+00:00" };
    const window = `${CLUSTER}/maintenanceConfigurations/aksManagedAutoUpgradeSchedule`;
    const both = await Promise.all([
      aks("PUT", user, { properties: pool() }),
      aks("PUT", `${CLUSTER}/agentPools/other`, { properties: pool() }),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual([201, 409]);
    expect((await aks("PUT", window, { properties: { maintenanceWindow } })).status).toBe(201);
    expect(
      await code(aks("PUT", `${CLUSTER}/maintenanceConfigurations/mine`, { properties: { maintenanceWindow } })),
    ).toBe("InvalidResourceName");
    expect(await code(aks("PUT", `${CLUSTER}/agentPools/system`, { properties: pool() }))).toBe("InvalidParameter");
    expect((await aks("DELETE", user)).status).toBe(202);
    expect((await aks("GET", user)).status).toBe(404);
  });
});

describe("PostgreSQL servers", () => {
  it("take a while, never tell the password, and keep databases and administrators one at a time", async () => {
    const made = await postgres("PUT", SERVER, server());
    expect(made.status).toBe(201);
    expect(made.headers.get("azure-asyncoperation")).toContain("Microsoft.DBforPostgreSQL");
    expect(JSON.stringify(world.context.store.data.armResources)).not.toContain(PASSWORD);
    expect(made.body.properties.fullyQualifiedDomainName).toBe("contoso-prod.postgres.database.azure.com");
    const two = await Promise.all(
      ["superset", "airflow"].map((name) => postgres("PUT", `${SERVER}/databases/${name}`, { properties: {} })),
    );
    expect(two.map(({ status }) => status).sort()).toEqual([201, 409]);
    const stranger = `${SERVER}/administrators/aaaaaaaa-0000-4000-8000-000000000001`;
    const properties = { principalName: "BI", principalType: "Group", tenantId: TENANT };
    expect(await code(postgres("PUT", stranger, { properties }))).toBe("InvalidPrincipal");
    const person = `${SERVER}/administrators/${world.person("ana.lima")}`;
    expect((await postgres("PUT", person, { properties: { ...properties, principalType: "User" } })).status).toBe(201);
  });

  it("have their parameters from the start", async () => {
    await postgres("PUT", SERVER, server());
    const path = `${SERVER}/configurations/azure.extensions`;
    expect((await postgres("GET", path)).body.properties).toEqual({
      value: "",
      defaultValue: "",
      source: "system-default",
    });
    await postgres("PUT", path, { properties: { value: "PG_TRGM", source: "user-override" } });
    expect((await postgres("GET", path)).body.properties.value).toBe("PG_TRGM");
    expect((await postgres("DELETE", path)).status).toBe(501);
    expect((await postgres("GET", `${SERVER}/configurations/work_mem`)).status).toBe(501);
  });

  it.each([
    ["MissingParameter", server({ administratorLoginPassword: undefined })],
    ["HANotSupportedForBurstableTier", server({}, { name: "Standard_B2s", tier: "Burstable" })],
    ["InvalidSku", server({}, { name: "Standard_B2s", tier: "GeneralPurpose" })],
    ["InvalidRequestContent", server({ storage: { storageSizeGB: 100 } })],
    ["InvalidParameterValue", server({ authConfig: { activeDirectoryAuth: "Disabled", passwordAuth: "Disabled" } })],
  ])("are refused with %s", async (wanted, body) => {
    expect(await code(postgres("PUT", SERVER, body))).toBe(wanted);
  });

  it.each([
    ["StorageSizeDownscaleNotSupported", { storage: { storageSizeGB: 64 } }],
    ["GeoRedundantBackupUpdateNotAllowed", { backup: { geoRedundantBackup: "Enabled" } }],
    ["InvalidParameterValue", { version: "16" }],
    ["InvalidParameterValue", { administratorLogin: "other" }],
  ])("refuse a change with %s: %j", async (wanted, changes) => {
    await postgres("PUT", SERVER, server());
    expect(await code(postgres("PUT", SERVER, server(changes)))).toBe(wanted);
  });
});

describe("Redis", () => {
  it("has one database, at one port", async () => {
    const body = { location, sku: { name: "Balanced_B1" }, properties: { publicNetworkAccess: "Disabled" } };
    expect((await redis("PUT", REDIS, body)).body.properties).toMatchObject({
      hostName: "contoso-prod.westeurope.redis.azure.net",
      highAvailability: "Enabled",
    });
    const database = { properties: { clusteringPolicy: "EnterpriseCluster", evictionPolicy: "NoEviction" } };
    expect((await redis("PUT", `${REDIS}/databases/default`, database)).body.properties.port).toBe(10_000);
    expect(await code(redis("PUT", `${REDIS}/databases/other`, database))).toBe("InvalidResourceName");
    expect(await code(redis("PUT", `${REDIS}/databases/default`, { properties: {} }))).toBe("BadRequest");
    expect(await code(redis("PUT", REDIS, { ...body, sku: { name: "Premium_P1" } }))).toBe("InvalidRequestContent");
    expect(await code(redis("PUT", REDIS, { ...body, properties: {} }))).toBe("InvalidRequestContent");
  });
});

describe("private endpoints", () => {
  const ZONE = `${NETWORK}/privateDnsZones/privatelink.vaultcore.azure.net`;
  const ENDPOINT = `${NETWORK}/privateEndpoints/pe-vault`;
  const endpoint = (group: string, target = VAULT) => ({
    location,
    properties: {
      subnet: { id: `${VNET}/subnets/endpoints` },
      privateLinkServiceConnections: [
        { name: "vault", properties: { privateLinkServiceId: target, groupIds: [group] } },
      ],
    },
  });

  it("lead to what is there, by its own group, and hold their subnet", async () => {
    await withNetwork();
    expect(await code(network("PUT", ENDPOINT, endpoint("sites")))).toBe("InvalidGroupId");
    expect(await code(network("PUT", ENDPOINT, endpoint("vault", `${VAULT}9`)))).toBe("LinkedInvalidPropertyId");
    const made = await network("PUT", ENDPOINT, endpoint("vault"));
    expect(made.status).toBe(201);
    expect(await code(network("DELETE", `${VNET}/subnets/endpoints`))).toBe("InUseSubnetCannotBeDeleted");
    const privateDnsZoneConfigs = [{ name: "vault", properties: { privateDnsZoneId: ZONE } }];
    const names = `${ENDPOINT}/privateDnsZoneGroups/default`;
    expect(await code(network("PUT", names, { properties: { privateDnsZoneConfigs } }))).toBe(
      "InvalidResourceReference",
    );
    await dns("PUT", ZONE, { location: "global" });
    expect((await network("PUT", names, { properties: { privateDnsZoneConfigs } })).status).toBe(201);
  });

  it("have zones that lie nowhere and stay while a network is linked", async () => {
    await withNetwork();
    expect(await code(dns("PUT", ZONE, { location }))).toBe("InvalidRequestContent");
    await dns("PUT", ZONE, { location: "global" });
    const body = { location: "global", properties: { virtualNetwork: { id: VNET } } };
    const link = `${ZONE}/virtualNetworkLinks/vnet`;
    expect((await dns("PUT", link, body)).status).toBe(201);
    expect(await code(dns("PUT", `${ZONE}/virtualNetworkLinks/again`, body))).toBe("Conflict");
    expect(await code(dns("DELETE", ZONE))).toBe("CannotDeleteResource");
    expect((await dns("DELETE", link)).status).toBe(202);
    expect((await dns("DELETE", ZONE)).status).toBe(200);
  });
});

describe("security rules", () => {
  const rule = (name: string, priority: number, changes: Record<string, unknown> = {}) => ({
    name,
    properties: {
      priority,
      direction: "Inbound",
      access: "Allow",
      protocol: "Tcp",
      sourceAddressPrefix: "*",
      sourcePortRange: "*",
      destinationAddressPrefix: "*",
      destinationPortRange: "443",
      ...changes,
    },
  });
  const put = (...securityRules: unknown[]) =>
    network("PUT", `${NETWORK}/networkSecurityGroups/nsg`, { location, properties: { securityRules } });

  it("have a priority of their own and say each side once", async () => {
    expect((await put(rule("a", 200), rule("b", 300))).status).toBe(201);
    expect(await code(put(rule("a", 200), rule("b", 200)))).toBe("SecurityRuleConflict");
    expect(await code(put(rule("a", 200, { destinationPortRange: undefined })))).toBe(
      "SecurityRuleParameterContainsInvalidValue",
    );
    expect(await code(put(rule("a", 99)))).toBe("InvalidRequestContent");
  });
});

describe("locks, budgets and Entra's logs", () => {
  const LOCK = `${VAULT}/providers/Microsoft.Authorization/locks/entrada`;

  it("keep what they lie at, what is above and below it, until they go", async () => {
    const properties = { level: "CanNotDelete", notes: "Every secret." };
    expect(await code(lock("PUT", LOCK.replace("kv-sandbox-1", "none"), { properties }))).toBe("ResourceNotFound");
    expect((await lock("PUT", LOCK, { properties })).status).toBe(201);
    expect(await code(world.arm("DELETE", VAULT))).toBe("ScopeLocked");
    expect(await code(world.arm("DELETE", GROUP))).toBe("ScopeLocked");
    expect((await lock("PUT", LOCK, { properties: { level: "ReadOnly" } })).status).toBe(400);
    expect((await lock("DELETE", LOCK)).status).toBe(200);
    expect((await world.arm("DELETE", VAULT)).status).toBe(200);
  });

  it("begin on the first day of a month, at a subscription", async () => {
    const path = `${SCOPE}/providers/Microsoft.Consumption/budgets/entrada`;
    const budget = (startDate: string) => ({
      properties: { amount: 10, category: "Cost", timeGrain: "Monthly", timePeriod: { startDate } },
    });
    const put = at("2024-08-01");
    expect((await put("PUT", path, budget("2026-12-02T00:00:00Z"))).status).toBe(400);
    const { body } = await put("PUT", path, budget("2026-12-01T00:00:00Z"));
    expect(body.properties.timePeriod.endDate).toBe("2036-12-01T00:00:00Z");
    expect((await put("PUT", path.replace(SCOPE, VAULT), budget("2026-12-01T00:00:00Z"))).status).toBe(501);
  });

  it("go to a workspace that is there, if the caller's rights lie at Entra's own provider", async () => {
    const path = "/providers/microsoft.aadiam/diagnosticSettings/entrada?api-version=2017-04-01";
    const body = { properties: { workspaceId: LOGS, logs: [{ category: "SignInLogs", enabled: true }] } };
    expect(await code(world.arm("PUT", path, body))).toBe("InvalidResourceReference");
    await world.arm("PUT", `${LOGS}?api-version=2023-09-01`, { location, properties: {} });
    expect((await world.arm("PUT", path, body)).status).toBe(201);
    expect((await world.arm("PUT", path, body, "ana.lima")).status).toBe(403);
    const other = { properties: { ...body.properties, logs: [{ category: "Mail", enabled: true }] } };
    expect((await world.arm("PUT", path, other)).status).toBe(400);
  });
});
