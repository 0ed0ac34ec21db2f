import type { Subject } from "../core/rule.ts";
import { elements } from "../core/values.ts";

export const clusterType = "azure-native:containerservice:ManagedCluster";
export const poolType = "azure-native:containerservice:AgentPool";

/** A group of nodes, where it stands in its resource. */
export interface Pool {
  /** Empty where the resource is the pool. */
  readonly path: string;
  readonly value: unknown;
}

/** The pools that a resource describes, as far as they are known: a cluster has some inside, a pool may be one of its own. */
export function poolsOf({ type, props }: Subject): readonly Pool[] {
  if (type === poolType) return [{ path: "", value: props }];
  return elements(props, "agentPoolProfiles").flatMap(({ path, item }) =>
    item.kind === "value" ? [{ path, value: item.value }] : [],
  );
}
