import { setTimeout as delay } from "node:timers/promises";
import type { KubernetesClient } from "../cluster/client.ts";
import { claimNamespaces } from "./admission.ts";
import type { Stores } from "./data/stores.ts";
import type { DoneJobs } from "./done-jobs.ts";
import { declaredJobs, runAgain } from "./jobs.ts";
import type { Kubelet } from "./kubelet.ts";
import { controllerOf, type Extent, isReachable, listPods } from "./placement.ts";
import type { Pod } from "./pod/types.ts";
import { removeJobCopies } from "./release.ts";
import type { RunnerStatus, RunRequest, RunTool, ToolState } from "./request.ts";

export interface ToolsOptions {
  readonly client: KubernetesClient;
  readonly kubelet: Kubelet;
  readonly stores: Stores;
  readonly done: DoneJobs;
  readonly log: (line: string) => void;
}

/** How long a tool's pods may take to become ready, in milliseconds; their startup probes give up before. */
const READY_MS = 420_000;

/** The tools that run here: brings each up in order, and takes it down again. */
export class Tools {
  readonly #options: ToolsOptions;
  readonly #states = new Map<string, ToolState>();
  readonly #claimed = new Map<string, { readonly tool: RunTool; readonly extent: Extent }>();
  /** One change at a time: two tools may share a database server, and they share the policy. */
  #queue: Promise<void> = Promise.resolve();

  constructor(options: ToolsOptions) {
    this.#options = options;
  }

  status(): RunnerStatus {
    return { tools: Object.fromEntries(this.#states) };
  }

  /** Begins to start tools; how far they are stands in the status. One that runs already only gets what is new. */
  run(request: RunRequest): void {
    for (const { id, url } of request.tools)
      this.#states.set(id, { url, phase: "starting", step: "waiting for its turn" });
    this.#queue = this.#queue.then(() => this.#run(request));
  }

  /** Takes tools down; resolves when nothing of them runs. @returns whether any tool is left */
  async stop(ids: readonly string[]): Promise<boolean> {
    const names = ids.filter((id) => this.#claimed.has(id));
    for (const id of names) this.#set(id, { phase: "stopping", step: "ending its pods" });
    const stopped = this.#queue.then(() => this.#stop(names));
    this.#queue = stopped.catch(() => {});
    await stopped;
    return this.#claimed.size > 0;
  }

  async #run({ tools, stores, extent }: RunRequest): Promise<void> {
    const { client, kubelet } = this.#options;
    const each = (step: string) => {
      for (const { id } of tools) this.#set(id, { step });
    };
    try {
      each("starting the data stores");
      await this.#options.stores.ensure(stores);
      each("taking over its pods");
      for (const tool of tools) this.#claimed.set(tool.id, { tool, extent });
      kubelet.place(this.#extents());
      await claimNamespaces(client, [...this.#extents().keys()]);
      await Promise.all(
        tools.map((tool) => this.#bringUp(tool, extent).catch((error: unknown) => this.#failed(tool.id, error))),
      );
    } catch (error) {
      for (const { id } of tools) this.#failed(id, error);
    }
  }

  async #bringUp({ id, namespace }: RunTool, extent: Extent): Promise<void> {
    const { client, done } = this.#options;
    for (const job of await declaredJobs(client, namespace)) {
      if (done.has(job.metadata.uid)) continue;
      this.#set(id, { step: `running ${job.metadata.name}` });
      await runAgain(client, job);
      done.add(job.metadata.uid);
    }
    this.#set(id, { step: "starting its pods" });
    const owners = await this.#move(namespace, extent);
    await this.#untilReady(id, namespace, owners);
    this.#set(id, { phase: "ready", step: "ready" });
  }

  /** Deletes one pod of each workload that is to run here, so that its controller makes another. @returns the workloads */
  async #move(namespace: string, extent: Extent): Promise<Set<string>> {
    const { client } = this.#options;
    const owners = new Map<string, Pod[]>();
    for (const pod of await listPods(client, "", namespace)) {
      const owner = controllerOf(pod);
      if (owner === undefined || owner.kind === "Job" || pod.metadata.deletionTimestamp !== undefined) continue;
      if (extent === "reachable" && !(await isReachable(client, pod))) continue;
      owners.set(owner.uid, [...(owners.get(owner.uid) ?? []), pod]);
    }
    for (const pods of owners.values()) {
      const here = this.#options.kubelet.workers().map(({ pod }) => pod.metadata.uid);
      const [first] = pods;
      if (!first || pods.some(({ metadata }) => here.includes(metadata.uid))) continue;
      await client.send("DELETE", `/api/v1/namespaces/${namespace}/pods/${first.metadata.name}`, {});
    }
    return new Set(owners.keys());
  }

  async #untilReady(id: string, namespace: string, owners: ReadonlySet<string>): Promise<void> {
    const until = Date.now() + READY_MS;
    for (;;) {
      const pods = this.#options.kubelet
        .workers()
        .map(({ pod }) => pod)
        .filter((pod) => owners.has(controllerOf(pod)?.uid ?? ""));
      const waiting = pods.filter((pod) => !isReady(pod));
      if (pods.length >= owners.size && waiting.length === 0) return;
      const problem = waiting.map(problemOf).find((text) => text !== undefined);
      if (problem !== undefined) throw new Error(problem);
      if (this.#claimed.get(id) === undefined || this.#states.get(id)?.phase === "stopping")
        throw new Error("It was stopped.");
      if (Date.now() > until)
        throw new Error(`Its pods in ${namespace} were not ready after ${READY_MS / 60_000} min.`);
      await delay(200);
    }
  }

  async #stop(ids: readonly string[]): Promise<void> {
    const { client, kubelet } = this.#options;
    const namespaces = ids.flatMap((id) => this.#claimed.get(id)?.tool.namespace ?? []);
    for (const id of ids) this.#claimed.delete(id);
    kubelet.place(this.#extents());
    await claimNamespaces(client, [...this.#extents().keys()]);
    const gone = namespaces.filter((namespace) => !this.#extents().has(namespace));
    for (const namespace of gone) await removeJobCopies(client, namespace);
    const workers = () => kubelet.workers().filter(({ pod }) => gone.includes(pod.metadata.namespace));
    for (const { pod } of workers()) {
      await client.send("DELETE", `/api/v1/namespaces/${pod.metadata.namespace}/pods/${pod.metadata.name}`, {});
    }
    while (workers().length > 0) await delay(100);
    for (const id of ids) this.#states.delete(id);
  }

  /** Namespace → which of its pods run here. */
  #extents(): Map<string, Extent> {
    const extents = new Map<string, Extent>();
    for (const { tool, extent } of this.#claimed.values()) {
      if (extents.get(tool.namespace) !== "all") extents.set(tool.namespace, extent);
    }
    return extents;
  }

  #set(id: string, change: Partial<ToolState>): void {
    const before = this.#states.get(id);
    if (before) this.#states.set(id, { ...before, ...change });
  }

  #failed(id: string, error: unknown): void {
    const failure = error instanceof Error ? error.message : String(error);
    this.#options.log(`${id} did not start: ${failure}`);
    this.#set(id, { phase: "failed", step: "failed", failure });
  }
}

function isReady({ status }: Pod): boolean {
  return status?.conditions?.some(({ type, status: yes }) => type === "Ready" && yes === "True") === true;
}

/** What a pod waits for that will not come by itself. */
function problemOf({ metadata, status }: Pod): string | undefined {
  const HOPELESS = ["ErrImageNeverPull", "CreateContainerError", "CrashLoopBackOff"];
  for (const { name, state } of status?.containerStatuses ?? []) {
    const waiting = state?.waiting;
    if (waiting?.reason && HOPELESS.includes(waiting.reason)) {
      return `Pod ${metadata.namespace}/${metadata.name}, container ${name}: ${waiting.reason}, ${waiting.message ?? ""}`;
    }
  }
  return undefined;
}
