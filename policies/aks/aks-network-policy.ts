import { checkDemands, type Demand, isWord } from "../core/demands.ts";
import { resourceRule } from "../core/rule.ts";

const demands: readonly Demand[] = [
  {
    at: "networkProfile.networkPolicy",
    holds: isWord("cilium", "calico", "azure"),
    wanted: '"cilium"',
    missing: "not set (policies are stored and ignored)",
  },
  {
    at: "networkProfile.networkPlugin",
    holds: isWord("azure", "none"),
    wanted: '"azure"',
    fix: 'Use the plugin "azure" in overlay mode; kubenet loses its support in 2028.',
  },
];

/** Network policies do something only where the cluster has who enforces them. */
export const aksNetworkPolicy = resourceRule(
  {
    name: "aks-network-policy",
    title: "Clusters enforce network policies",
    what: "A cluster has an engine that enforces network policies, on a network that supports one.",
    why: "Without an engine every NetworkPolicy is accepted and none does anything: the namespaces that look closed are open.",
    fix: 'Set networkProfile.networkPolicy and networkDataplane to "cilium", with the plugin "azure" in overlay mode.',
    severity: "high",
    url: "https://learn.microsoft.com/azure/aks/use-network-policies",
    mappings: [
      { framework: "cis-aks", id: "5.4.4" },
      { framework: "iso27001", id: "8.20" },
      { framework: "iso27001", id: "8.21" },
      { framework: "iso27001", id: "8.22" },
    ],
  },
  {
    types: ["azure-native:containerservice:ManagedCluster"],
    check({ props }, report) {
      checkDemands(props, demands, report);
    },
  },
);
