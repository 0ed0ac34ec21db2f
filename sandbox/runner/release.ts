import { type KubernetesClient, KubernetesError } from "../cluster/client.ts";
import { RUNNER_SCHEDULER, releaseNamespaces } from "./admission.ts";
import { JOB_COPIES } from "./jobs.ts";
import { removeNode } from "./node.ts";
import { listPods, podsHere } from "./placement.ts";

/**
 * Gives everything back to the cluster's own scheduler and to kwok, also after a runner that was killed: its policy, its
 * copies of Jobs, its pods and its node go, and the workloads' controllers make new pods elsewhere. Again it changes nothing.
 */
export async function releaseCluster(client: KubernetesClient): Promise<void> {
  await releaseNamespaces(client);
  await removeJobCopies(client);
  const waiting = await listPods(client, `spec.schedulerName=${RUNNER_SCHEDULER},spec.nodeName=`);
  for (const { metadata } of [...waiting, ...(await podsHere(client))]) {
    await client.send("DELETE", `/api/v1/namespaces/${metadata.namespace}/pods/${metadata.name}`, {
      body: { apiVersion: "v1", kind: "DeleteOptions", gracePeriodSeconds: 0, preconditions: { uid: metadata.uid } },
    });
  }
  await removeNode(client);
}

/** Job copies, of a namespace or of all; their pods go with them. */
export async function removeJobCopies(client: KubernetesClient, namespace?: string): Promise<void> {
  const path = namespace === undefined ? "/apis/batch/v1/jobs" : `/apis/batch/v1/namespaces/${namespace}/jobs`;
  const { items } = await client.request<{ items: { metadata: { name: string; namespace: string } }[] }>("GET", path, {
    query: { labelSelector: JOB_COPIES },
  });
  for (const { metadata } of items) {
    try {
      await client.request("DELETE", `/apis/batch/v1/namespaces/${metadata.namespace}/jobs/${metadata.name}`, {
        query: { propagationPolicy: "Background" },
      });
    } catch (error) {
      if (!(error instanceof KubernetesError && error.status === 404)) throw error;
    }
  }
}
