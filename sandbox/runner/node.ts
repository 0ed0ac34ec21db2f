import type { KubernetesClient } from "../cluster/client.ts";
import { KWOK_NODE_LABEL } from "../cluster/commands.ts";

/** The node whose kubelet the runner is. */
export const RUNNER_NODE = "sandbox-node-2";

/** Keeps the cluster's own scheduler from placing pods here: only the runner's does. */
const TAINT = { key: "entrada.dev/runner", effect: "NoSchedule" };

const NODES = "/api/v1/nodes";
const LEASES = "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases";
/** The controllers take a node for lost after 40 s without a sign of life. */
const HEARTBEAT_MS = 10_000;
const LEASE_SECONDS = 40;

/** Registers the node and gives signs of life until it is stopped. */
export async function startNode(
  client: KubernetesClient,
  options: { readonly kubeletPort: number; readonly log: (line: string) => void },
): Promise<{ stop(): Promise<void> }> {
  await removeNode(client);
  const since = new Date().toISOString();
  await client.request("POST", NODES, { body: nodeObject() });
  const beat = async () => {
    await client.request("PATCH", `${NODES}/${RUNNER_NODE}/status`, {
      contentType: "application/strategic-merge-patch+json",
      body: { status: nodeStatus(options.kubeletPort, since) },
    });
    await renewLease(client);
  };
  await beat();
  let last = Promise.resolve();
  const timer = setInterval(() => {
    last = beat().catch((error: unknown) => options.log(`no sign of life from the node: ${(error as Error).message}`));
  }, HEARTBEAT_MS);
  return {
    stop: () => {
      clearInterval(timer);
      // One that is on its way would make the lease again.
      return last;
    },
  };
}

/** Takes the node away, if it is there. */
export async function removeNode(client: KubernetesClient): Promise<void> {
  await client.send("DELETE", `${LEASES}/${RUNNER_NODE}`, {});
  await client.send("DELETE", `${NODES}/${RUNNER_NODE}`, {});
}

function nodeObject() {
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: {
      name: RUNNER_NODE,
      labels: {
        [KWOK_NODE_LABEL]: "runner",
        "kubernetes.io/hostname": RUNNER_NODE,
        "kubernetes.io/os": "linux",
        "kubernetes.io/arch": "amd64",
        "topology.kubernetes.io/region": "sandbox",
        "topology.kubernetes.io/zone": "sandbox-2",
      },
    },
    spec: { taints: [TAINT] },
  };
}

function nodeStatus(kubeletPort: number, since: string) {
  const now = new Date().toISOString();
  const room = { cpu: "32", memory: "256Gi", pods: "110", "ephemeral-storage": "1Ti" };
  return {
    capacity: room,
    allocatable: room,
    addresses: [
      { type: "InternalIP", address: "127.0.0.1" },
      { type: "Hostname", address: RUNNER_NODE },
    ],
    daemonEndpoints: { kubeletEndpoint: { Port: kubeletPort } },
    conditions: [
      {
        type: "Ready",
        status: "True",
        reason: "RunnerReady",
        message: "the runner starts containers as processes of this machine",
        lastHeartbeatTime: now,
        lastTransitionTime: since,
      },
    ],
    nodeInfo: {
      ...{
        architecture: "amd64",
        operatingSystem: "linux",
        osImage: "Entrada sandbox",
        kernelVersion: "",
        machineID: "",
      },
      ...{ systemUUID: "", bootID: "", kubeletVersion: "v1.36.3", kubeProxyVersion: "" },
      containerRuntimeVersion: "bubblewrap://0",
    },
  };
}

async function renewLease(client: KubernetesClient): Promise<void> {
  const spec = {
    holderIdentity: RUNNER_NODE,
    leaseDurationSeconds: LEASE_SECONDS,
    renewTime: new Date().toISOString().replace("Z", "000Z"),
  };
  const body = { apiVersion: "coordination.k8s.io/v1", kind: "Lease", metadata: { name: RUNNER_NODE }, spec };
  await client.request("PATCH", `${LEASES}/${RUNNER_NODE}`, {
    query: { fieldManager: "entrada-runner", force: "true" },
    contentType: "application/apply-patch+yaml",
    body,
  });
}
