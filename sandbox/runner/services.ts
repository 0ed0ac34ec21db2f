import type { KubernetesClient, KubernetesObject } from "../cluster/client.ts";

interface ServiceObject extends KubernetesObject {
  readonly spec?: { readonly ports?: readonly { readonly name?: string; readonly port: number }[] };
}

interface EndpointSlice extends KubernetesObject {
  readonly ports?: readonly { readonly name?: string; readonly port?: number }[] | null;
  readonly endpoints?:
    | readonly {
        readonly addresses: readonly string[];
        readonly conditions?: { readonly ready?: boolean };
        readonly nodeName?: string;
      }[]
    | null;
}

/**
 * Addresses and target ports behind a port of a Service, of ready pods on one node. None when there is no such Service, port
 * or pod. The API server's EndpointSlices decide, as they do for kube-proxy: a slice carries the Service's port by name.
 */
export async function serviceEndpoints(
  client: Pick<KubernetesClient, "find" | "request">,
  namespace: string,
  service: string,
  port: number,
  nodeName: string,
): Promise<readonly { ip: string; port: number }[]> {
  const object = await client.find<ServiceObject>(`/api/v1/namespaces/${namespace}/services/${service}`);
  const wanted = object?.spec?.ports?.find((each) => each.port === port);
  if (wanted === undefined) return [];
  const { items = [] } = await client.request<{ items?: readonly EndpointSlice[] }>(
    "GET",
    `/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices`,
    { query: { labelSelector: `kubernetes.io/service-name=${service}` } },
  );
  // An endpoint may stand in several slices for a moment.
  const found = new Map<string, { ip: string; port: number }>();
  for (const { ports, endpoints } of items) {
    const target = ports?.find(({ name = "" }) => name === (wanted.name ?? ""))?.port;
    if (target === undefined) continue;
    for (const endpoint of endpoints ?? []) {
      // Unknown counts as ready (EndpointConditions.ready).
      if (endpoint.conditions?.ready === false || endpoint.nodeName !== nodeName) continue;
      for (const ip of endpoint.addresses) found.set(`${ip} ${target}`, { ip, port: target });
    }
  }
  return [...found.values()];
}
