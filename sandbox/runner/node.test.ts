import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { startNode } from "./node.ts";
import { fakeApi } from "./testing.ts";

const NODE = "/api/v1/nodes/sandbox-node-2";
const LEASE = "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/sandbox-node-2";
interface NodeStatus {
  status: { conditions: { lastTransitionTime: string; lastHeartbeatTime: string }[] };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test("the node is made anew, closed to the cluster's own scheduler, and ready with the kubelet's port", async () => {
  const { client, calls, changes } = fakeApi(() => ({}));
  const node = await startNode(client, { kubeletPort: 4711, log: () => {} });
  expect(changes()).toEqual([
    `DELETE ${LEASE}`,
    `DELETE ${NODE}`,
    "POST /api/v1/nodes",
    `PATCH ${NODE}/status`,
    `PATCH ${LEASE}`,
  ]);
  expect(calls[2]?.body).toMatchObject({
    metadata: { name: "sandbox-node-2" },
    spec: { taints: [{ key: "entrada.dev/runner", effect: "NoSchedule" }] },
  });
  expect(calls[3]?.body).toMatchObject({
    status: {
      daemonEndpoints: { kubeletEndpoint: { Port: 4711 } },
      conditions: [{ type: "Ready", status: "True" }],
    },
  });
  await node.stop();
});

test("signs of life go on; the node is ready since its start, not since the last of them", async () => {
  const { client, calls } = fakeApi(() => ({}));
  const node = await startNode(client, { kubeletPort: 1, log: () => {} });
  await vi.advanceTimersByTimeAsync(25_000);
  const beats = calls.filter(({ path }) => path === `${NODE}/status`).map(({ body }) => (body as NodeStatus).status);
  expect(beats).toHaveLength(3);
  expect(new Set(beats.map(({ conditions }) => conditions[0]?.lastTransitionTime)).size).toBe(1);
  expect(new Set(beats.map(({ conditions }) => conditions[0]?.lastHeartbeatTime)).size).toBe(3);
  expect(calls.filter(({ path }) => path === LEASE).length).toBe(4);
  await node.stop();
});

test("a sign that does not arrive is a line in the log, and the next one is sent", async () => {
  let broken = false;
  const log = vi.fn<(line: string) => void>();
  const { client, calls } = fakeApi(() => (broken ? 500 : {}));
  const node = await startNode(client, { kubeletPort: 1, log });
  broken = true;
  await vi.advanceTimersByTimeAsync(10_000);
  expect(log).toHaveBeenCalledExactlyOnceWith("no sign of life from the node: answers 500");
  broken = false;
  calls.length = 0;
  await vi.advanceTimersByTimeAsync(10_000);
  expect(calls).toHaveLength(2);
  await node.stop();
});

test("its end waits for the sign that is on its way, which would make the lease again", async () => {
  let answer = (_body: object) => {};
  let slow = false;
  const { client } = fakeApi(() => ({}));
  const { request } = client;
  client.request = (async (...call: Parameters<typeof request>) => {
    if (slow) await new Promise((resolve) => (answer = resolve));
    return request(...call);
  }) as typeof request;
  const node = await startNode(client, { kubeletPort: 1, log: () => {} });
  slow = true;
  await vi.advanceTimersByTimeAsync(10_000);
  const over = vi.fn();
  const stopped = node.stop().then(over);
  await vi.advanceTimersByTimeAsync(0);
  expect(over).not.toHaveBeenCalled();
  slow = false;
  answer({});
  await stopped;
  expect(vi.getTimerCount()).toBe(0);
});
