import { setTimeout as delay } from "node:timers/promises";
import { type KubernetesClient, KubernetesError } from "../cluster/client.ts";

/** Name of the policy, of its binding, and of the scheduler that pods are given. */
export const RUNNER_SCHEDULER = "entrada-runner";

const GROUP = "/apis/admissionregistration.k8s.io/v1";
const POLICY = `${GROUP}/mutatingadmissionpolicies/${RUNNER_SCHEDULER}`;
const BINDING = `${GROUP}/mutatingadmissionpolicybindings/${RUNNER_SCHEDULER}`;
/** The API server takes a new policy in within a second or two. */
const TIMEOUT_MS = 30_000;
/** It forgets one as fast; when it does not, nobody shall wait for that. */
const RELEASE_MS = 10_000;

/**
 * Lets the runner's scheduler place the new pods of some namespaces, by a policy of the API server's own admission: the
 * Deployments and Jobs stay as the stack declares them, so nothing of it is a change to undo.
 */
export async function claimNamespaces(client: KubernetesClient, namespaces: readonly string[]): Promise<void> {
  if (namespaces.length === 0) return releaseNamespaces(client);
  await apply(client, POLICY, policy(namespaces));
  await apply(client, BINDING, {
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "MutatingAdmissionPolicyBinding",
    metadata: { name: RUNNER_SCHEDULER },
    spec: { policyName: RUNNER_SCHEDULER },
  });
  await Promise.all(namespaces.map((namespace) => takenIn(client, namespace)));
}

/** Takes the policy away, and waits until new pods are everybody's again: for one that it still took nobody would be there. */
export async function releaseNamespaces(client: KubernetesClient): Promise<void> {
  const before = await client.find<ReturnType<typeof policy>>(POLICY);
  await client.send("DELETE", BINDING, {});
  await client.send("DELETE", POLICY, {});
  const [expression] = before?.spec.matchConstraints.namespaceSelector.matchExpressions ?? [];
  await Promise.all((expression?.values ?? []).map((namespace) => givenBack(client, namespace)));
}

function policy(namespaces: readonly string[]) {
  return {
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "MutatingAdmissionPolicy",
    metadata: { name: RUNNER_SCHEDULER },
    spec: {
      reinvocationPolicy: "IfNeeded",
      // A pod that slipped through would be played by kwok, and look as if it ran.
      failurePolicy: "Fail",
      matchConstraints: {
        namespaceSelector: {
          matchExpressions: [{ key: "kubernetes.io/metadata.name", operator: "In", values: [...namespaces].sort() }],
        },
        resourceRules: [{ apiGroups: [""], apiVersions: ["v1"], operations: ["CREATE"], resources: ["pods"] }],
      },
      mutations: [
        {
          patchType: "ApplyConfiguration",
          applyConfiguration: { expression: `Object{spec: Object.spec{schedulerName: "${RUNNER_SCHEDULER}"}}` },
        },
      ],
    },
  };
}

async function apply(client: KubernetesClient, path: string, body: unknown): Promise<void> {
  await client.request("PATCH", path, {
    query: { fieldManager: "entrada-runner", force: "true" },
    contentType: "application/apply-patch+yaml",
    body,
  });
}

/** Waits until a pod that is only tried comes back with the scheduler. */
async function takenIn(client: KubernetesClient, namespace: string): Promise<void> {
  const until = Date.now() + TIMEOUT_MS;
  for (;;) {
    const { status, body } = await tryPod(client, namespace);
    if (status >= 400) throw new KubernetesError(status, body, `A pod in ${namespace}`);
    if (schedulerOf(body) === RUNNER_SCHEDULER) return;
    if (Date.now() > until)
      throw new Error(`The API server does not apply the policy ${RUNNER_SCHEDULER} to ${namespace}.`);
    await delay(100);
  }
}

/** Waits until it comes back without it. A namespace that takes no pods any more needs nothing. */
async function givenBack(client: KubernetesClient, namespace: string): Promise<void> {
  const until = Date.now() + RELEASE_MS;
  while (Date.now() < until && schedulerOf((await tryPod(client, namespace)).body) === RUNNER_SCHEDULER)
    await delay(100);
}

/** What the API server would make of a new pod (dry run). */
function tryPod(client: KubernetesClient, namespace: string): Promise<{ status: number; body: unknown }> {
  const body = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "entrada-runner-probe", namespace },
    spec: {
      securityContext: { runAsNonRoot: true, runAsUser: 65_532, seccompProfile: { type: "RuntimeDefault" } },
      containers: [
        {
          name: "none",
          image: "none",
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
        },
      ],
    },
  };
  return client.send("POST", `/api/v1/namespaces/${namespace}/pods`, { query: { dryRun: "All" }, body });
}

function schedulerOf(body: unknown): string | undefined {
  return (body as { spec?: { schedulerName?: string } } | undefined)?.spec?.schedulerName;
}
