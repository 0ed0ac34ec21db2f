import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Container } from "./container.ts";
import { ContainerKeeper } from "./container-keeper.ts";
import type { Answer } from "./probe.ts";
import type { ContainerRecord } from "./status.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A keeper of containers that end when the test says so. */
function kept({
  policy = "Always",
  container = {},
  answer = undefined as Answer,
  start = undefined as undefined | (() => Promise<void>),
} = {}) {
  const record: ContainerRecord = {
    container: { name: "main", ...container },
    state: { kind: "waiting", reason: "ContainerCreating" },
    restarts: 0,
    started: false,
    ready: false,
  };
  const runs: { end: (exitCode: number) => void; stop: ReturnType<typeof vi.fn> }[] = [];
  const states: string[] = [];
  const keeper = new ContainerKeeper({
    record,
    policy,
    start: async () => {
      await start?.();
      let end = (_exitCode: number) => {};
      const ended = new Promise<{ exitCode: number }>((resolve) => {
        end = (exitCode) => resolve({ exitCode });
      });
      const stop = vi.fn(async (_graceMs: number) => end(143));
      runs.push({ end, stop });
      return { startedAt: new Date(), ended, stop, exec: vi.fn() } as Container;
    },
    ask: async () => answer,
    changed: async () => {
      const { kind } = record.state;
      states.push(record.state.kind === "waiting" ? record.state.reason : kind);
    },
    graceMs: () => 7_000,
    log: () => {},
  });
  return { keeper, record, runs, states };
}
const tick = () => vi.advanceTimersByTimeAsync(0);

test("it is started again at once after its first end, then after longer and longer pauses", async () => {
  const { keeper, record, runs, states } = kept();
  void keeper.keep();
  await tick();
  runs[0]?.end(1);
  await tick();
  expect(runs).toHaveLength(2);
  // The end is told together with the start that follows, as the state before.
  expect(states).not.toContain("terminated");
  expect(record).toMatchObject({ restarts: 1, state: { kind: "running" }, last: { exitCode: 1, reason: "Error" } });
  for (const [run, pause] of [10, 20, 40, 80, 160, 300, 300].entries()) {
    runs[run + 1]?.end(1);
    await vi.advanceTimersByTimeAsync(pause * 1000 - 1);
    expect(runs, `pause ${pause}`).toHaveLength(run + 2);
    expect(record.restarts, "its log is the one to show").toBe(run + 1);
    expect(record.state).toEqual({
      kind: "waiting",
      reason: "CrashLoopBackOff",
      message: `it ended with exit code 1; starting it again in ${pause} s`,
    });
    await vi.advanceTimersByTimeAsync(1);
    expect(runs, `pause ${pause}`).toHaveLength(run + 3);
  }
});

test("after a run of ten minutes the pauses begin anew", async () => {
  const { keeper, runs } = kept();
  void keeper.keep();
  await tick();
  runs[0]?.end(1);
  await tick();
  runs[1]?.end(1);
  await vi.advanceTimersByTimeAsync(10_000);
  await vi.advanceTimersByTimeAsync(600_000);
  runs[2]?.end(1);
  await tick();
  expect(runs).toHaveLength(4);
});

test.each([
  ["Never", 0, false],
  ["Never", 1, false],
  ["OnFailure", 0, false],
  ["OnFailure", 1, true],
  ["Always", 0, true],
])("with the policy %s an end with %d: again %s", async (policy, exitCode, again) => {
  const { keeper, runs, record } = kept({ policy });
  const over = vi.fn();
  void keeper.keep().then(over);
  await tick();
  runs[0]?.end(exitCode);
  await tick();
  expect(runs.length === 2).toBe(again);
  expect(over.mock.calls.length === 0).toBe(again);
  if (!again) expect(record.state).toMatchObject({ kind: "terminated", exitCode });
  expect(record.ready).toBe(again);
});

test("one that cannot be started has ended with 128 and its reason, and is tried again as the policy says", async () => {
  const start = async () => {
    throw new Error("ConfigMap bi/ids is not there.");
  };
  const never = kept({ policy: "Never", start });
  await never.keeper.keep();
  expect(never.record.state).toMatchObject({
    kind: "terminated",
    exitCode: 128,
    reason: "StartError",
    message: "ConfigMap bi/ids is not there.",
  });
  const always = kept({ start });
  void always.keeper.keep();
  await vi.advanceTimersByTimeAsync(5_000);
  expect(always.record.state).toMatchObject({
    reason: "CrashLoopBackOff",
    message: "it did not start: ConfigMap bi/ids is not there.; starting it again in 10 s",
  });
  const stopped = always.keeper.stop(1_000);
  await tick();
  await stopped;
  expect(vi.getTimerCount()).toBe(0);
  expect(always.record).toMatchObject({ restarts: 1, state: { kind: "terminated", exitCode: 128 } });
});

test("it is told to end while it runs, and is not started again", async () => {
  const { keeper, runs, record } = kept({ container: { livenessProbe: {} } });
  void keeper.keep();
  await tick();
  expect(keeper.running).toBe(true);
  await keeper.stop(5_000);
  expect(runs[0]?.stop).toHaveBeenCalledExactlyOnceWith(5_000);
  expect(keeper.running).toBe(false);
  expect(record).toMatchObject({ ready: false, started: false, state: { kind: "terminated", exitCode: 143 } });
  await vi.advanceTimersByTimeAsync(1_000_000);
  expect(runs).toHaveLength(1);
  expect(vi.getTimerCount()).toBe(0);
});

test("one that is being started when it is to end, is ended as soon as it runs, and asked nothing", async () => {
  let go = () => {};
  const begun = new Promise<void>((resolve) => {
    go = resolve;
  });
  const { keeper, runs, record } = kept({ start: () => begun, container: { startupProbe: {} } });
  void keeper.keep();
  const stopped = keeper.stop(3_000);
  await tick();
  expect(runs).toHaveLength(0);
  go();
  await stopped;
  expect(runs[0]?.stop).toHaveBeenCalledExactlyOnceWith(3_000);
  expect(record.state.kind).toBe("terminated");
  expect(vi.getTimerCount()).toBe(0);
});

test("less time than it was given first counts", async () => {
  const { keeper, runs } = kept();
  void keeper.keep();
  await tick();
  runs[0]?.stop.mockResolvedValue(undefined);
  void keeper.stop(30_000);
  void keeper.stop(1_000);
  void keeper.stop(30_000);
  expect(runs[0]?.stop.mock.calls).toEqual([[30_000], [1_000], [1_000]]);
});

test("its probes make it ready, and end it when they give up", async () => {
  const asked = kept({ container: { readinessProbe: { periodSeconds: 1 } } });
  void asked.keeper.keep();
  await tick();
  expect(asked.record).toMatchObject({ started: true, ready: true });
  await asked.keeper.stop(1);

  const probe = { periodSeconds: 1, failureThreshold: 2 };
  const dead = kept({ container: { startupProbe: probe }, answer: "answers 500" });
  void dead.keeper.keep();
  await tick();
  expect(dead.states.at(-1)).toBe("running");
  expect(dead.record).toMatchObject({ started: false, ready: false });
  await vi.advanceTimersByTimeAsync(1_100);
  expect(dead.runs[0]?.stop).toHaveBeenCalledWith(7_000);
  expect(dead.runs).toHaveLength(2);
  await dead.keeper.stop(1);
});

test("one that refuses to end is a line in the log, and no stray rejection", async () => {
  const { keeper, runs } = kept();
  void keeper.keep();
  await tick();
  runs[0]?.stop.mockRejectedValueOnce(new Error("EPERM"));
  const stopped = keeper.stop(1);
  await tick();
  runs[0]?.end(137);
  await stopped;
});
