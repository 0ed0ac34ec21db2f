import type {
  V1Container,
  V1ContainerState,
  V1ContainerStatus,
  V1PodCondition,
  V1PodStatus,
} from "@kubernetes/client-node";
import type { AsText, Pod } from "./types.ts";

/** Where a container stands. */
export type ContainerState =
  | { readonly kind: "waiting"; readonly reason: string; readonly message?: string }
  | { readonly kind: "running"; readonly startedAt: Date }
  | {
      readonly kind: "terminated";
      readonly exitCode: number;
      readonly startedAt: Date;
      readonly finishedAt: Date;
      readonly reason: string;
      readonly message?: string;
    };

/** What the runner knows of one container. */
export interface ContainerRecord {
  readonly container: V1Container;
  state: ContainerState;
  last?: ContainerState;
  restarts: number;
  started: boolean;
  ready: boolean;
}

export interface StatusFacts {
  readonly pod: Pod;
  readonly ip: string | undefined;
  readonly startedAt: Date;
  readonly init: readonly ContainerRecord[];
  readonly main: readonly ContainerRecord[];
  /** Why the pod failed before its containers could run. */
  readonly failure?: string;
}

/** The pod's status, as the kubelet reports it (https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle). */
export function podStatus({ pod, ip, startedAt, init, main, failure }: StatusFacts): AsText<V1PodStatus> {
  const initialized =
    // A sidecar that is started again later does not take a pod back.
    main.some(hasRun) ||
    init.every(
      ({ container, state, started }) =>
        (state.kind === "terminated" && state.exitCode === 0) || (container.restartPolicy === "Always" && started),
    );
  const sidecars = init.filter(({ container }) => container.restartPolicy === "Always");
  const ready = initialized && [...main, ...sidecars].every((one) => one.ready && one.state.kind === "running");
  return {
    ...(failure === undefined
      ? { phase: phaseOf(pod, { initialized, init, main }) }
      : { phase: "Failed", reason: "NotStarted", message: failure }),
    hostIP: "127.0.0.1",
    hostIPs: [{ ip: "127.0.0.1" }],
    ...(ip === undefined ? {} : { podIP: ip, podIPs: [{ ip }] }),
    startTime: startedAt.toISOString(),
    conditions: [
      ...(pod.status?.conditions ?? []).filter(({ type }) => type === "PodScheduled"),
      condition(pod, "PodReadyToStartContainers", ip !== undefined),
      condition(pod, "Initialized", initialized),
      condition(pod, "ContainersReady", ready, "ContainersNotReady"),
      condition(pod, "Ready", ready, "ContainersNotReady"),
    ] as AsText<V1PodCondition>[],
    ...(init.length === 0 ? {} : { initContainerStatuses: init.map(containerStatus) }),
    containerStatuses: main.map(containerStatus),
  };
}

function phaseOf(
  { spec }: Pod,
  { initialized, init, main }: { initialized: boolean } & Pick<StatusFacts, "init" | "main">,
): string {
  const failed = ({ container, state }: ContainerRecord) =>
    container.restartPolicy !== "Always" && state.kind === "terminated" && state.exitCode !== 0;
  const anyRuns = [...init, ...main].some(({ state }) => state.kind === "running");
  // Nothing is over while a sidecar runs: what counts the pod as done may take its volumes away.
  if (spec.restartPolicy === "Never" && init.some(failed) && !anyRuns) return "Failed";
  const over = !anyRuns && main.every(({ state }) => state.kind === "terminated");
  if (over && spec.restartPolicy !== "Always") {
    if (!main.some(failed)) return "Succeeded";
    if (spec.restartPolicy === "Never") return "Failed";
  }
  return initialized && main.every(hasRun) ? "Running" : "Pending";
}

function hasRun({ state, last }: ContainerRecord): boolean {
  return state.kind !== "waiting" || last !== undefined;
}

function containerStatus({
  container,
  state,
  last,
  restarts,
  started,
  ready,
}: ContainerRecord): AsText<V1ContainerStatus> {
  const { name, image = "" } = container;
  return {
    name,
    image,
    imageID: image,
    ready: ready && state.kind === "running",
    started: started && state.kind === "running",
    restartCount: restarts,
    state: stateOf(state),
    ...(last === undefined ? {} : { lastState: stateOf(last) }),
  };
}

function stateOf(state: ContainerState): AsText<V1ContainerState> {
  if (state.kind === "waiting") {
    return { waiting: { reason: state.reason, ...(state.message === undefined ? {} : { message: state.message }) } };
  }
  const startedAt = state.startedAt.toISOString();
  if (state.kind === "running") return { running: { startedAt } };
  const { exitCode, reason, message, finishedAt } = state;
  const finished = { exitCode, reason, startedAt, finishedAt: finishedAt.toISOString() };
  return { terminated: message === undefined ? finished : { ...finished, message } };
}

/** The time of a change stays as it was while nothing changes. */
function condition({ status }: Pod, type: string, yes: boolean, reason?: string): AsText<V1PodCondition> {
  const before = status?.conditions?.find((one) => one.type === type);
  const value = yes ? "True" : "False";
  return {
    type,
    status: value,
    lastTransitionTime:
      before?.status === value && before.lastTransitionTime ? before.lastTransitionTime : new Date().toISOString(),
    ...(yes || reason === undefined ? {} : { reason }),
  };
}
