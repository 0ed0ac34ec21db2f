import type * as pulumi from "@pulumi/pulumi";

/** Nodes of one pool. */
export interface NodePool {
  /** Size of the virtual machines. @example "Standard_D4ds_v5" */
  readonly size: string;
  readonly min: number;
  readonly max: number;
}

/** A cluster to make. */
export interface NewCluster {
  /** Minor version of Kubernetes. @example "1.36" */
  readonly kubernetesVersion: string;
  readonly tier: string;
  /** Whether the API server has no public address. */
  readonly private: boolean;
  /** Public ranges from which the API server answers, beside the cluster's own address. */
  readonly authorizedIps: readonly string[];
  /** Availability zones, by number. */
  readonly zones: readonly number[];
  readonly system: NodePool;
  readonly user: NodePool;
  readonly podRange: string;
  readonly serviceRange: string;
  readonly upgrades: {
    readonly channel: string;
    readonly nodeImages: string;
    /** Day of the week in English. */
    readonly day: string;
    /** In UTC. */
    readonly startHour: number;
    readonly hours: number;
  };
}

/** What the cluster's properties need to know besides its settings. */
export interface ClusterSurroundings {
  readonly tenantId: string;
  readonly location: string;
  readonly nodesSubnetId: pulumi.Input<string>;
  /** Address from which the nodes reach the API server. */
  readonly egressAddress: pulumi.Output<string> | undefined;
  /** Whether pods are held to hosts by name, which Azure's advanced networking does. */
  readonly egressByNames: boolean;
}

/** The cluster's properties; public so that tests read them without an engine. */
export function clusterProperties(cluster: NewCluster, around: ClusterSurroundings) {
  return {
    kubernetesVersion: cluster.kubernetesVersion,
    sku: { name: "Base", tier: cluster.tier },
    ...access(cluster, around),
    ...network(cluster, around.egressByNames),
    oidcIssuerProfile: { enabled: true },
    securityProfile: { workloadIdentity: { enabled: true }, imageCleaner: { enabled: true, intervalHours: 168 } },
    addonProfiles: {
      // Values are texts: Azure knows no other kind in an add-on's configuration.
      azureKeyvaultSecretsProvider: {
        enabled: true,
        config: { enableSecretRotation: "true", rotationPollInterval: "2m" },
      },
      // Azure's policies hold inside the cluster too, for pods that no program of this repository starts.
      azurepolicy: { enabled: true },
    },
    autoUpgradeProfile: {
      upgradeChannel: cluster.upgrades.channel,
      nodeOSUpgradeChannel: cluster.upgrades.nodeImages,
    },
    nodeResourceGroupProfile: { restrictionLevel: "ReadOnly" },
    agentPoolProfiles: [
      {
        name: "system",
        mode: "System",
        nodeTaints: ["CriticalAddonsOnly=true:NoSchedule"],
        ...poolProperties(cluster.system, cluster.zones, around.nodesSubnetId),
      },
    ],
  };
}

/** Entra alone decides who gets in, and Azure's roles what they may do. */
function access(cluster: NewCluster, { tenantId, egressAddress }: ClusterSurroundings) {
  const egress = egressAddress === undefined ? [] : [egressAddress.apply((address) => `${address}/32`)];
  return {
    disableLocalAccounts: true,
    enableRBAC: true,
    aadProfile: { managed: true, enableAzureRBAC: true, tenantID: tenantId },
    apiServerAccessProfile: cluster.private
      ? {
          enablePrivateCluster: true,
          privateDNSZone: "system",
          enablePrivateClusterPublicFQDN: false,
          disableRunCommand: true,
        }
      : { authorizedIPRanges: [...cluster.authorizedIps, ...egress], disableRunCommand: true },
  };
}

/** Azure CNI powered by Cilium, pods in an overlay: https://learn.microsoft.com/azure/aks/azure-cni-powered-by-cilium */
function network({ podRange, serviceRange }: NewCluster, egressByNames: boolean) {
  return {
    networkProfile: {
      networkPlugin: "azure",
      networkPluginMode: "overlay",
      networkDataplane: "cilium",
      networkPolicy: "cilium",
      loadBalancerSku: "standard",
      outboundType: "userAssignedNATGateway",
      podCidr: podRange,
      serviceCidr: serviceRange,
      dnsServiceIP: tenth(serviceRange),
      // Paid by node and hour; without it Azure takes no policy by name.
      ...(egressByNames && {
        advancedNetworking: { enabled: true, security: { enabled: true, advancedNetworkPolicies: "FQDN" } },
      }),
    },
  };
}

/** A pool of nodes, as the cluster's own profile and a further pool both have it. */
export function poolProperties(pool: NodePool, zones: readonly number[], vnetSubnetID: pulumi.Input<string>) {
  return {
    vmSize: pool.size,
    osType: "Linux",
    osSKU: "AzureLinux3",
    type: "VirtualMachineScaleSets",
    enableAutoScaling: true,
    count: pool.min,
    minCount: pool.min,
    maxCount: pool.max,
    availabilityZones: zones.map(String),
    vnetSubnetID,
    enableEncryptionAtHost: true,
    enableNodePublicIP: false,
    // Nobody reaches a node past the cluster's API: `kubectl debug node/…` asks for rights there.
    securityProfile: { sshAccess: "Disabled" },
    // A budget that lets no pod go must not stop an upgrade for ever.
    upgradeSettings: { maxSurge: "33%", undrainableNodeBehavior: "Cordon" },
  };
}

/** When the cluster may upgrade itself. */
export function maintenanceWindow({ day, startHour, hours }: NewCluster["upgrades"]) {
  return {
    schedule: { weekly: { dayOfWeek: day, intervalWeeks: 1 } },
    durationHours: hours,
    startTime: `${String(startHour).padStart(2, "0")}:00`,
    utcOffset: "+00:00",
  };
}

/** The tenth address of a range, where AKS puts the cluster's DNS. */
function tenth(range: string): string {
  const [address = ""] = range.split("/");
  return address.replace(/\d+$/, (last) => String(Number(last) + 10));
}
