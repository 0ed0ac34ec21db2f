import type { V1ContainerStatus, V1OwnerReference, V1PodCondition, V1PodSpec } from "@kubernetes/client-node";

/** A pod as the API server sends it: the client's own types, with times as text. */
export interface Pod {
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly uid: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly ownerReferences?: readonly V1OwnerReference[];
    readonly deletionTimestamp?: string;
    readonly deletionGracePeriodSeconds?: number;
    readonly creationTimestamp?: string;
  };
  readonly spec: V1PodSpec;
  readonly status?: {
    readonly phase?: string;
    readonly message?: string;
    readonly podIP?: string;
    readonly conditions?: readonly AsText<V1PodCondition>[];
    readonly initContainerStatuses?: readonly AsText<V1ContainerStatus>[];
    readonly containerStatuses?: readonly AsText<V1ContainerStatus>[];
  };
}

/** A type with its times as RFC 3339 text. */
export type AsText<T> = T extends Date
  ? string
  : T extends (infer U)[]
    ? AsText<U>[]
    : T extends object
      ? { [K in keyof T]: AsText<T[K]> }
      : T;

/** `namespace/name`, as people name a pod. */
export function describePod({ metadata }: Pick<Pod, "metadata">): string {
  return `${metadata.namespace}/${metadata.name}`;
}
