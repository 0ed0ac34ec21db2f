import type { Subject } from "../core/rule.ts";
import { elements, known } from "../core/values.ts";

const templated = "spec.template.spec";

/** Where each kind keeps its pod spec. */
const podSpecPaths: Readonly<Record<string, string>> = {
  "kubernetes:core:Pod": "spec",
  "kubernetes:core:PodTemplate": "template.spec",
  "kubernetes:core:ReplicationController": templated,
  "kubernetes:apps:Deployment": templated,
  "kubernetes:apps:StatefulSet": templated,
  "kubernetes:apps:DaemonSet": templated,
  "kubernetes:apps:ReplicaSet": templated,
  "kubernetes:batch:Job": templated,
  "kubernetes:batch:CronJob": "spec.jobTemplate.spec.template.spec",
};

/** Every kind that starts pods. */
export const workloadTypes: readonly string[] = Object.keys(podSpecPaths);

/** A part of a resource that is known to be there, with its own path for messages. */
export interface Part {
  readonly path: string;
  readonly value: unknown;
}

/** The pod spec of a workload, unless it is not known yet. */
export function podSpec({ type, props }: Subject): Part | undefined {
  const path = podSpecPaths[type];
  const found = path === undefined ? undefined : known(props, path);
  return path !== undefined && found?.kind === "value" ? { path, value: found.value } : undefined;
}

/** The pod template's own metadata (a Pod's is the resource's). */
export function podMetadata({ type, props }: Subject): Part | undefined {
  const path = podSpecPaths[type]?.replace(/spec$/, "metadata");
  const found = path === undefined ? undefined : known(props, path);
  return path !== undefined && found?.kind === "value" ? { path, value: found.value } : undefined;
}

/** All containers of a pod: those that run, those that run first, and those put in for debugging. */
export function containers(pod: Part): readonly Part[] {
  return ["containers", "initContainers", "ephemeralContainers"].flatMap((list) =>
    elements(pod.value, list).flatMap(({ path, item }) =>
      item.kind === "value" ? [{ path: `${pod.path}.${path}`, value: item.value }] : [],
    ),
  );
}
