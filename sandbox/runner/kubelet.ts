import type { KubernetesClient } from "../cluster/client.ts";
import { type Extent, placePods, podsHere } from "./placement.ts";
import { type NodeServices, PodWorker } from "./pod/worker.ts";

/** How often the API server is asked for pods. */
const PERIOD_MS = 400;

/** Runs the pods of the runner's node. */
export class Kubelet {
  readonly #client: KubernetesClient;
  readonly #node: NodeServices;
  readonly #workers = new Map<string, PodWorker>();
  #extents: ReadonlyMap<string, Extent> = new Map();
  #stopped = false;
  #loop: Promise<void> | undefined;
  #wake: (() => void) | undefined;

  constructor(client: KubernetesClient, node: NodeServices) {
    this.#client = client;
    this.#node = node;
  }

  /** Which namespaces' new pods are placed, and which of them run here. */
  place(extents: ReadonlyMap<string, Extent>): void {
    this.#extents = extents;
  }

  start(): void {
    this.#loop = this.#run();
  }

  /** The worker of the pod with this address. */
  at(ip: string): PodWorker | undefined {
    return this.workers().find((worker) => worker.ip === ip);
  }

  /** The worker of the pod with this name. */
  called(namespace: string, name: string): PodWorker | undefined {
    return this.workers().find(({ pod }) => pod.metadata.namespace === namespace && pod.metadata.name === name);
  }

  workers(): PodWorker[] {
    return [...this.#workers.values()];
  }

  /** Ends all pods and stops looking for more. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#wake?.();
    await this.#loop;
    await Promise.all(this.workers().map((worker) => worker.terminate()));
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      try {
        await this.#sync();
      } catch (error) {
        this.#node.log(`the API server did not answer: ${(error as Error).message}`);
      }
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, PERIOD_MS);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  async #sync(): Promise<void> {
    await placePods(this.#client, this.#extents);
    const pods = await podsHere(this.#client);
    const present = new Set(pods.map(({ metadata }) => metadata.uid));
    for (const pod of pods) {
      const known = this.#workers.get(pod.metadata.uid);
      if (known) known.update(pod);
      else this.#workers.set(pod.metadata.uid, new PodWorker(this.#node, pod));
    }
    for (const [uid, worker] of this.#workers) {
      if (present.has(uid)) continue;
      // Somebody took it from the API server by force.
      await worker.terminate();
      this.#workers.delete(uid);
    }
  }
}
