import type { V1Probe } from "@kubernetes/client-node";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ProbeLoop } from "./probe-loop.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const events = () => ({
  onStarted: vi.fn(),
  onReady: vi.fn<(ready: boolean) => void>(),
  onDead: vi.fn<(reason: string) => void>(),
});
const readinessProbe: V1Probe = { periodSeconds: 10, failureThreshold: 2 };
const startupProbe: V1Probe = { periodSeconds: 5, failureThreshold: 3 };
const livenessProbe: V1Probe = { periodSeconds: 20, failureThreshold: 2 };

test("without probes a container is started and ready at once", () => {
  const heard = events();
  new ProbeLoop({}, async () => "no", heard);
  expect(heard.onStarted).toHaveBeenCalledOnce();
  expect(heard.onReady).toHaveBeenCalledWith(true);
});

test("nothing else is asked before the startup probe has passed", async () => {
  const heard = events();
  let up = false;
  const asked: V1Probe[] = [];
  const loop = new ProbeLoop(
    { startupProbe, readinessProbe, livenessProbe },
    async (probe) => {
      asked.push(probe);
      return up ? undefined : "not yet";
    },
    heard,
  );
  await vi.advanceTimersByTimeAsync(6_000);
  expect(new Set(asked)).toEqual(new Set([startupProbe]));
  up = true;
  await vi.advanceTimersByTimeAsync(5_000);
  expect(heard.onStarted).toHaveBeenCalledOnce();
  expect(heard.onReady).toHaveBeenLastCalledWith(true);
  asked.length = 0;
  await vi.advanceTimersByTimeAsync(40_000);
  expect(asked).not.toContain(startupProbe);
  loop.stop();
});

test("a startup probe that gives up ends the container, with its reason", async () => {
  const heard = events();
  const loop = new ProbeLoop({ startupProbe }, async () => "answered 500", heard);
  await vi.advanceTimersByTimeAsync(9_000);
  expect(heard.onDead).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(2_000);
  expect(heard.onDead).toHaveBeenCalledWith("startup probe: answered 500");
  loop.stop();
});

test("readiness goes after as many noes in a row as it says, and comes back", async () => {
  const heard = events();
  let answer: string | undefined;
  const loop = new ProbeLoop({ readinessProbe }, async () => answer, heard);
  await vi.advanceTimersByTimeAsync(1);
  expect(heard.onReady).toHaveBeenLastCalledWith(true);
  answer = "no";
  await vi.advanceTimersByTimeAsync(10_000);
  expect(heard.onReady).toHaveBeenLastCalledWith(true);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(heard.onReady).toHaveBeenLastCalledWith(false);
  answer = undefined;
  await vi.advanceTimersByTimeAsync(10_000);
  expect(heard.onReady).toHaveBeenLastCalledWith(true);
  loop.stop();
});

test("a liveness probe that gives up ends the container; a stopped loop asks nothing", async () => {
  const heard = events();
  const ask = vi.fn(async () => "hangs");
  const loop = new ProbeLoop({ livenessProbe }, ask, heard);
  await vi.advanceTimersByTimeAsync(21_000);
  expect(heard.onDead).toHaveBeenCalledWith("liveness probe: hangs");
  loop.stop();
  ask.mockClear();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(ask).not.toHaveBeenCalled();
});
