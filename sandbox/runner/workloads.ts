import type { KubernetesClient } from "../cluster/client.ts";
import { controllerOf, type Extent, isReachable, listPods } from "./placement.ts";
import type { Pod } from "./pod/types.ts";

/** The workloads of a namespace that are to run here, and what stands in their way. */
export interface Workloads {
  /** The controllers' uids. */
  readonly owners: ReadonlySet<string>;
  /** Uids of the pods that were deleted, so that others come in their place. */
  readonly deleted: ReadonlySet<string>;
}

/**
 * Brings one pod of each workload here that is to run here: deletes one, so that its controller makes another. One that is here
 * already stays, unless it waits for what will not come: a second `run` is a second try.
 *
 * @param here the pods on the runner's node
 */
export async function moveWorkloads(
  client: KubernetesClient,
  { namespace, extent, here }: { readonly namespace: string; readonly extent: Extent; readonly here: readonly Pod[] },
): Promise<Workloads> {
  const owners = new Map<string, Pod[]>();
  for (const pod of await listPods(client, "", namespace)) {
    const owner = controllerOf(pod);
    if (owner === undefined || owner.kind === "Job" || pod.metadata.deletionTimestamp !== undefined) continue;
    if (extent === "reachable" && !(await isReachable(client, pod))) continue;
    owners.set(owner.uid, [...(owners.get(owner.uid) ?? []), pod]);
  }
  const onNode = new Set(here.map(({ metadata }) => metadata.uid));
  const deleted = new Set<string>();
  for (const pods of owners.values()) {
    const ours = pods.filter(({ metadata }) => onNode.has(metadata.uid));
    const leaving = ours.length === 0 ? pods.slice(0, 1) : ours.filter((pod) => problemOf(pod) !== undefined);
    for (const { metadata } of leaving) {
      await client.send("DELETE", `/api/v1/namespaces/${namespace}/pods/${metadata.name}`, {
        body: { apiVersion: "v1", kind: "DeleteOptions", preconditions: { uid: metadata.uid } },
      });
      deleted.add(metadata.uid);
    }
  }
  return { owners: new Set(owners.keys()), deleted };
}

/**
 * Whether each workload has a pod here that is ready.
 * @throws Error with the reason of a pod that will not become ready by itself
 */
export function areReady({ owners, deleted }: Workloads, here: readonly Pod[]): boolean {
  const pods = here.filter(
    (pod) =>
      owners.has(controllerOf(pod)?.uid ?? "") &&
      !deleted.has(pod.metadata.uid) &&
      pod.metadata.deletionTimestamp === undefined,
  );
  const waiting = pods.filter((pod) => !isReady(pod));
  const problem = waiting.map(problemOf).find((text) => text !== undefined);
  if (problem !== undefined) throw new Error(problem);
  return waiting.length === 0 && new Set(pods.map((pod) => controllerOf(pod)?.uid)).size === owners.size;
}

function isReady({ status }: Pod): boolean {
  return status?.conditions?.some(({ type, status: yes }) => type === "Ready" && yes === "True") === true;
}

const HOPELESS = ["ErrImageNeverPull", "CreateContainerError", "CrashLoopBackOff"];

/** What a pod waits for that will not come by itself. */
export function problemOf({ metadata, status }: Pod): string | undefined {
  for (const { name, state } of [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])]) {
    const { reason = "", message = "it gives no reason" } = state?.waiting ?? {};
    if (HOPELESS.includes(reason)) {
      return `Pod ${metadata.namespace}/${metadata.name}, container ${name}: ${reason}, ${message}`;
    }
  }
  return undefined;
}
