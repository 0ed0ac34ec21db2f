import { podTemplate } from "../../kubernetes/pod.ts";
import { json } from "../fab/config-files.ts";
import { podOf, type SharedPodArgs } from "./pods.ts";

/** ConfigMap with what the worker's pod learns of itself; its entries become variables. */
export const WORKER_IDENTITY = "airflow-worker-identity";

export interface WorkerPodArgs extends Pick<SharedPodArgs, "image" | "configHash"> {
  readonly serviceAccountName: string;
  readonly tenantId: string;
  readonly configMap: string;
  readonly settingsMap: string;
}

/**
 * The pod in which the Kubernetes executor runs a task, as its template file (JSON, which YAML readers take). It is
 * restricted like every pod here, holds no secret and no token for the cluster's API. All of it is known in a preview: the
 * identity's client id comes by a ConfigMap. The executor wants its container to be called `base` and adds the arguments.
 */
export function workerPodFile(args: WorkerPodArgs): string {
  const pod = podOf("worker", args, {
    serviceAccountName: args.serviceAccountName,
    federation: { tenantId: args.tenantId },
    // The image's entry point would wait for the database, which workers have none of.
    env: { CONNECTION_CHECK_MAX_COUNT: "0" },
  });
  const template = podTemplate(
    { ...pod, containerName: "base", command: undefined, probes: undefined, environmentFrom: [WORKER_IDENTITY] },
    { restartPolicy: "Never" },
  );
  return json({ apiVersion: "v1", kind: "Pod", ...template });
}
