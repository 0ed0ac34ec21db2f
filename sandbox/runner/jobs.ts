import type { V1JobSpec } from "@kubernetes/client-node";
import type { KubernetesClient } from "../cluster/client.ts";
import { pause } from "./pause.ts";
import type { Pod } from "./pod/types.ts";

const COPY_LABEL = "entrada.dev/runner";
/** Chooses the Jobs that the runner made. */
export const JOB_COPIES = `${COPY_LABEL}=copy`;

interface Job {
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly uid: string;
    readonly creationTimestamp?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly ownerReferences?: readonly unknown[];
  };
  readonly spec: V1JobSpec;
  readonly status?: {
    readonly conditions?: readonly { readonly type: string; readonly status: string; readonly message?: string }[];
  };
}

/**
 * The Jobs of a namespace that the stack declares, oldest first: what has to have run before the pods start. Those of a
 * CronJob run when it is their time.
 */
export async function declaredJobs(client: KubernetesClient, namespace: string): Promise<Job[]> {
  const { items } = await client.request<{ items: Job[] }>("GET", `/apis/batch/v1/namespaces/${namespace}/jobs`);
  return items
    .filter(({ metadata }) => metadata.ownerReferences === undefined && metadata.labels?.[COPY_LABEL] === undefined)
    .sort((a, b) => (a.metadata.creationTimestamp ?? "").localeCompare(b.metadata.creationTimestamp ?? ""));
}

/**
 * Runs a Job once more, as `kubectl create job --from` does: kwok has only said that it was done.
 * @throws Error with the Job's reason when it fails, or when the signal stops it.
 */
export async function runAgain(client: KubernetesClient, job: Job, signal: AbortSignal): Promise<void> {
  const { namespace, name } = job.metadata;
  const path = `/apis/batch/v1/namespaces/${namespace}/jobs`;
  const copy = `${name}-run`.slice(-63).replace(/^[^a-z0-9]+/, "");
  const address = `${path}/${copy}`;
  const remove = () => client.send("DELETE", address, { query: { propagationPolicy: "Background" } });
  await remove();
  while (!signal.aborted && (await client.find(address)) !== undefined) await pause(100, signal);
  if (!signal.aborted) await client.request("POST", path, { body: copyOf(job, copy) });
  for (;;) {
    if (signal.aborted) {
      await remove();
      throw new Error(`The Job ${namespace}/${copy} was stopped.`);
    }
    const now = await client.find<Job>(address);
    if (now === undefined) throw new Error(`The Job ${namespace}/${copy} was deleted while it ran.`);
    const failed = condition(now, "Failed");
    if (failed !== undefined) {
      const reasons = await podReasons(client, namespace, copy);
      throw new Error([`The Job ${namespace}/${copy} failed: ${failed}`, ...reasons].join(" "));
    }
    if (condition(now, "Complete") !== undefined) break;
    await pause(200, signal);
  }
  await remove();
}

/** What the Job's pods say themselves: the Job only counts them. */
async function podReasons(client: KubernetesClient, namespace: string, job: string): Promise<string[]> {
  const query = { labelSelector: `batch.kubernetes.io/job-name=${job}` };
  const { items } = await client.request<{ items: Pod[] }>("GET", `/api/v1/namespaces/${namespace}/pods`, { query });
  return items.flatMap(({ metadata, status }) => {
    const ends = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])].flatMap(
      ({ name, state }) => {
        const { exitCode = 0, message } = state?.terminated ?? {};
        return exitCode === 0 ? [] : [`${name} ended with exit code ${exitCode}${message ? `: ${message}` : ""}`];
      },
    );
    const reasons = status?.message === undefined ? ends : [status.message];
    return reasons.map((reason) => `Pod ${metadata.name}: ${reason}.`);
  });
}

/** The Job's own work; what the controller adds to tell its pods apart is made anew for the copy. */
function copyOf({ metadata, spec }: Job, name: string) {
  const { selector: _selector, manualSelector: _manual, suspend: _suspend, template, ...work } = spec;
  // It stays until its end is seen.
  const { ttlSecondsAfterFinished: _ttl, backoffLimit = 0, ...rest } = work;
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: {
      name,
      namespace: metadata.namespace,
      labels: { ...withoutController(metadata.labels), [COPY_LABEL]: "copy" },
    },
    spec: {
      ...rest,
      // Where the stack allows another try, as for a database that is not reached at once, there is one: somebody waits for it.
      backoffLimit: Math.min(backoffLimit, 1),
      template: {
        ...template,
        metadata: { ...template.metadata, labels: withoutController(template.metadata?.labels) },
      },
    },
  };
}

function withoutController(labels: Readonly<Record<string, string>> = {}): Record<string, string> {
  return Object.fromEntries(
    Object.entries(labels).filter(([key]) => !/^(batch\.kubernetes\.io\/)?(controller-uid|job-name)$/.test(key)),
  );
}

function condition({ status }: Job, type: string): string | undefined {
  const found = status?.conditions?.find((one) => one.type === type && one.status === "True");
  return found === undefined ? undefined : (found.message ?? "it gives no reason");
}
