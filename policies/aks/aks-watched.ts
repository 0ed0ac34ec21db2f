import { checkDemands, type Demand, isTrue } from "../core/demands.ts";
import { resourceRule } from "../core/rule.ts";

const admission: Demand = {
  at: "addonProfiles.azurepolicy.enabled",
  holds: isTrue,
  wanted: "true",
  missing: "not set (off)",
  fix: "Enable addonProfiles.azurepolicy.",
};

const sensor: Demand = {
  at: "securityProfile.defender.securityMonitoring.enabled",
  holds: isTrue,
  wanted: "true",
  missing: "not set (off)",
};

/** Somebody is told when the cluster behaves like a broken one, and Azure's policies hold inside it. */
export const aksWatched = resourceRule<{ requireSensor: boolean }>(
  {
    name: "aks-watched",
    title: "Clusters are watched",
    what: "A cluster has the add-on of Azure Policy, and the sensor of Microsoft Defender unless the subscription's plan puts it there.",
    why: "This pack stops what the code would do. A shell in a pod, a miner, or a pod that somebody starts by hand is seen by the sensor and by admission alone.",
    fix: "Enable securityProfile.defender.securityMonitoring with a Log Analytics workspace.",
    severity: "medium",
    url: "https://learn.microsoft.com/azure/defender-for-cloud/defender-for-containers-introduction",
    mappings: [
      { framework: "mcsb", id: "LT-1" },
      { framework: "mcsb", id: "LT-2" },
      { framework: "mcsb", id: "PV-2" },
    ],
  },
  {
    types: ["azure-native:containerservice:ManagedCluster"],
    config: {
      requireSensor: {
        type: "boolean",
        default: true,
        description: "Whether the program itself must switch the sensor on; false where the subscription's plan does.",
      },
    },
    check({ props }, report, { requireSensor }) {
      checkDemands(props, requireSensor ? [admission, sensor] : [admission], report);
    },
  },
);
