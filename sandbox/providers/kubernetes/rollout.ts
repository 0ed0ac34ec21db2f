import type { KubernetesObject } from "../../cluster/client.ts";

/** How far an object has come. */
export type Readiness = { readonly state: "ready" } | { readonly state: "waiting" | "failed"; readonly reason: string };

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
}

/** Kinds whose readiness is judged by the object itself. A kind that is not listed is ready as soon as it exists. */
const RULES: Readonly<Record<string, (object: KubernetesObject) => Readiness>> = {
  "apps/Deployment": deployment,
  "apps/StatefulSet": statefulSet,
  "apps/DaemonSet": daemonSet,
  "batch/Job": job,
  "/Pod": pod,
  "/Namespace": (object) => (status(object).phase === "Active" ? READY : waiting("it is not active yet")),
  "apiextensions.k8s.io/CustomResourceDefinition": definition,
};

const READY: Readiness = { state: "ready" };
const waiting = (reason: string): Readiness => ({ state: "waiting", reason });
const failed = (reason: string): Readiness => ({ state: "failed", reason });

/** Judges an object as the official provider does. */
export function readiness(object: KubernetesObject): Readiness {
  const rule = RULES[`${groupOf(object)}/${object.kind}`];
  return rule ? rule(object) : READY;
}

export function groupOf(object: KubernetesObject): string {
  const [group, version] = (object.apiVersion ?? "").split("/");
  return version === undefined ? "" : (group ?? "");
}

function deployment(object: KubernetesObject): Readiness {
  const spec = fields(object.spec);
  if (spec.paused === true) return READY;
  const progressing = condition(object, "Progressing");
  if (!observed(object)) return waiting("its controller has not seen it yet");
  if (progressing?.reason === "ProgressDeadlineExceeded")
    return failed(progressing.message ?? "it made no progress in time");
  const wanted = count(spec.replicas, 1);
  const { replicas, updatedReplicas, availableReplicas } = status(object);
  const updated = count(updatedReplicas);
  if (updated < wanted) return waiting(`${updated} of ${wanted} replicas are up to date${replicaFailure(object)}`);
  if (count(replicas) > updated) return waiting(`${count(replicas) - updated} old replicas are still to end`);
  const available = count(availableReplicas);
  return available >= wanted
    ? READY
    : waiting(`${available} of ${wanted} replicas are available${replicaFailure(object)}`);
}

function replicaFailure(object: KubernetesObject): string {
  const failure = condition(object, "ReplicaFailure");
  return failure?.status === "True" && failure.message ? ` (${failure.message})` : "";
}

function statefulSet(object: KubernetesObject): Readiness {
  const spec = fields(object.spec);
  if (!observed(object)) return waiting("its controller has not seen it yet");
  const wanted = count(spec.replicas, 1);
  const { readyReplicas, updatedReplicas, currentRevision, updateRevision } = status(object);
  if (count(readyReplicas) < wanted) return waiting(`${count(readyReplicas)} of ${wanted} replicas are ready`);
  const strategy = fields(spec.updateStrategy);
  const partition = count(fields(strategy.rollingUpdate).partition);
  if (strategy.type === "OnDelete" || currentRevision === updateRevision) return READY;
  return count(updatedReplicas) >= wanted - partition && partition > 0
    ? READY
    : waiting(`${count(updatedReplicas)} of ${wanted} replicas are up to date`);
}

function daemonSet(object: KubernetesObject): Readiness {
  if (!observed(object)) return waiting("its controller has not seen it yet");
  const { desiredNumberScheduled, updatedNumberScheduled, numberAvailable } = status(object);
  const wanted = count(desiredNumberScheduled);
  const done = Math.min(count(updatedNumberScheduled), count(numberAvailable));
  return done >= wanted ? READY : waiting(`${done} of ${wanted} nodes run it`);
}

function job(object: KubernetesObject): Readiness {
  const failure = condition(object, "Failed");
  if (failure?.status === "True") return failed([failure.reason, failure.message].filter(Boolean).join(": "));
  if (condition(object, "Complete")?.status === "True" || fields(object.spec).suspend === true) return READY;
  const { active, succeeded } = status(object);
  return waiting(
    `${count(active)} pods run, ${count(succeeded)} of ${count(fields(object.spec).completions, 1)} are done`,
  );
}

function pod(object: KubernetesObject): Readiness {
  const { phase, message } = status(object);
  if (phase === "Succeeded") return READY;
  if (phase === "Failed") return failed(typeof message === "string" ? message : "it ended with an error");
  if (condition(object, "Ready")?.status === "True") return READY;
  return waiting(podProblem(object) ?? `it is ${String(phase ?? "Pending").toLowerCase()}`);
}

function definition(object: KubernetesObject): Readiness {
  const names = condition(object, "NamesAccepted");
  if (names?.status === "False") return failed(names.message ?? "its names are taken");
  return condition(object, "Established")?.status === "True" ? READY : waiting("it is not established yet");
}

/** Why a pod does not run, in its kubelet's or the scheduler's words; undefined when nothing is wrong. */
export function podProblem(object: KubernetesObject): string | undefined {
  const scheduled = condition(object, "PodScheduled");
  if (scheduled?.status === "False") return scheduled.message ?? "it cannot be scheduled";
  const { initContainerStatuses, containerStatuses } = status(object);
  const statuses = [initContainerStatuses, containerStatuses].flatMap((list) => (Array.isArray(list) ? list : []));
  for (const container of statuses.map(fields)) {
    const state = fields(container.state);
    const pending = fields(state.waiting);
    const ended = fields(state.terminated);
    if (pending.reason)
      return `container ${container.name}: ${pending.reason}${pending.message ? `, ${pending.message}` : ""}`;
    if (ended.exitCode) return `container ${container.name} ended with ${ended.exitCode}`;
  }
  return undefined;
}

function observed(object: KubernetesObject): boolean {
  return count(status(object).observedGeneration) >= count(object.metadata?.generation);
}

function condition(object: KubernetesObject, type: string): Condition | undefined {
  const { conditions } = status(object);
  return Array.isArray(conditions) ? (conditions as Condition[]).find((entry) => entry.type === type) : undefined;
}

function status(object: KubernetesObject): Record<string, unknown> {
  return fields(object.status);
}

function fields(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

function count(value: unknown, otherwise = 0): number {
  return typeof value === "number" ? value : otherwise;
}
