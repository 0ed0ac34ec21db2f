import { expect, test } from "vitest";
import { type Extent, placePods } from "./placement.ts";
import type { Pod } from "./pod/types.ts";
import { fakeApi, ownedPod } from "./testing.ts";

const HERE = "sandbox-node-2";
const KWOK = "sandbox-node-1";
const services = [{ spec: { selector: { app: "web" } } }, { spec: {} }];

/** Where the waiting pods are bound. */
async function placed(waiting: Pod[], extents: Record<string, Extent> = { bi: "reachable" }, running: Pod[] = []) {
  const here = [...running];
  const nodes: Record<string, string> = {};
  const { client } = fakeApi(({ method, path, query, body }) => {
    if (path.endsWith("/services")) return { items: services };
    if (method === "POST") {
      const { target, metadata } = body as { target: { name: string }; metadata: { name: string; uid: string } };
      nodes[metadata.name] = target.name;
      const bound = waiting.find((pod) => pod.metadata.uid === metadata.uid);
      if (bound && target.name === HERE) here.push(bound);
      return {};
    }
    return { items: query?.fieldSelector === `spec.nodeName=${HERE}` ? here : waiting };
  });
  await placePods(client, new Map(Object.entries(extents)));
  return nodes;
}
const web = (name: string, metadata: Partial<Pod["metadata"]> = {}) => ownedPod(name, { uid: "rs-web" }, metadata);
const worker = (name: string) => ownedPod(name, { uid: "rs-worker" }, { labels: { app: "worker" } });

test("one pod of a workload runs here, its twins with kwok", async () => {
  expect(await placed([web("a"), web("b"), web("c")])).toEqual({ a: HERE, b: KWOK, c: KWOK });
  expect(await placed([web("b")], { bi: "reachable" }, [web("a")])).toEqual({ b: KWOK });
});

test("a pod that is being deleted does not count as the one", async () => {
  const leaving = web("a", { deletionTimestamp: "2026-01-01T00:00:00Z" });
  expect(await placed([web("b")], { bi: "reachable" }, [leaving])).toEqual({ b: HERE });
});

test("what no Service selects runs here only when all is asked for", async () => {
  expect(await placed([web("a"), worker("w")])).toEqual({ a: HERE, w: KWOK });
  expect(await placed([web("a"), worker("w"), worker("x")], { bi: "all" })).toEqual({ a: HERE, w: HERE, x: KWOK });
});

test("a Job's pods always run here, and so do pods that no controller makes again", async () => {
  const job = (name: string) => ownedPod(name, { kind: "Job", uid: "job" }, { labels: {} });
  const task = (name: string) => ownedPod(name, undefined, { labels: {} });
  const all = await placed([job("a"), job("b"), task("c"), task("d")]);
  expect(all).toEqual({ a: HERE, b: HERE, c: HERE, d: HERE });
});

test("pods of a namespace that nobody asked for go to kwok", async () => {
  const job = ownedPod("j", { kind: "Job", uid: "job" }, { namespace: "other" });
  expect(await placed([job, web("a", { namespace: "other" })], { bi: "all" })).toEqual({ j: KWOK, a: KWOK });
});
