import type { KubernetesClient } from "../../cluster/client.ts";
import type { PropertyMap } from "../protocol/types.ts";
import type { Discovery, Endpoint } from "./discovery.ts";
import { formatId, metadataText } from "./identity.ts";

/** A connection with what was learnt about the cluster behind it. */
export interface Session {
  readonly client: KubernetesClient;
  readonly discovery: Discovery;
  readonly namespace: string;
}

/** One object: its address, and its id in the engine. */
export interface Place {
  readonly path: string;
  readonly id: string;
}

export function placeOf(endpoint: Endpoint, name: string, namespace: string): Place {
  return {
    path: endpoint.path(name, namespace),
    id: formatId({ namespace: endpoint.namespaced ? namespace : undefined, name }),
  };
}

/** Where the object of these inputs lives; undefined when its kind is not served within `waitMs`. */
export async function locate(session: Session, inputs: PropertyMap, waitMs: number): Promise<Place | undefined> {
  const endpoint = await session.discovery.find(String(inputs.apiVersion), String(inputs.kind), waitMs);
  const name = metadataText(inputs, "name") ?? "";
  return endpoint && placeOf(endpoint, name, metadataText(inputs, "namespace") ?? session.namespace);
}
