import type { KubernetesClient } from "../cluster/client.ts";
import { claimNamespaces } from "./admission.ts";
import type { Stores } from "./data/stores.ts";
import type { DoneJobs } from "./done-jobs.ts";
import { declaredJobs, runAgain } from "./jobs.ts";
import type { Kubelet } from "./kubelet.ts";
import { pause } from "./pause.ts";
import type { Extent } from "./placement.ts";
import { removeJobCopies } from "./release.ts";
import type { RunnerStatus, RunRequest, RunTool, ToolState } from "./request.ts";
import { areReady, moveWorkloads } from "./workloads.ts";

export interface ToolsOptions {
  readonly client: KubernetesClient;
  readonly kubelet: Pick<Kubelet, "place" | "workers">;
  readonly stores: Pick<Stores, "ensure">;
  readonly done: Pick<DoneJobs, "has" | "add">;
  readonly log: (line: string) => void;
}

/** A tool that was asked for, as it was asked for last. */
interface Asked {
  readonly tool: RunTool;
  readonly extent: Extent;
  /** Its start is given up when it is to be stopped. */
  readonly abort: AbortController;
}

/** How long a tool's pods may take to become ready, in milliseconds; their startup probes give up before. */
const READY_MS = 420_000;
const STOPPED = "It was stopped.";
/** How long the runner's end waits for what is being started: a server that is being installed takes longer. */
const CLOSE_MS = 5_000;

/** The tools that run here: brings each up in order, and takes it down again. */
export class Tools {
  readonly #options: ToolsOptions;
  readonly #states = new Map<string, ToolState>();
  readonly #asked = new Map<string, Asked>();
  /** Tools whose pods are placed here. */
  readonly #claimed = new Map<string, Asked>();
  /** One change at a time: two tools may share a database server, and they share the policy. */
  #queue: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(options: ToolsOptions) {
    this.#options = options;
  }

  status(): RunnerStatus {
    return { tools: Object.fromEntries(this.#states) };
  }

  /** Begins to start tools; how far they are stands in the status. One that runs already only gets what is new. */
  run({ tools, stores, extent }: RunRequest): void {
    if (this.#closed) throw new Error("The runner is ending. Run the command again when it has ended.");
    const all = tools.map((tool): Asked => {
      const before = this.#asked.get(tool.id)?.abort;
      // Asked for twice: one stop ends both.
      return { tool, extent, abort: before?.signal.aborted === false ? before : new AbortController() };
    });
    for (const asked of all) {
      this.#asked.set(asked.tool.id, asked);
      this.#states.set(asked.tool.id, { url: asked.tool.url, phase: "starting", step: "waiting for its turn" });
    }
    this.#queue = this.#queue.then(() => this.#run(all, stores));
  }

  /** Takes tools down, also while they start; resolves when nothing of them runs. @returns whether any tool is left */
  async stop(ids: readonly string[]): Promise<boolean> {
    const leaving = ids.flatMap((id) => this.#asked.get(id) ?? []);
    for (const { tool, abort } of leaving) {
      abort.abort();
      this.#set(tool.id, { phase: "stopping", step: "ending its pods" });
    }
    const stopped = this.#queue.then(() => this.#stop(leaving));
    this.#queue = stopped.catch(() => {});
    await stopped;
    return this.#asked.size > 0;
  }

  /** Gives up what is being started, and takes nothing more on. The pods stay: the kubelet ends them. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const { abort } of this.#asked.values()) abort.abort();
    await Promise.race([this.#queue, pause(CLOSE_MS)]);
  }

  async #run(all: readonly Asked[], stores: RunRequest["stores"]): Promise<void> {
    const { client, kubelet } = this.#options;
    // What is stopped before its turn is left out.
    const tools = all.filter(({ abort }) => !abort.signal.aborted);
    if (tools.length === 0) return;
    try {
      for (const asked of tools) this.#step(asked, "starting the data stores");
      await this.#options.stores.ensure(stores);
      if (this.#closed) throw new Error(STOPPED);
      for (const asked of tools) {
        this.#step(asked, "taking over its pods");
        this.#claimed.set(asked.tool.id, asked);
      }
      kubelet.place(this.#extents());
      await claimNamespaces(client, [...this.#extents().keys()]);
      await Promise.all(
        tools.map((asked) => this.#bringUp(asked).catch((error: unknown) => this.#failed(asked, error))),
      );
    } catch (error) {
      for (const asked of tools) this.#failed(asked, error);
    }
  }

  async #bringUp(asked: Asked): Promise<void> {
    const { client, done } = this.#options;
    const { namespace } = asked.tool;
    const { signal } = asked.abort;
    for (const job of await declaredJobs(client, namespace)) {
      if (done.has(job.metadata.uid)) continue;
      this.#step(asked, `running ${job.metadata.name}`);
      await runAgain(client, job, signal);
      done.add(job.metadata.uid);
    }
    if (signal.aborted) throw new Error(STOPPED);
    this.#step(asked, "starting its pods");
    const here = () => this.#options.kubelet.workers().map(({ pod }) => pod);
    const workloads = await moveWorkloads(client, { namespace, extent: asked.extent, here: here() });
    const until = Date.now() + READY_MS;
    while (!areReady(workloads, here())) {
      if (signal.aborted) throw new Error(STOPPED);
      if (Date.now() > until)
        throw new Error(`Its pods in ${namespace} were not ready after ${READY_MS / 60_000} min.`);
      await pause(200, signal);
    }
    this.#step(asked, "ready", "ready");
  }

  async #stop(leaving: readonly Asked[]): Promise<void> {
    const { client, kubelet } = this.#options;
    // Asked for again while it was to be stopped: that one goes on.
    const tools = leaving.filter((asked) => this.#asked.get(asked.tool.id) === asked);
    for (const { tool } of tools) this.#claimed.delete(tool.id);
    try {
      const extents = this.#extents();
      kubelet.place(extents);
      await claimNamespaces(client, [...extents.keys()]);
      const gone = [...new Set(tools.map(({ tool }) => tool.namespace))].filter((name) => !extents.has(name));
      for (const namespace of gone) await removeJobCopies(client, namespace);
      await this.#emptied(gone);
    } catch (error) {
      for (const asked of tools) this.#failed(asked, error);
      throw error;
    }
    for (const { tool } of tools) {
      this.#asked.delete(tool.id);
      this.#states.delete(tool.id);
    }
  }

  /** Deletes the namespaces' pods here until none is left: one may just have been placed. */
  async #emptied(namespaces: readonly string[]): Promise<void> {
    const { client, kubelet } = this.#options;
    const told = new Set<string>();
    for (;;) {
      const pods = kubelet.workers().map(({ pod }) => pod);
      const left = pods.filter(({ metadata }) => namespaces.includes(metadata.namespace));
      if (left.length === 0) return;
      for (const { metadata } of left) {
        if (told.has(metadata.uid)) continue;
        told.add(metadata.uid);
        await client.send("DELETE", `/api/v1/namespaces/${metadata.namespace}/pods/${metadata.name}`, {});
      }
      await pause(100);
    }
  }

  /** Namespace → which of its pods run here. */
  #extents(): Map<string, Extent> {
    const extents = new Map<string, Extent>();
    for (const { tool, extent } of this.#claimed.values()) {
      if (extents.get(tool.namespace) !== "all") extents.set(tool.namespace, extent);
    }
    return extents;
  }

  #step(asked: Asked, step: string, phase: ToolState["phase"] = "starting"): void {
    // One that was asked for again tells of the later start.
    const { tool, abort } = asked;
    if (this.#asked.get(tool.id) === asked && !abort.signal.aborted) this.#set(tool.id, { phase, step });
  }

  #set(id: string, change: Partial<ToolState>): void {
    const before = this.#states.get(id);
    if (before) this.#states.set(id, { ...before, ...change });
  }

  #failed(asked: Asked, error: unknown): void {
    const { id } = asked.tool;
    const failure = error instanceof Error ? error.message : String(error);
    this.#options.log(`${id}: ${failure}`);
    if (this.#asked.get(id) === asked) this.#set(id, { phase: "failed", step: "failed", failure });
  }
}
