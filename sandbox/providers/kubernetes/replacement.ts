import { liesWithin } from "../protocol/paths.ts";

/** Provider settings that decide whether data changes in place. */
export interface Mutability {
  readonly configMaps: boolean;
  readonly secrets: boolean;
}

const EVERY_KIND = ["metadata.name", "metadata.namespace", "apiVersion", "kind"];

const ROLE_BINDING = ["roleRef"];

/**
 * Fields that Kubernetes does not change in an existing object, by `group/Kind`. The list is that of the official provider
 * (4.x); for pods everything is listed here but what the API server lets one change.
 */
const BY_KIND: Readonly<Record<string, readonly string[]>> = {
  "apps/Deployment": ["spec.selector"],
  "apps/DaemonSet": ["spec.selector"],
  "apps/ReplicaSet": ["spec.selector"],
  "apps/StatefulSet": [
    "spec.podManagementPolicy",
    "spec.revisionHistoryLimit",
    "spec.selector",
    "spec.serviceName",
    "spec.volumeClaimTemplates",
  ],
  "batch/Job": ["spec.completions", "spec.parallelism", "spec.selector", "spec.template"],
  "/PersistentVolumeClaim": ["spec"],
  "/Pod": ["spec"],
  "/ResourceQuota": ["spec.scopes"],
  "/Service": ["spec.clusterIP"],
  "rbac.authorization.k8s.io/RoleBinding": ROLE_BINDING,
  "rbac.authorization.k8s.io/ClusterRoleBinding": ROLE_BINDING,
  "storage.k8s.io/StorageClass": ["parameters", "provisioner"],
};

const MUTABLE_IN_PODS = [
  "spec.activeDeadlineSeconds",
  "spec.tolerations",
  "spec.containers[*].image",
  "spec.initContainers[*].image",
];

/** Whether a change at this path needs a new object. */
export function needsReplacement(apiVersion: string, kind: string, path: string, mutability: Mutability): boolean {
  const within = (patterns: readonly string[]) => patterns.some((pattern) => liesWithin(path, pattern));
  if (within(EVERY_KIND)) return true;
  const group = apiVersion.includes("/") ? (apiVersion.split("/")[0] ?? "") : "";
  if (group === "" && kind === "ConfigMap") return !mutability.configMaps && within(["data", "binaryData"]);
  if (group === "" && kind === "Secret")
    return within(["type"]) || (!mutability.secrets && within(["data", "stringData"]));
  if (group === "" && kind === "Pod" && within(MUTABLE_IN_PODS)) return false;
  return within(BY_KIND[`${group}/${kind}`] ?? []);
}
