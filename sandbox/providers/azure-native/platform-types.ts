import type { Json } from "../http/api.ts";
import type { PropertyMap } from "../protocol/types.ts";
import { fromJson, required } from "../read-values.ts";
import type { PropertySchema, PropertySchemas } from "../schema/types.ts";
import { given, withVersion } from "./arm.ts";
import { builtType, nested } from "./built-type.ts";
import type { ArmType } from "./kind.ts";
import { FLAG, IDENTITY, object, PARENT, pick, properties, TAGS, TEXT, TEXTS, WHOLE } from "./types.ts";

const REFERENCE = object({ id: TEXT });
const listOf = (items: PropertySchemas): PropertySchema => ({ type: "list", items: object(items) });
const SKU = object({ name: TEXT, tier: TEXT });
const NETWORK = { apiVersion: "2024-05-01", provider: "Microsoft.Network" } as const;

/** https://learn.microsoft.com/rest/api/dns/privatedns; the zone knows no properties of its own. */
export const privateZone = builtType({
  apiVersion: "2024-06-01",
  provider: "Microsoft.Network",
  path: [["privateDnsZones", "privateZoneName"]],
  own: {},
  beside: { tags: TAGS },
  located: true,
});

export const privateZoneLink = builtType({
  apiVersion: "2024-06-01",
  provider: "Microsoft.Network",
  path: [
    ["privateDnsZones", "privateZoneName"],
    ["virtualNetworkLinks", "virtualNetworkLinkName"],
  ],
  own: { registrationEnabled: FLAG, resolutionPolicy: TEXT, virtualNetwork: REFERENCE },
  beside: { tags: TAGS },
  outputs: ["provisioningState", "virtualNetworkLinkState"],
  located: true,
});

export const privateEndpoint = builtType({
  ...NETWORK,
  path: [["privateEndpoints", "privateEndpointName"]],
  own: {
    // The SDK fills in a subnet's own properties beside the id.
    subnet: object({ id: TEXT, privateEndpointNetworkPolicies: TEXT, privateLinkServiceNetworkPolicies: TEXT }),
    privateLinkServiceConnections: listOf({
      name: TEXT,
      privateLinkServiceId: TEXT,
      groupIds: TEXTS,
      requestMessage: TEXT,
    }),
  },
  beside: { tags: TAGS },
  located: true,
  encode: { privateLinkServiceConnections: nested.encode, subnet: subnetOf },
  decode: { privateLinkServiceConnections: nested.decode },
});

function subnetOf(value: PropertyMap[string]): unknown {
  const { id, ...rest } = (value ?? {}) as Json;
  return { id, properties: rest };
}

export const privateZoneGroup = builtType({
  ...NETWORK,
  path: [
    ["privateEndpoints", "privateEndpointName"],
    ["privateDnsZoneGroups", "privateDnsZoneGroupName"],
  ],
  own: { privateDnsZoneConfigs: listOf({ name: TEXT, privateDnsZoneId: TEXT }) },
  encode: { privateDnsZoneConfigs: nested.encode },
  decode: { privateDnsZoneConfigs: nested.decode },
});

const POOL: PropertySchemas = {
  availabilityZones: TEXTS,
  count: WHOLE,
  enableAutoScaling: FLAG,
  enableEncryptionAtHost: FLAG,
  enableNodePublicIP: FLAG,
  maxCount: WHOLE,
  minCount: WHOLE,
  mode: TEXT,
  nodeTaints: TEXTS,
  osSKU: TEXT,
  osType: TEXT,
  securityProfile: object({ sshAccess: TEXT }),
  type: TEXT,
  upgradeSettings: object({ maxSurge: TEXT, undrainableNodeBehavior: TEXT }),
  vmSize: TEXT,
  vnetSubnetID: TEXT,
};
const ENABLED = object({ enabled: FLAG });
const CLUSTERS = ["managedClusters", "resourceName"] as const;
const AKS = { apiVersion: "2025-09-01", provider: "Microsoft.ContainerService" } as const;

/** https://learn.microsoft.com/rest/api/aks/managed-clusters; a change of the pools inside makes a new cluster. */
export const managedCluster = builtType({
  ...AKS,
  path: [CLUSTERS],
  own: {
    aadProfile: object({ managed: FLAG, enableAzureRBAC: FLAG, tenantID: TEXT, adminGroupObjectIDs: TEXTS }),
    addonProfiles: { type: "map", items: object({ enabled: FLAG, config: { type: "map", items: TEXT } }) },
    agentPoolProfiles: { type: "list", items: object({ name: TEXT, ...POOL }), replace: true },
    apiServerAccessProfile: object({
      authorizedIPRanges: TEXTS,
      enablePrivateCluster: FLAG,
      privateDNSZone: TEXT,
      enablePrivateClusterPublicFQDN: FLAG,
      disableRunCommand: FLAG,
    }),
    autoUpgradeProfile: object({ upgradeChannel: TEXT, nodeOSUpgradeChannel: TEXT }),
    disableLocalAccounts: FLAG,
    dnsPrefix: IDENTITY,
    enableRBAC: FLAG,
    kubernetesVersion: TEXT,
    networkProfile: object({
      networkPlugin: TEXT,
      networkPluginMode: TEXT,
      networkDataplane: TEXT,
      networkPolicy: TEXT,
      loadBalancerSku: TEXT,
      outboundType: TEXT,
      podCidr: TEXT,
      serviceCidr: TEXT,
      dnsServiceIP: TEXT,
      advancedNetworking: object({
        enabled: FLAG,
        observability: ENABLED,
        security: object({ enabled: FLAG, advancedNetworkPolicies: TEXT }),
      }),
    }),
    nodeResourceGroupProfile: object({ restrictionLevel: TEXT }),
    oidcIssuerProfile: ENABLED,
    securityProfile: object({
      workloadIdentity: ENABLED,
      imageCleaner: object({ enabled: FLAG, intervalHours: WHOLE }),
    }),
  },
  beside: { sku: SKU, identity: object({ type: TEXT, userAssignedIdentities: TEXTS }), tags: TAGS },
  outputs: ["provisioningState", "fqdn", "privateFQDN", "nodeResourceGroup", "currentKubernetesVersion", "powerState"],
  located: true,
  // A list of ids in azure-native, keys of a map in ARM.
  encode: { identity: encodeIdentity },
  decode: { identity: decodeIdentity },
  more: { nestedOutputs: { oidcIssuerProfile: { issuerURL: "stable" } } },
});

function encodeIdentity(value: PropertyMap[string]): unknown {
  const { type, userAssignedIdentities } = (value ?? {}) as Json;
  const ids = (userAssignedIdentities ?? []) as string[];
  return value === undefined
    ? undefined
    : { type, userAssignedIdentities: Object.fromEntries(ids.map((id) => [id, {}])) };
}

function decodeIdentity(value: unknown): PropertyMap[string] {
  const { type, userAssignedIdentities } = (value ?? {}) as Json;
  return fromJson({ type, userAssignedIdentities: Object.keys((userAssignedIdentities ?? {}) as Json) });
}

export const agentPool = builtType({
  ...AKS,
  path: [CLUSTERS, ["agentPools", "agentPoolName"]],
  own: { ...POOL, vmSize: IDENTITY, vnetSubnetID: IDENTITY },
  outputs: ["provisioningState", "currentOrchestratorVersion"],
});

export const maintenanceConfiguration = builtType({
  ...AKS,
  path: [CLUSTERS, ["maintenanceConfigurations", "configName"]],
  own: {
    maintenanceWindow: object({
      schedule: object({ weekly: object({ dayOfWeek: TEXT, intervalWeeks: WHOLE }) }),
      durationHours: WHOLE,
      startTime: TEXT,
      startDate: TEXT,
      utcOffset: TEXT,
    }),
  },
  outputs: [],
});

const SERVERS = ["flexibleServers", "serverName"] as const;
const POSTGRES = { apiVersion: "2025-08-01", provider: "Microsoft.DBforPostgreSQL" } as const;

/** https://learn.microsoft.com/rest/api/postgresql/servers; the first administrator's password is never told. */
export const postgresServer = builtType({
  ...POSTGRES,
  path: [SERVERS],
  own: {
    administratorLogin: IDENTITY,
    administratorLoginPassword: { type: "string", secret: true },
    authConfig: object({ activeDirectoryAuth: TEXT, passwordAuth: TEXT, tenantId: TEXT }),
    availabilityZone: TEXT,
    backup: object({ backupRetentionDays: WHOLE, geoRedundantBackup: TEXT }),
    createMode: TEXT,
    highAvailability: object({ mode: TEXT, standbyAvailabilityZone: TEXT }),
    network: object({ publicNetworkAccess: TEXT }),
    storage: object({ storageSizeGB: WHOLE, autoGrow: TEXT, type: TEXT }),
    version: TEXT,
  },
  beside: { sku: SKU, tags: TAGS },
  writeOnly: ["administratorLoginPassword"],
  outputs: ["fullyQualifiedDomainName", "state", "minorVersion"],
  located: true,
});

export const postgresDatabase = builtType({
  ...POSTGRES,
  path: [SERVERS, ["databases", "databaseName"]],
  own: { charset: IDENTITY, collation: IDENTITY },
  outputs: [],
});

export const postgresAdministrator = builtType({
  ...POSTGRES,
  path: [SERVERS, ["administrators", "objectId"]],
  own: { principalName: IDENTITY, principalType: IDENTITY, tenantId: IDENTITY },
  outputs: [],
});

/** A parameter is always there: making it is changing it, and deleting it puts its default back. */
export const postgresConfiguration = builtType({
  ...POSTGRES,
  path: [SERVERS, ["configurations", "configurationName"]],
  own: { source: TEXT, value: TEXT },
  outputs: ["defaultValue"],
  more: {
    always: true,
    deleteBy: async ({ api }, id) => {
      const path = withVersion(id, POSTGRES.apiVersion);
      const { body } = await api.call("GET", path);
      const value = properties(body).defaultValue;
      await api.call("PUT", path, { properties: { value, source: "system-default" } });
    },
  },
});

const REDIS = { apiVersion: "2025-07-01", provider: "Microsoft.Cache" } as const;

/** https://learn.microsoft.com/rest/api/redis/redisenterprisecache */
export const redisServer = builtType({
  ...REDIS,
  path: [["redisEnterprise", "clusterName"]],
  own: { highAvailability: TEXT, minimumTlsVersion: TEXT, publicNetworkAccess: { type: "string", required: true } },
  beside: { sku: object({ name: TEXT }, { required: true }), tags: TAGS },
  outputs: ["provisioningState", "hostName", "resourceState", "redundancyMode"],
  located: true,
});

export const redisDatabase = builtType({
  ...REDIS,
  path: [
    ["redisEnterprise", "clusterName"],
    ["databases", "databaseName"],
  ],
  own: {
    accessKeysAuthentication: TEXT,
    clientProtocol: TEXT,
    clusteringPolicy: IDENTITY,
    evictionPolicy: TEXT,
    port: WHOLE,
  },
  outputs: ["provisioningState", "resourceState"],
});

/** https://learn.microsoft.com/rest/api/dns/zones */
export const dnsZone = builtType({
  apiVersion: "2023-07-01-preview",
  provider: "Microsoft.Network",
  path: [["dnszones", "zoneName"]],
  own: { zoneType: TEXT },
  beside: { tags: TAGS },
  outputs: ["nameServers", "numberOfRecordSets"],
  located: true,
});

/** https://learn.microsoft.com/rest/api/dns/record-sets; the type of the records is a part of the path. */
export const recordSet: ArmType = {
  apiVersion: "2023-07-01-preview",
  schemas: {
    caaRecords: listOf({ flags: WHOLE, tag: TEXT, value: TEXT }),
    recordType: PARENT,
    relativeRecordSetName: IDENTITY,
    resourceGroupName: PARENT,
    ttl: { type: "number" },
    zoneName: PARENT,
  },
  outputs: ["fqdn", "provisioningState"],
  nameInput: "relativeRecordSetName",
  idInputs: ["resourceGroupName", "zoneName", "recordType", "relativeRecordSetName"],
  id: (inputs, subscriptionId) =>
    `${dnsZone.id(inputs, subscriptionId)}/${required(inputs, "recordType")}/${required(inputs, "relativeRecordSetName")}`,
  inputsOfId: (id) => {
    const [recordType, relativeRecordSetName] = id.split("/").slice(-2);
    return { ...dnsZone.inputsOfId(id), recordType, relativeRecordSetName };
  },
  body: ({ ttl, caaRecords }) => ({ properties: given({ TTL: ttl, caaRecords }) }),
  live: (resource) => ({
    inputs: { ttl: fromJson(properties(resource).TTL), ...pick(properties(resource), ["caaRecords"]) },
    outputs: pick(properties(resource), ["fqdn", "provisioningState"]),
  }),
};
