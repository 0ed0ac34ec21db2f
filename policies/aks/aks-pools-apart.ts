import { isWord } from "../core/demands.ts";
import { type Finding, resourceRule, type Subject } from "../core/rule.ts";
import { elements, known } from "../core/values.ts";
import { clusterType, type Pool, poolsOf, poolType } from "./pools.ts";

const taint = /^CriticalAddonsOnly=true:(NoSchedule|NoExecute)$/;

interface Config {
  readonly minZones: number;
  readonly minSystemNodes: number;
}

function isSystem({ value }: Pool): boolean {
  const mode = known(value, "mode");
  return mode.kind === "value" && isWord("System")(mode.value);
}

function isTainted({ value }: Pool): boolean {
  const taints = elements(value, "nodeTaints").map(({ item }) => item);
  return taints.some((item) => item.kind === "unknown" || (item.kind === "value" && taint.test(String(item.value))));
}

/** How many nodes a pool has at least; undefined while that is not known. */
function leastNodes({ value }: Pool): number | undefined {
  const scaled = known(value, "enableAutoScaling");
  if (scaled.kind === "unknown") return undefined;
  const count = known(value, scaled.kind === "value" && scaled.value === true ? "minCount" : "count");
  if (count.kind === "unknown") return undefined;
  return count.kind === "value" ? Number(count.value) : 1;
}

function checkZones(pool: Pool, { minZones }: Config, report: (finding: Finding) => void): void {
  const zones = known(pool.value, "availabilityZones");
  const count = elements(pool.value, "availabilityZones").length;
  if (zones.kind === "unknown" || count >= minZones) return;
  const at = pool.path === "" ? "availabilityZones" : `${pool.path}.availabilityZones`;
  report({ at, found: count === 0 ? "not set" : `${count} zone`, wanted: `at least ${minZones}` });
}

function checkSystem({ type, props }: Subject, config: Config, report: (finding: Finding) => void): void {
  const all = known(props, "agentPoolProfiles");
  if (type !== clusterType || all.kind === "unknown") return;
  const inside = elements(props, "agentPoolProfiles");
  const system = poolsOf({ type, props, name: "", urn: "" }).filter(isSystem);
  if (inside.some(({ item }) => item.kind === "unknown")) return;
  const own = system.filter(isTainted);
  if (own.length === 0) {
    const found = system.length === 0 ? "without a pool of mode System" : "without a system pool of its own";
    report({ at: "agentPoolProfiles", found, wanted: 'one with nodeTaints ["CriticalAddonsOnly=true:NoSchedule"]' });
  }
  for (const pool of own) {
    const nodes = leastNodes(pool);
    if (nodes === undefined || nodes >= config.minSystemNodes) continue;
    report({ at: `${pool.path}.count`, found: String(nodes), wanted: `at least ${config.minSystemNodes}` });
  }
}

/** What keeps the cluster running has nodes of its own, and no single building takes all of a pool along. */
export const aksPoolsApart = resourceRule<Config>(
  {
    name: "aks-pools-apart",
    title: "System pods have their own nodes, and pools span zones",
    what: "A cluster has a system pool that takes no tools' pods, with enough nodes, and its pools span availability zones.",
    why: "A tool that eats a node's memory takes DNS and the network agent along when they share it, and with them every other tool. A pool in one zone is gone with that zone.",
    fix: 'Taint the system pool with "CriticalAddonsOnly=true:NoSchedule", let tools run in a User pool, and set availabilityZones.',
    severity: "low",
    url: "https://learn.microsoft.com/azure/aks/use-system-pools",
  },
  {
    types: [clusterType, poolType],
    config: {
      minZones: {
        type: "integer",
        minimum: 0,
        maximum: 3,
        default: 2,
        description: "Least number of availability zones of a pool; 0 where an environment may be gone for a while.",
      },
      minSystemNodes: {
        type: "integer",
        minimum: 1,
        default: 2,
        description: "Least number of nodes of the system pool.",
      },
    },
    check(subject, report, config) {
      checkSystem(subject, config, report);
      for (const pool of poolsOf(subject)) checkZones(pool, config, report);
    },
  },
);
