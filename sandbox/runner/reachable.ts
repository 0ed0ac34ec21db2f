import { connect, type Socket } from "node:net";
import type { KubernetesClient } from "../cluster/client.ts";
import type { Stores } from "./data/stores.ts";
import type { Reachable } from "./pod/network.ts";

export interface ReachableOptions {
  readonly stores: Pick<Stores, "served" | "route">;
  /** A connection to a ready pod behind a Service. */
  readonly toService: (namespace: string, service: string, port: number) => Promise<Socket | undefined>;
  /** The cluster's own API. */
  readonly api: { readonly host: string; readonly connect: () => Promise<Socket> };
}

interface Service {
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly spec: { readonly ports?: readonly { readonly port: number; readonly protocol?: string }[] };
}

/**
 * What a pod may connect to beside the way out: the cluster's Services by the names that its DNS would give them, the data
 * stores under the names of the settings, and the cluster's API. Who answers is found at each connection.
 */
export async function reachableFrom(
  client: KubernetesClient,
  namespace: string,
  { stores, toService, api }: ReachableOptions,
): Promise<Reachable[]> {
  const { items } = await client.request<{ items: Service[] }>("GET", "/api/v1/services");
  const services = items
    .filter(({ metadata }) => !(metadata.namespace === "default" && metadata.name === "kubernetes"))
    .flatMap(({ metadata, spec }) =>
      (spec.ports ?? [])
        .filter(({ protocol = "TCP" }) => protocol === "TCP")
        .map(({ port }) => ({
          names: serviceNames(metadata, namespace),
          port,
          connect: () => toService(metadata.namespace, metadata.name, port),
        })),
    );
  const servers = stores.served.map(({ host, port }) => ({
    names: [host],
    port,
    connect: async () => {
      const target = stores.route(host, port);
      return target === undefined ? undefined : connect(target.port, target.host);
    },
  }));
  const apiNames = [api.host, "kubernetes.default", `${api.host}.cluster.local`];
  return [...services, ...servers, { names: apiNames, port: 443, connect: api.connect }];
}

/** As the cluster's DNS and a pod's search list resolve them. */
function serviceNames({ name, namespace }: Service["metadata"], from: string): string[] {
  const full = [`${name}.${namespace}`, `${name}.${namespace}.svc`, `${name}.${namespace}.svc.cluster.local`];
  return namespace === from ? [name, ...full] : full;
}
