import { expect, test } from "vitest";
import type { Pod } from "./pod/types.ts";
import { fakeApi, ownedPod } from "./testing.ts";
import { areReady, moveWorkloads, problemOf } from "./workloads.ts";

const web = (name: string, status: object = {}, metadata: Partial<Pod["metadata"]> = {}): Pod => ({
  ...ownedPod(name, { uid: "rs-web" }, metadata),
  status: status as Pod["status"],
});
const worker = (name: string) => ownedPod(name, { uid: "rs-worker" }, { labels: { app: "worker" } });
const ready = { conditions: [{ type: "Ready", status: "True" }] };
const waiting = (reason: string, message?: string) => ({
  containerStatuses: [{ name: "main", state: { waiting: { reason, message } } }],
});

async function moved(pods: Pod[], here: Pod[], extent: "reachable" | "all" = "reachable") {
  const { client, changes, calls } = fakeApi(({ path, method }) => {
    if (path.endsWith("/services")) return { items: [{ spec: { selector: { app: "web" } } }] };
    return method === "GET" ? { items: pods } : {};
  });
  const workloads = await moveWorkloads(client, { namespace: "bi", extent, here });
  return { workloads, deletes: changes().map((change) => change.split("/").at(-1)), calls };
}

test("one pod of each workload is deleted, so that its controller makes another; never one of another name's life", async () => {
  const { workloads, deletes, calls } = await moved([web("a"), web("b"), worker("w")], []);
  expect(deletes).toEqual(["a"]);
  expect(calls.at(-1)?.body).toMatchObject({ preconditions: { uid: "u-a" } });
  expect([...workloads.owners]).toEqual(["rs-web"]);
  expect((await moved([web("a"), worker("w")], [], "all")).deletes).toEqual(["a", "w"]);
});

test("what runs here stays, what waits for what will not come is tried anew", async () => {
  expect((await moved([web("a"), web("b", ready)], [web("b")])).deletes).toEqual([]);
  const broken = web("b", waiting("CrashLoopBackOff"));
  expect((await moved([web("a"), broken], [broken])).deletes).toEqual(["b"]);
});

test("Jobs' pods, pods without a controller and pods that are leaving are no workloads", async () => {
  const job = ownedPod("j", { kind: "Job", uid: "job" });
  const leaving = web("l", {}, { deletionTimestamp: "2026-01-01T00:00:00Z" });
  const { workloads, deletes } = await moved([job, ownedPod("bare"), leaving], [], "all");
  expect(deletes).toEqual([]);
  expect(workloads.owners.size).toBe(0);
});

test("a tool is ready when each workload has a pod here that is", () => {
  const workloads = { owners: new Set(["rs-web", "rs-worker"]), deleted: new Set(["u-old"]) };
  const other = { ...worker("w"), status: ready as Pod["status"] };
  expect(areReady(workloads, [web("a", ready)])).toBe(false);
  // Two of one workload are not one of each.
  expect(areReady(workloads, [web("a", ready), web("b", ready)])).toBe(false);
  expect(areReady(workloads, [web("a", ready), worker("w")])).toBe(false);
  expect(areReady(workloads, [web("old", ready), other])).toBe(false);
  expect(areReady(workloads, [web("a", ready, { deletionTimestamp: "now" }), other])).toBe(false);
  expect(areReady(workloads, [web("a", ready), other])).toBe(true);
});

test("a pod that will not become ready is the reason; one that is on its way out is not", () => {
  const workloads = { owners: new Set(["rs-web"]), deleted: new Set(["u-old"]) };
  expect(() => areReady(workloads, [web("a", waiting("CrashLoopBackOff", "it ended with exit code 1"))])).toThrow(
    "Pod bi/a, container main: CrashLoopBackOff, it ended with exit code 1",
  );
  expect(areReady(workloads, [web("old", waiting("CrashLoopBackOff"))])).toBe(false);
});

test.each([
  [waiting("ErrImageNeverPull"), "ErrImageNeverPull, it gives no reason"],
  [{ initContainerStatuses: waiting("CreateContainerError", "no secret").containerStatuses }, "no secret"],
  [waiting("ContainerCreating"), undefined],
  [{ containerStatuses: [{ name: "main", state: { running: {} } }] }, undefined],
  [undefined, undefined],
])("%j: the problem is %s", (status, expected) => {
  const found = problemOf({ ...web("a"), status: status as Pod["status"] });
  if (expected === undefined) expect(found).toBeUndefined();
  else expect(found).toContain(expected);
});
