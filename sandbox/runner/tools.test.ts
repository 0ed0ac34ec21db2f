import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Worker } from "./kubelet.ts";
import type { Extent } from "./placement.ts";
import type { Pod } from "./pod/types.ts";
import type { RunTool } from "./request.ts";
import { fakeApi, ownedPod } from "./testing.ts";
import { Tools } from "./tools.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const nothing = { postgres: [], redis: [] };
const tool = (id: string, namespace = id): RunTool => ({ id, namespace, url: `https://${id}.contoso.com` });
const ready = { conditions: [{ type: "Ready", status: "True" }] };
const failing = {
  containerStatuses: [{ name: "main", state: { waiting: { reason: "CrashLoopBackOff", message: "x" } } }],
};

interface Cluster {
  /** Jobs that the stack declares. */
  jobs: string[];
  /** How a Job's copy stands. */
  job: object;
  /** What the pods of a namespace come to on the runner's node. */
  podStatus: Record<string, object>;
  /** Requests that are refused: `METHOD path`. */
  refused: RegExp | undefined;
}

/** A cluster where each namespace has one workload, whose deleted pod comes back on the runner's node. */
function started() {
  const cluster: Cluster = {
    jobs: [],
    job: { status: { conditions: [{ type: "Complete", status: "True" }] } },
    podStatus: {},
    refused: undefined,
  };
  const here = new Map<string, Pod>();
  const copies = new Set<string>();
  const done = new Set<string>();
  let policy: string[] = [];
  let made = 0;
  const { client, changes } = fakeApi(({ method, path, query, body }) => {
    if (cluster.refused?.test(`${method} ${path}`)) return 500;
    const namespace = /namespaces\/([^/]+)/.exec(path)?.[1] ?? "";
    const name = path.split("/").at(-1) ?? "";
    if (path.endsWith("/services")) return { items: [{ spec: { selector: { app: "web" } } }] };
    if (query?.dryRun) return { spec: { schedulerName: policy.includes(namespace) ? "entrada-runner" : "default" } };
    if (path.includes("/mutatingadmissionpolicies/")) {
      if (method === "PATCH") {
        const { spec } = body as {
          spec: { matchConstraints: { namespaceSelector: { matchExpressions: { values: string[] }[] } } };
        };
        policy = spec.matchConstraints.namespaceSelector.matchExpressions[0]?.values ?? [];
      }
      if (method === "DELETE") policy = [];
      return method === "GET" ? undefined : {};
    }
    if (path.endsWith("/jobs")) {
      if (method === "POST") copies.add((body as { metadata: { name: string } }).metadata.name);
      const declared = cluster.jobs.filter((job) => job.startsWith(namespace));
      const items = query?.labelSelector
        ? []
        : declared.map((job) => ({ metadata: { name: job, namespace, uid: job }, spec: { template: {} } }));
      return { items };
    }
    if (path.includes("/jobs/")) {
      if (method === "DELETE") copies.delete(name);
      return copies.has(name) ? cluster.job : undefined;
    }
    if (path.endsWith("/pods"))
      return { items: [here.get(namespace) ?? ownedPod("kwok", { uid: `rs-${namespace}` }, { namespace })] };
    if (path.includes("/pods/") && method === "DELETE") {
      here.delete(namespace);
      if (policy.includes(namespace)) {
        made += 1;
        const pod = ownedPod(`real-${made}`, { uid: `rs-${namespace}` }, { namespace });
        here.set(namespace, { ...pod, status: (cluster.podStatus[namespace] ?? ready) as Pod["status"] });
      }
    }
    return {};
  });
  const place = vi.fn<(extents: ReadonlyMap<string, Extent>) => void>();
  const ensure = vi.fn(async (_stores: unknown) => {});
  const log = vi.fn<(line: string) => void>();
  const tools = new Tools({
    client,
    kubelet: { place, workers: () => [...here.values()].map((pod) => ({ pod }) as Worker) },
    stores: { ensure },
    done: { has: (uid) => done.has(uid), add: (uid) => void done.add(uid) },
    log,
  });
  const run = (list: RunTool[], extent: Extent = "reachable") => tools.run({ tools: list, stores: nothing, extent });
  const phases = () => Object.fromEntries(Object.entries(tools.status().tools).map(([id, { phase }]) => [id, phase]));
  const copiesMade = () => changes().filter((change) => /^POST .*\/jobs$/.test(change)).length;
  return { tools, run, phases, cluster, here, done, place, ensure, log, changes, copiesMade };
}
const wait = (milliseconds = 2_000) => vi.advanceTimersByTimeAsync(milliseconds);
/** What a promise brings, once time has gone on. */
async function inTime<T>(promise: Promise<T>): Promise<T> {
  await Promise.race([wait(), promise.catch(() => {})]);
  return promise;
}

describe("starting", () => {
  test("goes from the data stores over the Jobs to the pods", async () => {
    const { tools, run, cluster, done, place, ensure, here } = started();
    cluster.jobs = ["bi-migrate"];
    run([tool("bi")], "all");
    expect(tools.status().tools.bi).toEqual({
      url: "https://bi.contoso.com",
      phase: "starting",
      step: "waiting for its turn",
    });
    await wait();
    expect(ensure).toHaveBeenCalledExactlyOnceWith(nothing);
    expect(place.mock.lastCall?.[0]).toEqual(new Map([["bi", "all"]]));
    expect([...done]).toEqual(["bi-migrate"]);
    expect(here.has("bi")).toBe(true);
    expect(tools.status().tools.bi).toEqual({ url: "https://bi.contoso.com", phase: "ready", step: "ready" });
  });

  test("says what it is doing", async () => {
    const { tools, run, cluster } = started();
    cluster.jobs = ["bi-migrate"];
    cluster.job = {};
    run([tool("bi")]);
    await wait();
    expect(tools.status().tools.bi).toMatchObject({ phase: "starting", step: "running bi-migrate" });
  });

  test("again changes nothing about what runs: no Job, no pod", async () => {
    const { run, phases, cluster, here, copiesMade } = started();
    cluster.jobs = ["bi-migrate"];
    run([tool("bi")]);
    await wait();
    const before = here.get("bi");
    run([tool("bi")]);
    expect(phases()).toEqual({ bi: "starting" });
    await wait();
    expect(phases()).toEqual({ bi: "ready" });
    expect(here.get("bi")).toBe(before);
    expect(copiesMade()).toBe(1);
  });

  test("again after a failure is a second try with a new pod, and forgets the failure", async () => {
    const { tools, run, cluster, here } = started();
    cluster.podStatus.bi = failing;
    run([tool("bi")]);
    await wait();
    expect(tools.status().tools.bi).toMatchObject({
      phase: "failed",
      failure: expect.stringContaining("CrashLoopBackOff"),
    });
    const before = here.get("bi");
    cluster.podStatus.bi = ready;
    run([tool("bi")]);
    await wait();
    expect(tools.status().tools.bi).toEqual({ url: "https://bi.contoso.com", phase: "ready", step: "ready" });
    expect(here.get("bi")).not.toBe(before);
  });

  test("one tool's failure neither stops nor hides another's", async () => {
    const { tools, run, phases, cluster } = started();
    cluster.podStatus = { bi: failing, etl: failing };
    run([tool("bi"), tool("etl"), tool("ml")]);
    await wait();
    expect(phases()).toEqual({ bi: "failed", etl: "failed", ml: "ready" });
    expect(tools.status().tools.etl?.failure).toContain("Pod etl/real-");
  });

  test("a Job that fails is the failure, and is run again the next time", async () => {
    const { tools, run, cluster, done } = started();
    cluster.jobs = ["bi-migrate"];
    cluster.job = { status: { conditions: [{ type: "Failed", status: "True", message: "no table" }] } };
    run([tool("bi")]);
    await wait();
    expect(tools.status().tools.bi?.failure).toContain("The Job bi/bi-migrate-run failed: no table");
    expect(done.size).toBe(0);
  });

  test.each([
    [
      "data stores",
      "no port is free",
      (all: ReturnType<typeof started>) => all.ensure.mockRejectedValueOnce(new Error("no port is free")),
    ],
    [
      "an API server that refuses",
      "answers 500",
      ({ cluster }: ReturnType<typeof started>) => (cluster.refused = /PATCH/),
    ],
  ])("%s fail all tools of the request, and the next request is served", async (_what, failure, broken) => {
    const all = started();
    broken(all);
    all.run([tool("bi"), tool("etl")]);
    await wait();
    expect(all.phases()).toEqual({ bi: "failed", etl: "failed" });
    expect(all.tools.status().tools.bi?.failure).toBe(failure);
    all.cluster.refused = undefined;
    all.run([tool("bi")]);
    await wait();
    expect(all.phases()).toEqual({ bi: "ready", etl: "failed" });
  });

  test("pods that do not become ready are given up", async () => {
    const { tools, run, cluster } = started();
    cluster.podStatus.bi = { conditions: [] };
    run([tool("bi")]);
    await wait(419_000);
    expect(tools.status().tools.bi?.phase).toBe("starting");
    await wait(3_000);
    expect(tools.status().tools.bi?.failure).toBe("Its pods in bi were not ready after 7 min.");
  });
});

describe("stopping", () => {
  test("takes the pods away and says whether a tool is left", async () => {
    const { tools, run, phases, here, place } = started();
    run([tool("bi"), tool("etl")]);
    await wait();
    expect(await inTime(tools.stop(["bi"]))).toBe(true);
    expect([...here.keys()]).toEqual(["etl"]);
    expect(phases()).toEqual({ etl: "ready" });
    expect(place.mock.lastCall?.[0]).toEqual(new Map([["etl", "reachable"]]));
    expect(await inTime(tools.stop(["etl"]))).toBe(false);
    expect(here.size).toBe(0);
  });

  test("leaves the pods of a namespace that another tool still needs", async () => {
    const { tools, run, here } = started();
    run([tool("bi", "shared"), tool("etl", "shared")]);
    await wait();
    await inTime(tools.stop(["bi"]));
    expect([...here.keys()]).toEqual(["shared"]);
  });

  test("gives up a Job that runs, instead of waiting for it", async () => {
    const { tools, run, phases, cluster, changes, here } = started();
    cluster.jobs = ["bi-migrate"];
    cluster.job = {};
    run([tool("bi")]);
    await wait();
    expect(await inTime(tools.stop(["bi"]))).toBe(false);
    expect(phases()).toEqual({});
    expect(changes()).toContain("DELETE /apis/batch/v1/namespaces/bi/jobs/bi-migrate-run");
    expect(here.size).toBe(0);
  });

  test("gives up pods that are being waited for", async () => {
    const { tools, run, cluster, here } = started();
    cluster.podStatus.bi = { conditions: [] };
    run([tool("bi")]);
    await wait();
    expect(await inTime(tools.stop(["bi"]))).toBe(false);
    expect(here.size).toBe(0);
  });

  test("of a tool whose turn has not come keeps it from starting", async () => {
    const { tools, run, phases, cluster, ensure, here } = started();
    cluster.podStatus.bi = { conditions: [] };
    run([tool("bi")]);
    run([tool("etl")]);
    await wait();
    const stopped = tools.stop(["etl"]);
    expect(phases()).toEqual({ bi: "starting", etl: "stopping" });
    const pod = here.get("bi");
    if (pod) here.set("bi", { ...pod, status: ready as Pod["status"] });
    expect(await inTime(stopped)).toBe(true);
    expect(phases()).toEqual({ bi: "ready" });
    expect(ensure).toHaveBeenCalledOnce();
    expect([...here.keys()]).toEqual(["bi"]);
  });

  test("of a tool that was asked for twice ends both starts", async () => {
    const { tools, run, phases, cluster, here } = started();
    cluster.podStatus.bi = { conditions: [] };
    run([tool("bi")]);
    await wait();
    run([tool("bi")]);
    expect(await inTime(tools.stop(["bi"]))).toBe(false);
    expect(phases()).toEqual({});
    expect(here.size).toBe(0);
  });

  test("of a tool that is asked for again meanwhile leaves it to the later request", async () => {
    const { tools, run, phases, here } = started();
    run([tool("bi")]);
    await wait();
    const stopped = tools.stop(["bi"]);
    run([tool("bi")]);
    expect(await inTime(stopped)).toBe(true);
    await wait();
    expect(phases()).toEqual({ bi: "ready" });
    expect(here.has("bi")).toBe(true);
  });

  test("of a tool that failed before it had pods forgets it", async () => {
    const { tools, run, phases, ensure } = started();
    ensure.mockRejectedValueOnce(new Error("no port is free"));
    run([tool("bi")]);
    await wait();
    expect(await inTime(tools.stop(["bi"]))).toBe(false);
    expect(phases()).toEqual({});
  });

  test("that fails says so, and can be asked for again", async () => {
    const { tools, run, phases, cluster, here } = started();
    run([tool("bi")]);
    await wait();
    cluster.refused = /GET .*\/jobs$/;
    await expect(inTime(tools.stop(["bi"]))).rejects.toThrow("answers 500");
    expect(phases()).toEqual({ bi: "failed" });
    cluster.refused = undefined;
    expect(await inTime(tools.stop(["bi"]))).toBe(false);
    expect(here.size).toBe(0);
  });

  test("of an unknown tool changes nothing", async () => {
    const { tools, run, phases } = started();
    run([tool("bi")]);
    await wait();
    expect(await inTime(tools.stop(["nonsense"]))).toBe(true);
    expect(phases()).toEqual({ bi: "ready" });
  });

  test("a pod that was being placed when its tool was stopped is ended too", async () => {
    const { tools, run, here } = started();
    run([tool("bi")]);
    await wait();
    const late = ownedPod("late", { uid: "rs-bi" }, { namespace: "bi" });
    const remove = here.delete.bind(here);
    let removed = 0;
    here.delete = (key) => {
      removed += 1;
      const found = remove(key);
      if (removed === 1) here.set("bi", late);
      return found;
    };
    expect(await inTime(tools.stop(["bi"]))).toBe(false);
    expect(here.size).toBe(0);
  });
});

describe("the runner's end", () => {
  test("gives up what is being started, and takes nothing more on", async () => {
    const { tools, run, cluster, copiesMade } = started();
    cluster.jobs = ["bi-first", "bi-second"];
    cluster.job = {};
    run([tool("bi")]);
    await wait();
    await inTime(tools.close());
    await wait();
    expect(copiesMade()).toBe(1);
    expect(() => run([tool("bi")])).toThrow("The runner is ending");
  });

  test("waits only so long for data stores that are being installed, and claims nothing afterwards", async () => {
    const { tools, run, ensure, changes } = started();
    let installed = () => {};
    ensure.mockReturnValueOnce(new Promise<void>((resolve) => (installed = resolve)));
    run([tool("bi")]);
    await wait();
    const closed = tools.close();
    await wait(5_000);
    await closed;
    installed();
    await wait();
    expect(changes()).toEqual([]);
  });
});
