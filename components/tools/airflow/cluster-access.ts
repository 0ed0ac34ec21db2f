import { Role } from "@pulumi/kubernetes/rbac/v1/role.js";
import { RoleBinding } from "@pulumi/kubernetes/rbac/v1/roleBinding.js";
import * as pulumi from "@pulumi/pulumi";

export interface ClusterAccessArgs {
  readonly namespace: pulumi.Input<string>;
  /** Name of the Role and of its binding. @example "airflow-scheduler" */
  readonly roleName: string;
  readonly serviceAccountName: pulumi.Input<string>;
  /** Resource of the core group → what may be done with it, in this namespace only. @example { "pods/log": ["get"] } */
  readonly rights: Readonly<Record<string, readonly string[]>>;
}

/** What a service account may do with pods of its own namespace. */
export class ClusterAccess extends pulumi.ComponentResource {
  readonly binding: RoleBinding;

  constructor(name: string, args: ClusterAccessArgs, opts?: pulumi.ComponentResourceOptions) {
    super("entrada:airflow:ClusterAccess", name, {}, opts);
    const metadata = { name: args.roleName, namespace: args.namespace };
    const rules = Object.entries(args.rights).map(([resource, verbs]) => ({
      apiGroups: [""],
      resources: [resource],
      verbs: [...verbs],
    }));
    const role = new Role(name, { metadata, rules }, { parent: this });
    this.binding = new RoleBinding(
      `${name}-binding`,
      {
        metadata,
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: role.metadata.name },
        subjects: [{ kind: "ServiceAccount", name: args.serviceAccountName, namespace: args.namespace }],
      },
      { parent: this },
    );
    this.registerOutputs({});
  }
}

/** What the Kubernetes executor does (its documentation's list, without opening shells in pods). */
export const RUN_PODS = {
  pods: ["create", "delete", "get", "list", "patch", "watch"],
  "pods/log": ["get"],
  events: ["list"],
};

/** What showing the log of a running task needs. */
export const READ_LOGS = { pods: ["get", "list"], "pods/log": ["get"] };
