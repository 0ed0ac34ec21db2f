import { expect, test } from "vitest";
import { type ContainerRecord, type ContainerState, podStatus } from "./status.ts";
import { testPod } from "./testing.ts";

const at = new Date("2026-01-01T00:00:00Z");
const running: ContainerState = { kind: "running", startedAt: at };
const ended = (exitCode: number): ContainerState => ({
  kind: "terminated",
  exitCode,
  reason: "Error",
  startedAt: at,
  finishedAt: at,
});
const waiting: ContainerState = { kind: "waiting", reason: "ContainerCreating" };
const record = (state: ContainerState, more: Partial<ContainerRecord> = {}): ContainerRecord => ({
  container: { name: "main" },
  state,
  restarts: 0,
  started: true,
  ready: true,
  ...more,
});
const status = (main: ContainerRecord[], init: ContainerRecord[] = [], restartPolicy = "Always") =>
  podStatus({ pod: testPod({ restartPolicy }), ip: "10.0.0.9", startedAt: at, init, main });
const isReady = (of: ReturnType<typeof status>) => of.conditions?.find(({ type }) => type === "Ready")?.status;

test("a running, ready container makes a ready pod", () => {
  const found = status([record(running)]);
  expect(found.phase).toBe("Running");
  expect(isReady(found)).toBe("True");
  expect(found.podIP).toBe("10.0.0.9");
});

test.each([
  ["waits for its container", [record(waiting)], [], "Pending", "False"],
  ["has a container that is not ready", [record(running, { ready: false })], [], "Running", "False"],
  ["has a container that is started again", [record(waiting, { last: ended(1) })], [], "Running", "False"],
  ["runs its init container", [record(waiting)], [record(running)], "Pending", "False"],
] as const)("a pod that %s", (_what, main, init, phase, ready) => {
  const found = status([...main], [...init]);
  expect(found.phase).toBe(phase);
  expect(isReady(found)).toBe(ready);
});

test.each([
  ["Never", 0, "Succeeded"],
  ["Never", 1, "Failed"],
  ["OnFailure", 0, "Succeeded"],
  ["OnFailure", 1, "Running"],
  ["Always", 0, "Running"],
])("with the restart policy %s an end with %d means %s", (policy, exitCode, phase) => {
  expect(status([record(ended(exitCode))], [], policy).phase).toBe(phase);
});

test("a failed init container ends a pod that is never restarted", () => {
  expect(status([record(waiting)], [record(ended(1))], "Never").phase).toBe("Failed");
});

test("a sidecar that has started lets the pod go on, and belongs to its readiness", () => {
  const sidecar = (ready: boolean) => record(running, { ready, container: { name: "side", restartPolicy: "Always" } });
  expect(isReady(status([record(running)], [sidecar(true)]))).toBe("True");
  expect(isReady(status([record(running)], [sidecar(false)]))).toBe("False");
});

test("a sidecar that is started again later does not take the pod back", () => {
  const dead = record(waiting, {
    started: false,
    last: ended(1),
    container: { name: "side", restartPolicy: "Always" },
  });
  const found = status([record(running)], [dead]);
  expect(found.phase).toBe("Running");
  expect(found.conditions?.find(({ type }) => type === "Initialized")?.status).toBe("True");
  expect(isReady(found)).toBe("False");
});

test.each([
  [0, "Succeeded"],
  [1, "Failed"],
])("a pod whose work ended with %d is over only when its sidecar is, whatever that ended with", (exitCode, phase) => {
  const sidecar = (state: ContainerState) => record(state, { container: { name: "side", restartPolicy: "Always" } });
  expect(status([record(ended(exitCode))], [sidecar(running)], "Never").phase).toBe("Running");
  expect(status([record(ended(exitCode))], [sidecar(ended(143))], "Never").phase).toBe(phase);
});

test("a pod that could not begin has failed, and says why", () => {
  const found = podStatus({
    pod: testPod({ restartPolicy: "Never" }),
    ip: undefined,
    startedAt: at,
    init: [],
    main: [record(waiting)],
    failure: "Secret bi/key is not there.",
  });
  expect(found).toMatchObject({ phase: "Failed", reason: "NotStarted", message: "Secret bi/key is not there." });
});

test("a container that was not started tells why", () => {
  const state: ContainerState = { ...(ended(128) as object), message: "no such file" } as ContainerState;
  expect(status([record(state)]).containerStatuses?.[0]?.state?.terminated).toMatchObject({
    exitCode: 128,
    message: "no such file",
  });
});

test("the time of a condition stays while it does not change", () => {
  const before = { type: "Ready", status: "True", lastTransitionTime: "2025-01-01T00:00:00Z" };
  const pod = { ...testPod(), status: { conditions: [before, { type: "PodScheduled", status: "True" }] } };
  const found = podStatus({ pod, ip: "10.0.0.9", startedAt: at, init: [], main: [record(running)] });
  expect(found.conditions?.find(({ type }) => type === "Ready")).toEqual(before);
  expect(found.conditions?.some(({ type }) => type === "PodScheduled")).toBe(true);
});
