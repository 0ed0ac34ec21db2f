import type { KubernetesClient } from "../../cluster/client.ts";
import type { KnownImage } from "../images.ts";
import type { VaultReader } from "../vault-files.ts";
import type { Reachable } from "./network.ts";

/** What all pods of the node share. */
export interface NodeServices {
  readonly client: KubernetesClient;
  readonly vault: VaultReader;
  /** What runs in the place of an image; undefined for an unknown one. */
  image(image: string): KnownImage | undefined;
  readonly bwrap: string;
  readonly nsenter: string;
  /** Volatile folder: sockets, tokens, secrets. */
  readonly runtime: string;
  /** Folder of the pods' own files. */
  readonly disk: string;
  readonly logs: string;
  readonly caPem: string;
  readonly proxy: string;
  readonly apiHost: string;
  /** What a pod of a namespace may connect to, beside the proxy. */
  reachable(namespace: string): Promise<readonly Reachable[]>;
  /** An address that no other pod has. */
  nextAddress(): string;
  log(line: string): void;
}
