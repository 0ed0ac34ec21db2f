import { setTimeout as delay } from "node:timers/promises";
import type { KubernetesClient, KubernetesObject } from "../../cluster/client.ts";
import { groupOf, podProblem, type Readiness, readiness } from "./rollout.ts";

/** The official provider's own annotations. */
const SKIP_AWAIT = "pulumi.com/skipAwait";
const TIMEOUT_SECONDS = "pulumi.com/timeoutSeconds";

/** A pod that the API server forbids (pod security, quota) is tried again and again; waiting longer than this does not help. */
const FORBIDDEN_GRACE_MS = 10_000;

export function skipsAwait(object: KubernetesObject): boolean {
  return object.metadata?.annotations?.[SKIP_AWAIT] === "true";
}

/** The annotation's limit, else the engine's. */
export function timeoutMs(object: KubernetesObject, timeoutSeconds: number): number {
  const own = Number(object.metadata?.annotations?.[TIMEOUT_SECONDS]);
  return (own > 0 ? own : timeoutSeconds) * 1000;
}

/**
 * Waits until the object does what it is for: a Deployment is rolled out, a Job complete, a Service has somebody to send to.
 * @returns the object as it is then.
 * @throws Error saying how far it came and what its pods complain about.
 */
export async function waitUntilReady(
  client: KubernetesClient,
  path: string,
  first: KubernetesObject,
  timeoutSeconds: number,
): Promise<KubernetesObject> {
  if (skipsAwait(first)) return first;
  const until = Date.now() + timeoutMs(first, timeoutSeconds);
  let forbiddenSince: number | undefined;
  for (let pause = 100, object = first; ; pause = Math.min(pause * 1.5, 1_000)) {
    const state = await judge(client, object);
    if (state.state === "ready") return object;
    const problems = async () => (await podProblems(client, object)).map((problem) => `\n  ${problem}`).join("");
    if (state.state === "failed") throw new Error(`${describe(object)} failed: ${state.reason}${await problems()}`);
    forbiddenSince = /forbidden/.test(state.reason) ? (forbiddenSince ?? Date.now()) : undefined;
    if (forbiddenSince !== undefined && Date.now() - forbiddenSince > FORBIDDEN_GRACE_MS) {
      throw new Error(`${describe(object)} cannot become ready: ${state.reason}`);
    }
    if (Date.now() > until)
      throw new Error(`${describe(object)} was not ready in time: ${state.reason}${await problems()}`);
    await delay(pause);
    const live = await client.find(path);
    if (!live) throw new Error(`${describe(object)} was deleted by somebody else while it was waited for.`);
    object = live;
  }
}

/** Waits until the object is gone, or another one has its name. @throws Error naming the finalizers that hold it. */
export async function waitUntilGone(
  client: KubernetesClient,
  path: string,
  uid: string | undefined,
  timeoutSeconds: number,
): Promise<void> {
  const started = Date.now();
  for (let pause = 50; ; pause = Math.min(pause * 1.5, 1_000)) {
    const object = await client.find(path);
    if (!object || (uid !== undefined && object.metadata?.uid !== uid)) return;
    if (Date.now() - started > timeoutMs(object, timeoutSeconds)) {
      const finalizers = object.metadata?.finalizers;
      const holders =
        Array.isArray(finalizers) && finalizers.length > 0 ? ` Finalizers hold it: ${finalizers.join(", ")}.` : "";
      throw new Error(`${describe(object)} was not gone in time.${holders}`);
    }
    await delay(pause);
  }
}

export function describe(object: KubernetesObject): string {
  return `${object.kind} ${[object.metadata?.namespace, object.metadata?.name].filter(Boolean).join("/")}`;
}

async function judge(client: KubernetesClient, object: KubernetesObject): Promise<Readiness> {
  return groupOf(object) === "" && object.kind === "Service" ? judgeService(client, object) : readiness(object);
}

/** A Service is ready when a ready pod stands behind its selector and, for a load balancer, when it has an address. */
async function judgeService(client: KubernetesClient, object: KubernetesObject): Promise<Readiness> {
  const spec = (object.spec ?? {}) as {
    type?: string;
    selector?: Record<string, string>;
    publishNotReadyAddresses?: boolean;
  };
  if (spec.type === "ExternalName") return { state: "ready" };
  const balancer = (object.status as { loadBalancer?: { ingress?: unknown[] } } | undefined)?.loadBalancer;
  if (spec.type === "LoadBalancer" && !balancer?.ingress?.length)
    return { state: "waiting", reason: "its load balancer has no address yet" };
  if (!spec.selector || Object.keys(spec.selector).length === 0) return { state: "ready" };
  const { items } = await client.request<{ items: { endpoints?: { conditions?: { ready?: boolean } }[] | null }[] }>(
    "GET",
    `/apis/discovery.k8s.io/v1/namespaces/${object.metadata?.namespace}/endpointslices`,
    { query: { labelSelector: `kubernetes.io/service-name=${object.metadata?.name}` } },
  );
  const endpoints = items.flatMap((slice) => slice.endpoints ?? []);
  const usable = endpoints.some(
    ({ conditions }) => conditions?.ready !== false || spec.publishNotReadyAddresses === true,
  );
  return usable ? { state: "ready" } : { state: "waiting", reason: "no ready pod matches its selector" };
}

/** What the pods of a workload complain about, at most five of them. */
async function podProblems(client: KubernetesClient, object: KubernetesObject): Promise<string[]> {
  const labels = (object.spec as { selector?: { matchLabels?: Record<string, string> } } | undefined)?.selector
    ?.matchLabels;
  if (!labels || !object.metadata?.namespace) return [];
  const labelSelector = Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(",");
  const { items } = await client.request<{ items: KubernetesObject[] }>(
    "GET",
    `/api/v1/namespaces/${object.metadata.namespace}/pods`,
    { query: { labelSelector } },
  );
  return items
    .flatMap((item) => {
      const problem = podProblem(item);
      return problem ? [`pod ${item.metadata?.name}: ${problem}`] : [];
    })
    .slice(0, 5);
}
