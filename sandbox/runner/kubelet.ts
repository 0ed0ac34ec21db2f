import type { KubernetesClient } from "../cluster/client.ts";
import { pause } from "./pause.ts";
import { type Extent, placePods, podsHere } from "./placement.ts";
import type { NodeServices } from "./pod/node-services.ts";
import type { Pod } from "./pod/types.ts";
import { PodWorker } from "./pod/worker.ts";

/** How often the API server is asked for pods. */
const PERIOD_MS = 400;
/** Time for the containers of a pod that was taken from the API server by force. */
const FORCED_MS = 2_000;
/** Time for all pods when the runner ends, whatever they ask for themselves: whoever stops it waits for them. */
const SHUTDOWN_MS = 30_000;

/** What the kubelet asks of a pod's worker. */
export type Worker = Pick<PodWorker, "pod" | "ip" | "dial" | "update" | "terminate" | "logOf">;

/** Runs the pods of the runner's node. */
export class Kubelet {
  readonly #client: KubernetesClient;
  readonly #log: (line: string) => void;
  readonly #begin: (pod: Pod) => Worker;
  readonly #workers = new Map<string, Worker>();
  readonly #stopped = new AbortController();
  #extents: ReadonlyMap<string, Extent> = new Map();
  #loop: Promise<void> | undefined;

  /** @param begin starts a pod's worker */
  constructor(client: KubernetesClient, node: NodeServices, begin = (pod: Pod): Worker => new PodWorker(node, pod)) {
    this.#client = client;
    this.#log = node.log;
    this.#begin = begin;
  }

  /** Which namespaces' new pods are placed, and which of them run here. */
  place(extents: ReadonlyMap<string, Extent>): void {
    this.#extents = extents;
  }

  start(): void {
    this.#loop = this.#run();
  }

  /** The worker of the pod with this address. */
  at(ip: string): Worker | undefined {
    return this.workers().find((worker) => worker.ip === ip);
  }

  /** The worker of the pod with this name; of two, that of the newer pod. */
  called(namespace: string, name: string): Worker | undefined {
    return this.workers().findLast(({ pod }) => pod.metadata.namespace === namespace && pod.metadata.name === name);
  }

  workers(): Worker[] {
    return [...this.#workers.values()];
  }

  /** Ends all pods and stops looking for more. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.#loop;
    await Promise.all(this.workers().map((worker) => worker.terminate(SHUTDOWN_MS)));
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopped;
    let said = "";
    while (!signal.aborted) {
      try {
        await this.#sync();
        said = "";
      } catch (error) {
        const { message } = error as Error;
        if (message !== said) this.#log(`the API server did not answer: ${message}`);
        said = message;
      }
      await pause(PERIOD_MS, signal);
    }
  }

  async #sync(): Promise<void> {
    await placePods(this.#client, this.#extents);
    const pods = await podsHere(this.#client);
    if (this.#stopped.signal.aborted) return;
    const present = new Set(pods.map(({ metadata }) => metadata.uid));
    for (const pod of pods) {
      const known = this.#workers.get(pod.metadata.uid);
      if (known) known.update(pod);
      else this.#workers.set(pod.metadata.uid, this.#begin(pod));
    }
    for (const [uid, worker] of this.#workers) {
      // Taken by force, or at its end anyway. The other pods do not wait for it.
      if (!present.has(uid)) void worker.terminate(FORCED_MS).then(() => this.#workers.delete(uid));
    }
  }
}
