import { setTimeout as delay } from "node:timers/promises";
import type { KubernetesClient } from "../../cluster/client.ts";

/** Where the objects of a kind live. */
export interface Endpoint {
  readonly namespaced: boolean;
  /** Address of one object. */
  path(name: string, namespace: string | undefined): string;
}

interface ResourceList {
  readonly resources: readonly { readonly name: string; readonly kind: string; readonly namespaced: boolean }[];
}

/** Asks the API server which kinds it serves; what it answered is remembered, what it did not know is asked again. */
export class Discovery {
  readonly #client: KubernetesClient;
  readonly #known = new Map<string, Endpoint>();

  constructor(client: KubernetesClient) {
    this.#client = client;
  }

  /** Undefined when the kind is not served. `waitMs`: how long a definition may take to be established (default: not at all). */
  async find(apiVersion: string, kind: string, waitMs = 0): Promise<Endpoint | undefined> {
    const until = Date.now() + waitMs;
    for (;;) {
      const known = this.#known.get(`${apiVersion}/${kind}`);
      if (known) return known;
      await this.#load(apiVersion);
      if (this.#known.has(`${apiVersion}/${kind}`)) continue;
      if (Date.now() >= until) return undefined;
      await delay(250);
    }
  }

  async #load(apiVersion: string): Promise<void> {
    const base = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    const list = await this.#client.find<ResourceList>(base);
    for (const { name, kind, namespaced } of list?.resources ?? []) {
      // A subresource (`deployments/scale`) has a kind as well, but is not the object.
      if (name.includes("/")) continue;
      this.#known.set(`${apiVersion}/${kind}`, {
        namespaced,
        path: (objectName, namespace) =>
          `${base}${namespaced ? `/namespaces/${encodeURIComponent(namespace ?? "default")}` : ""}/${name}/${encodeURIComponent(objectName)}`,
      });
    }
  }
}
