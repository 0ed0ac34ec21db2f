import { setTimeout as sleep } from "node:timers/promises";
import type { KubernetesClient, KubernetesObject } from "../../cluster/client.ts";
import { type FollowedRoute, readRoute } from "./read-route.ts";
import { type RouteTable, routeTable } from "./table.ts";

const HTTP_ROUTES = "/apis/gateway.networking.k8s.io/v1/httproutes";

export interface FollowOptions {
  readonly client: Pick<KubernetesClient, "request">;
  /** Called when the host names of all routes change; again with the next reading when it fails. */
  readonly onHosts: (hosts: readonly string[]) => Promise<void>;
  readonly log: (entry: unknown) => void;
  /** Time between two readings, in milliseconds. */
  readonly everyMs: number;
}

/**
 * Follows the cluster's HTTPRoutes: what was written, changed or deleted counts from the next reading on. While the API server
 * does not answer, the routes stay as they were, as with any gateway.
 */
export interface RouteFollower {
  table(): RouteTable;
  /** Reads for the first time, and goes on reading. @throws what that first reading throws, or its `onHosts`. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

export function followRoutes({ client, onHosts, log, everyMs }: FollowOptions): RouteFollower {
  let table = routeTable([]);
  let versions = "";
  // Nothing told yet is not the same as no hosts: what another run left behind has to go as well.
  let told: string | undefined;
  const read = async () => {
    const { items = [] } = await client.request<{ items?: readonly KubernetesObject[] }>("GET", HTTP_ROUTES);
    const found = items.map(({ metadata }) => `${metadata?.uid} ${metadata?.resourceVersion}`).join("\n");
    if (found !== versions) {
      const routes = items.map(readRoute).filter((route) => route !== undefined);
      for (const route of routes) logRefusals(route, log);
      table = routeTable(routes);
      versions = found;
    }
    const hosts = table.hosts.join("\n");
    if (hosts !== told) {
      await onHosts(table.hosts);
      told = hosts;
    }
  };

  const end = new AbortController();
  let following = Promise.resolve();
  const goOn = async () => {
    let failure = "";
    for (;;) {
      await sleep(everyMs, undefined, { signal: end.signal }).catch(() => {});
      if (end.signal.aborted) return;
      try {
        await read();
        failure = "";
      } catch (error) {
        const { message } = error as Error;
        // Once for each outage, not every second.
        if (message !== failure) log({ time: new Date().toISOString(), problem: `HTTPRoutes: ${message}` });
        failure = message;
      }
    }
  };
  return {
    table: () => table,
    start: async () => {
      await read();
      following = goOn();
    },
    stop: async () => {
      end.abort();
      await following;
    },
  };
}

function logRefusals({ name, rules }: FollowedRoute, log: (entry: unknown) => void): void {
  for (const { action } of rules) {
    if (action.kind !== "refuse") continue;
    log({ time: new Date().toISOString(), route: name, problem: `Its requests are answered with 500: ${action.why}.` });
  }
}
