import type { V1OwnerReference } from "@kubernetes/client-node";
import type { KubernetesClient } from "../cluster/client.ts";
import { RUNNER_SCHEDULER } from "./admission.ts";
import { RUNNER_NODE } from "./node.ts";
import type { Pod } from "./pod/types.ts";

/** The node that kwok plays. */
const KWOK_NODE = "sandbox-node-1";

/** A Service as far as placing needs it. */
interface Service {
  readonly spec: { readonly selector?: Readonly<Record<string, string>> };
}

/** Which pods of a namespace run for real. */
export type Extent = "reachable" | "all";

/**
 * Binds every waiting pod of the claimed namespaces to a node, as a scheduler does: to the runner's what is to run here, to
 * kwok's all else.
 *
 * @param extents namespace → which of its pods run here
 */
export async function placePods(client: KubernetesClient, extents: ReadonlyMap<string, Extent>): Promise<void> {
  const waiting = await listPods(client, `spec.schedulerName=${RUNNER_SCHEDULER},spec.nodeName=`);
  for (const pod of waiting) {
    const { namespace, name } = pod.metadata;
    const extent = extents.get(namespace);
    const here = extent !== undefined && (await runsHere(client, pod, extent));
    await client.send("POST", `/api/v1/namespaces/${namespace}/pods/${name}/binding`, {
      body: {
        apiVersion: "v1",
        kind: "Binding",
        metadata: { name, namespace, uid: pod.metadata.uid },
        target: { apiVersion: "v1", kind: "Node", name: here ? RUNNER_NODE : KWOK_NODE },
      },
    });
  }
}

/** Pods on the runner's node. */
export function podsHere(client: KubernetesClient): Promise<Pod[]> {
  return listPods(client, `spec.nodeName=${RUNNER_NODE}`);
}

export async function listPods(client: KubernetesClient, fieldSelector: string, namespace?: string): Promise<Pod[]> {
  const path = namespace === undefined ? "/api/v1/pods" : `/api/v1/namespaces/${namespace}/pods`;
  return (await client.request<{ items: Pod[] }>("GET", path, { query: { fieldSelector } })).items;
}

/**
 * What runs to its end always: a Job's pod, and one that no controller makes again (a task of Airflow's). Of a workload one
 * pod, and only what somebody can connect to unless all is asked for.
 */
async function runsHere(client: KubernetesClient, pod: Pod, extent: Extent): Promise<boolean> {
  const owner = controllerOf(pod);
  if (owner === undefined || owner.kind === "Job") return true;
  if (extent === "reachable" && !(await isReachable(client, pod))) return false;
  const others = await listPods(client, `spec.nodeName=${RUNNER_NODE}`, pod.metadata.namespace);
  return !others.some(
    (other) => other.metadata.deletionTimestamp === undefined && controllerOf(other)?.uid === owner.uid,
  );
}

/** Whether a Service of its namespace selects the pod. */
export async function isReachable(client: KubernetesClient, { metadata }: Pick<Pod, "metadata">): Promise<boolean> {
  const path = `/api/v1/namespaces/${metadata.namespace}/services`;
  const { items } = await client.request<{ items: Service[] }>("GET", path);
  return items.some(({ spec }) => {
    const wanted = Object.entries(spec.selector ?? {});
    return wanted.length > 0 && wanted.every(([key, value]) => metadata.labels?.[key] === value);
  });
}

export function controllerOf({ metadata }: Pick<Pod, "metadata">): V1OwnerReference | undefined {
  return metadata.ownerReferences?.find(({ controller }) => controller === true);
}
