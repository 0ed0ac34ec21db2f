import { checkDemands, type Demand, isWord } from "../core/demands.ts";
import { resourceRule } from "../core/rule.ts";

const demands: readonly Demand[] = [
  {
    at: "autoUpgradeProfile.upgradeChannel",
    holds: isWord("patch", "stable", "rapid"),
    wanted: '"patch", or "stable" or "rapid"',
    missing: "not set (never)",
  },
  {
    at: "autoUpgradeProfile.nodeOSUpgradeChannel",
    holds: isWord("NodeImage", "SecurityPatch"),
    wanted: '"NodeImage" or "SecurityPatch"',
  },
];

/** Cluster and nodes get their patches without anybody remembering. */
export const aksUpgrades = resourceRule(
  {
    name: "aks-upgrades",
    title: "Clusters and nodes are patched by themselves",
    what: "A cluster takes new patch versions of Kubernetes and new images of its nodes by itself.",
    why: "Holes of the kubelet and the kernel are published with their patches. A cluster that waits for somebody to find time is open for months, and soon outside Microsoft's support.",
    fix: 'Set autoUpgradeProfile to `{ upgradeChannel: "patch", nodeOSUpgradeChannel: "NodeImage" }`, with a maintenance window.',
    severity: "medium",
    url: "https://learn.microsoft.com/azure/aks/auto-upgrade-cluster",
  },
  {
    types: ["azure-native:containerservice:ManagedCluster"],
    check({ props }, report) {
      checkDemands(props, demands, report);
    },
  },
);
