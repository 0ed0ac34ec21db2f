import { z } from "zod";
import { clusterIssuer } from "../../aks-issuer.ts";
import type { ArmResource } from "../directory.ts";
import { clusterPools, poolShape, refuseCount } from "./cluster-pools.ts";
import { armBadRequest, armNotImplemented } from "./errors.ts";
import { asyncOperationHeaders, isRunning } from "./operations.ts";
import { plainResourceRoutes, referenced } from "./plain-resource.ts";
import { type ArmRequest, type ArmRoute, armParam, findResource, groupScope, location, tags } from "./request.ts";
import { CLUSTER_TYPE, IDENTITY_TYPE, RESOURCE_GROUP_TYPE, SUBNET_TYPE, type VIRTUAL_NETWORK_TYPE } from "./types.ts";

const on = z.strictObject({ enabled: z.boolean() });
const range = z.string().regex(/^\d+(\.\d+){3}\/\d+$/, "must be a range such as 10.0.0.0/16");

const properties = z.strictObject({
  kubernetesVersion: z.string().regex(/^1\.(3[4-7])(\.\d+)?$/, "is not a version that Azure supports"),
  dnsPrefix: z.string().regex(/^[A-Za-z0-9]([A-Za-z0-9-]{0,52}[A-Za-z0-9])?$/),
  agentPoolProfiles: z.array(z.strictObject({ name: z.string().regex(/^[a-z][a-z0-9]{0,11}$/), ...poolShape })).min(1),
  disableLocalAccounts: z.boolean().default(false),
  enableRBAC: z.boolean().default(true),
  aadProfile: z
    .strictObject({
      managed: z.literal(true, "must be true: the legacy integration is retired"),
      enableAzureRBAC: z.boolean().default(false),
      tenantID: z.string().optional(),
      adminGroupObjectIDs: z.array(z.string()).optional(),
    })
    .optional(),
  oidcIssuerProfile: on.default({ enabled: true }),
  securityProfile: z
    .strictObject({
      workloadIdentity: on.optional(),
      imageCleaner: z.strictObject({ enabled: z.boolean(), intervalHours: z.int().min(24).max(2160) }).optional(),
    })
    .optional(),
  apiServerAccessProfile: z
    .strictObject({
      authorizedIPRanges: z.array(z.string().min(7)).max(200).optional(),
      enablePrivateCluster: z.boolean().optional(),
      privateDNSZone: z.string().optional(),
      enablePrivateClusterPublicFQDN: z.boolean().optional(),
      disableRunCommand: z.boolean().optional(),
    })
    .default({}),
  networkProfile: z.strictObject({
    networkPlugin: z.literal("azure", "must be azure: kubenet is retired"),
    networkPluginMode: z.literal("overlay"),
    networkDataplane: z.enum(["cilium", "azure"]).default("azure"),
    networkPolicy: z.enum(["cilium", "none"]).optional(),
    loadBalancerSku: z.literal("standard"),
    outboundType: z.enum(["loadBalancer", "userAssignedNATGateway", "userDefinedRouting", "none"]),
    podCidr: range,
    serviceCidr: range,
    dnsServiceIP: z.string(),
    advancedNetworking: z
      .strictObject({
        enabled: z.boolean(),
        observability: on.optional(),
        security: z
          .strictObject({ enabled: z.boolean(), advancedNetworkPolicies: z.enum(["None", "FQDN", "L7"]).optional() })
          .optional(),
      })
      .optional(),
  }),
  autoUpgradeProfile: z
    .strictObject({
      upgradeChannel: z.enum(["rapid", "stable", "patch", "node-image", "none"]).default("none"),
      nodeOSUpgradeChannel: z.enum(["None", "Unmanaged", "NodeImage", "SecurityPatch"]).default("NodeImage"),
    })
    .prefault({}),
  addonProfiles: z
    .strictObject({
      azureKeyvaultSecretsProvider: z
        .strictObject({ enabled: z.boolean(), config: z.record(z.string(), z.string()).optional() })
        .optional(),
      azurepolicy: z.strictObject({ enabled: z.boolean() }).optional(),
    })
    .default({}),
  nodeResourceGroupProfile: z.strictObject({ restrictionLevel: z.enum(["ReadOnly", "Unrestricted"]) }).optional(),
});
type Properties = z.output<typeof properties>;

const clusters = plainResourceRoutes({
  type: CLUSTER_TYPE,
  name: /^[A-Za-z0-9]([\w-]{0,61}[A-Za-z0-9])?$/,
  body: z.strictObject({
    location,
    tags,
    sku: z
      .strictObject({ name: z.literal("Base"), tier: z.enum(["Free", "Standard", "Premium"]) })
      .default({ name: "Base", tier: "Free" }),
    identity: z.strictObject({
      type: z.literal("UserAssigned", "must be UserAssigned: a network of one's own needs an identity of one's own"),
      userAssignedIdentities: z.record(z.string(), z.strictObject({})),
    }),
    properties,
  }),
  properties: (request, { properties: asked, location: region, identity }, before, id) => {
    checkIdentity(request, Object.keys(identity.userAssignedIdentities), id);
    checkAccess(asked);
    checkNodes(request, asked, id);
    if (before === undefined) refuseSecond(request, id);
    else checkUnchanged(before.properties as unknown as Properties, asked);
    const nodeResourceGroup = `MC_${armParam(request, "group")}_${armParam(request, "name")}_${region}`;
    makeNodeGroup(request, nodeResourceGroup, region, id);
    const host = `${asked.dnsPrefix}-${issuerOf(request, region, id).slice(-9, -1)}`;
    const isPrivate = asked.apiServerAccessProfile.enablePrivateCluster === true;
    return {
      ...asked,
      oidcIssuerProfile: {
        ...asked.oidcIssuerProfile,
        ...(asked.oidcIssuerProfile.enabled && { issuerURL: issuerOf(request, region, id) }),
      },
      currentKubernetesVersion: /\.\d+\./.test(asked.kubernetesVersion)
        ? asked.kubernetesVersion
        : `${asked.kubernetesVersion}.0`,
      ...(isPrivate
        ? { privateFQDN: `${host}.privatelink.${region}.azmk8s.io` }
        : { fqdn: `${host}.hcp.${region}.azmk8s.io` }),
      nodeResourceGroup,
      powerState: { code: "Running" },
    };
  },
  json: (request, cluster) => {
    const created = new Date(cluster.systemData?.createdAt ?? 0).getTime();
    const provisioningState = isRunning(request, created) ? "Creating" : "Succeeded";
    return { ...cluster, properties: { ...cluster.properties, provisioningState } };
  },
  creating: (request, { location: region }) => asyncOperationHeaders(request, region, "Microsoft.ContainerService"),
  deleted: (request, { location: region }) => ({
    status: 202,
    headers: asyncOperationHeaders(request, region ?? "", "Microsoft.ContainerService"),
  }),
});

function issuerOf(request: ArmRequest, region: string, id: string): string {
  return clusterIssuer(region, request.data.tenantId, id);
}

/** The sandbox runs one API server, so Azure has one cluster to show. */
function refuseSecond(request: ArmRequest, id: string): void {
  const other = Object.values(request.data.armResources).find((one) => one.type === CLUSTER_TYPE && one.id !== id);
  if (other !== undefined) throw armNotImplemented(`a second cluster beside ${other.id}`);
}

function checkIdentity(request: ArmRequest, ids: readonly string[], id: string): void {
  if (ids.length !== 1) throw armBadRequest("A cluster takes one user-assigned identity.", "InvalidParameter");
  referenced(request, ids[0] ?? "", IDENTITY_TYPE, id);
}

/** https://learn.microsoft.com/azure/aks/api-server-authorized-ip-ranges and /azure/aks/manage-local-accounts-managed-azure-ad */
function checkAccess({ apiServerAccessProfile: api, disableLocalAccounts, aadProfile, ...rest }: Properties): void {
  if (api.enablePrivateCluster === true && (api.authorizedIPRanges ?? []).length > 0) {
    throw armBadRequest("Authorized IP ranges are not supported for private clusters.", "InvalidParameter");
  }
  if (api.privateDNSZone === "none" && api.enablePrivateClusterPublicFQDN !== true) {
    throw armBadRequest("A private cluster without a private DNS zone needs its public name.", "InvalidParameter");
  }
  if (disableLocalAccounts && aadProfile === undefined) {
    throw armBadRequest("Local accounts cannot be disabled without Microsoft Entra.", "BadRequest");
  }
  if (rest.securityProfile?.workloadIdentity?.enabled === true && !rest.oidcIssuerProfile.enabled) {
    throw armBadRequest("Workload identity needs the OIDC issuer.", "InvalidParameter");
  }
  const { networkPolicy, networkDataplane, advancedNetworking } = rest.networkProfile;
  if (networkPolicy === "cilium" && networkDataplane !== "cilium") {
    throw armBadRequest("The network policy cilium needs the data plane cilium.", "InvalidParameter");
  }
  if (advancedNetworking?.security?.enabled === true && networkDataplane !== "cilium") {
    throw armBadRequest("Advanced network policies need the data plane cilium.", "InvalidParameter");
  }
}

function checkNodes(request: ArmRequest, { agentPoolProfiles, networkProfile }: Properties, id: string): void {
  if (!agentPoolProfiles.some(({ mode }) => mode === "System")) {
    throw armBadRequest("There has to be at least one system agent pool.", "InvalidParameter");
  }
  for (const pool of agentPoolProfiles) {
    refuseCount(pool);
    const subnet = referenced(request, pool.vnetSubnetID, SUBNET_TYPE as typeof VIRTUAL_NETWORK_TYPE, id);
    if (networkProfile.outboundType === "userAssignedNATGateway" && subnet.properties.natGateway === undefined) {
      throw armBadRequest(
        `The subnet '${subnet.name}' has no NAT gateway, which the outbound type userAssignedNATGateway needs.`,
        "ExistingNatGatewayNotFound",
      );
    }
  }
}

function checkUnchanged(old: Properties, asked: Properties): void {
  const fixed = { dnsPrefix: [old.dnsPrefix, asked.dnsPrefix] };
  for (const key of ["networkPlugin", "podCidr", "serviceCidr", "dnsServiceIP", "outboundType"] as const) {
    Object.assign(fixed, { [`networkProfile.${key}`]: [old.networkProfile[key], asked.networkProfile[key]] });
  }
  for (const [key, [before, after]] of Object.entries(fixed)) {
    if (before === after) continue;
    throw armBadRequest(`Changing property '${key}' is not allowed.`, "PropertyChangeNotAllowed");
  }
  if (old.oidcIssuerProfile.enabled && !asked.oidcIssuerProfile.enabled) {
    throw armBadRequest("The OIDC issuer cannot be switched off.", "OIDCIssuerFeatureCannotBeDisabled");
  }
}

/** Azure keeps the nodes in a group of its own, which goes with the cluster. */
function makeNodeGroup(request: ArmRequest, name: string, region: string, managedBy: string): void {
  const id = `/subscriptions/${armParam(request, "subscription")}/resourceGroups/${name}`;
  if (findResource(request.data, id) !== undefined) return;
  request.context.store.mutate((data) => {
    data.armResources[id.toLowerCase()] = {
      id,
      name,
      type: RESOURCE_GROUP_TYPE,
      location: region,
      properties: { provisioningState: "Succeeded", managedBy },
    };
  });
}

/** Roles count in the cluster alone; this only says where it is, and that people sign in with kubelogin. */
const credentials: ArmRoute = {
  method: "POST",
  path: `/subscriptions/:subscription/resourceGroups/:group/providers/${CLUSTER_TYPE}/:name/listClusterUserCredential`,
  type: CLUSTER_TYPE,
  needs: {
    action: `${CLUSTER_TYPE}/listClusterUserCredential/action`,
    scope: (request) => `${groupScope(request)}/providers/${CLUSTER_TYPE}/${armParam(request, "name")}`,
  },
  handle: (request) => {
    const id = `${groupScope(request)}/providers/${CLUSTER_TYPE}/${armParam(request, "name")}`;
    const cluster = findResource(request.data, id);
    if (cluster === undefined) throw armBadRequest(`The cluster ${id} was not found.`, "ResourceNotFound");
    if (request.query.get("format") !== "exec") throw armNotImplemented("kubeconfigs in a form other than exec");
    const value = Buffer.from(kubeconfig(cluster, request.data.tenantId)).toString("base64");
    return { status: 200, body: { kubeconfigs: [{ name: "clusterUser", value }] } };
  },
};

/** Application that stands for every API server of AKS. */
const SERVER_ID = "6dae42f8-4368-4678-94ff-3960e28e3630";

/** As Azure writes it, but for the certificate: the sandbox's cluster has one of its own, which only its provider knows. */
function kubeconfig({ name, properties: { fqdn, privateFQDN } }: ArmResource, tenantId: string): string {
  const args = [
    "get-token",
    "--login",
    "devicecode",
    "--environment",
    "AzurePublicCloud",
    "--tenant-id",
    tenantId,
    "--server-id",
    SERVER_ID,
  ];
  const exec = {
    apiVersion: "client.authentication.k8s.io/v1beta1",
    command: "kubelogin",
    args,
    provideClusterInfo: false,
  };
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name, cluster: { server: `https://${String(fqdn ?? privateFQDN)}:443` } }],
    contexts: [{ name, context: { cluster: name, user: `clusterUser_${name}` } }],
    "current-context": name,
    users: [{ name: `clusterUser_${name}`, user: { exec } }],
  });
}

/** https://learn.microsoft.com/rest/api/aks/managed-clusters */
export const clusterRoutes: readonly ArmRoute[] = [...clusters, credentials, ...clusterPools];
