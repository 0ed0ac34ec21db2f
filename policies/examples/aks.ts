import type { Example } from "./example.ts";

/** A workspace outside the example's stack. */
const workspaceId =
  "/subscriptions/41b6c1de-9c0f-4b7e-8f53-5a0f4f0c2d17/resourceGroups/rg-data/providers/Microsoft.OperationalInsights/workspaces/log-example";

/** A setting that keeps one category of what one of the example's resources writes. */
export function keptLogs(of: string, category: string): Example {
  return {
    type: "azure-native:monitor:DiagnosticSetting",
    name: `${of}-logs`,
    props: { name: "entrada", workspaceId, logs: [{ category, enabled: true }] },
    refs: { resourceUri: of },
  };
}

const systemPool = {
  name: "system",
  mode: "System",
  vmSize: "Standard_D2ds_v5",
  count: 3,
  availabilityZones: ["1", "2", "3"],
  nodeTaints: ["CriticalAddonsOnly=true:NoSchedule"],
  enableEncryptionAtHost: true,
  securityProfile: { sshAccess: "Disabled" },
};

/** A cluster that meets every rule, but for what is changed, with its logs kept. */
export function cluster(
  changes: Readonly<Record<string, unknown>> = {},
  poolChanges: Readonly<Record<string, unknown>> = {},
): readonly Example[] {
  return [
    {
      type: "azure-native:containerservice:ManagedCluster",
      name: "cluster",
      props: {
        resourceGroupName: "rg-data",
        resourceName: "aks-example",
        location: "westeurope",
        dnsPrefix: "aks-example",
        sku: { name: "Base", tier: "Standard" },
        identity: { type: "SystemAssigned" },
        disableLocalAccounts: true,
        aadProfile: { managed: true, enableAzureRBAC: true },
        oidcIssuerProfile: { enabled: true },
        securityProfile: { workloadIdentity: { enabled: true } },
        apiServerAccessProfile: { authorizedIPRanges: ["203.0.113.0/24"], disableRunCommand: true },
        networkProfile: { networkPlugin: "azure", networkPluginMode: "overlay", networkPolicy: "cilium" },
        autoUpgradeProfile: { upgradeChannel: "patch", nodeOSUpgradeChannel: "NodeImage" },
        addonProfiles: {
          azureKeyvaultSecretsProvider: { enabled: true, config: { enableSecretRotation: "true" } },
          azurepolicy: { enabled: true },
        },
        agentPoolProfiles: [{ ...systemPool, ...poolChanges }],
        ...changes,
      },
    },
    keptLogs("cluster", "kube-audit-admin"),
  ];
}

/** Clusters that break exactly one of the rules about AKS each. */
export const aksExamples: Readonly<Record<string, readonly Example[]>> = {
  "aks-entra-only": cluster({ disableLocalAccounts: false }),
  "aks-api-closed": cluster({
    apiServerAccessProfile: { authorizedIPRanges: ["0.0.0.0/0"], disableRunCommand: true },
  }),
  "aks-network-policy": cluster({ networkProfile: { networkPlugin: "azure", networkPluginMode: "overlay" } }),
  "aks-workload-identity": cluster({ oidcIssuerProfile: { enabled: false } }),
  "aks-vault-secrets": cluster({
    addonProfiles: { azureKeyvaultSecretsProvider: { enabled: true }, azurepolicy: { enabled: true } },
  }),
  "aks-upgrades": cluster({ autoUpgradeProfile: { upgradeChannel: "none", nodeOSUpgradeChannel: "NodeImage" } }),
  "aks-watched": cluster({
    addonProfiles: { azureKeyvaultSecretsProvider: { enabled: true, config: { enableSecretRotation: "true" } } },
  }),
  "aks-nodes-hardened": cluster({}, { enableNodePublicIP: true }),
  "aks-pools-apart": cluster({}, { nodeTaints: [] }),
};
