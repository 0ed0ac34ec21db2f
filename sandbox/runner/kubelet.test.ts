import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Kubelet, type Worker } from "./kubelet.ts";
import type { NodeServices } from "./pod/node-services.ts";
import type { Pod } from "./pod/types.ts";
import { fakeApi, ownedPod } from "./testing.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function running(first: Pod[]) {
  const state = { pods: first, broken: undefined as string | undefined };
  const { client } = fakeApi(({ query }) => {
    if (state.broken) throw new Error(state.broken);
    return { items: query?.fieldSelector === "spec.nodeName=sandbox-node-2" ? state.pods : [] };
  });
  const log = vi.fn<(line: string) => void>();
  const workers = new Map<string, Worker & { update: ReturnType<typeof vi.fn>; terminate: ReturnType<typeof vi.fn> }>();
  const kubelet = new Kubelet(client, { log } as unknown as NodeServices, (pod) => {
    const worker = {
      pod,
      ip: `10.0.0.${workers.size + 1}`,
      dial: () => undefined,
      update: vi.fn(),
      terminate: vi.fn(async () => {}),
      logOf: () => undefined,
    };
    workers.set(pod.metadata.name, worker);
    return worker;
  });
  kubelet.start();
  return { kubelet, state, workers, log };
}
const round = () => vi.advanceTimersByTimeAsync(400);

test("each pod of the node has one worker, which hears what the API server says", async () => {
  const { kubelet, workers } = running([ownedPod("a"), ownedPod("b")]);
  await vi.advanceTimersByTimeAsync(0);
  await round();
  expect([...workers.keys()]).toEqual(["a", "b"]);
  expect(workers.get("a")?.update).toHaveBeenCalledTimes(1);
  expect(kubelet.at("10.0.0.2")?.pod.metadata.name).toBe("b");
  expect(kubelet.called("bi", "a")?.ip).toBe("10.0.0.1");
  expect(kubelet.called("other", "a")).toBeUndefined();
  await kubelet.stop();
});

test("a pod that was taken away by force is ended, and the others do not wait for it", async () => {
  const { kubelet, state, workers } = running([ownedPod("a"), ownedPod("b")]);
  await vi.advanceTimersByTimeAsync(0);
  let end = () => {};
  workers.get("a")?.terminate.mockReturnValue(new Promise<void>((resolve) => (end = resolve)));
  state.pods = [ownedPod("b"), ownedPod("c")];
  await round();
  await round();
  expect(workers.get("a")?.terminate).toHaveBeenCalledWith(2_000);
  expect(workers.has("c")).toBe(true);
  expect(workers.get("b")?.update).toHaveBeenCalledTimes(2);
  expect(kubelet.called("bi", "a")).toBeDefined();
  end();
  await vi.advanceTimersByTimeAsync(0);
  expect(kubelet.called("bi", "a")).toBeUndefined();
  await kubelet.stop();
});

test("an API server that does not answer ends no pod, and is complained about once", async () => {
  const { kubelet, state, workers, log } = running([ownedPod("a")]);
  await vi.advanceTimersByTimeAsync(0);
  state.broken = "connect ECONNREFUSED";
  for (let times = 0; times < 5; times++) await round();
  expect(log).toHaveBeenCalledExactlyOnceWith("the API server did not answer: connect ECONNREFUSED");
  expect(workers.get("a")?.terminate).not.toHaveBeenCalled();
  state.broken = undefined;
  await round();
  expect(workers.get("a")?.update).toHaveBeenCalled();
  await kubelet.stop();
});

test("of two pods of one name the newer one answers", async () => {
  const { kubelet, state, workers } = running([ownedPod("redis-0", undefined, { uid: "old" })]);
  await vi.advanceTimersByTimeAsync(0);
  workers.get("redis-0")?.terminate.mockReturnValue(new Promise(() => {}));
  state.pods = [ownedPod("redis-0", undefined, { uid: "new" })];
  await round();
  expect(kubelet.called("bi", "redis-0")?.pod.metadata.uid).toBe("new");
});

test("at its end all pods are ended at the same time, within a time that the command waits for", async () => {
  const { kubelet, workers } = running([ownedPod("a"), ownedPod("b")]);
  await vi.advanceTimersByTimeAsync(0);
  await kubelet.stop();
  for (const { terminate } of workers.values()) expect(terminate).toHaveBeenCalledExactlyOnceWith(30_000);
  expect(vi.getTimerCount()).toBe(0);
});
