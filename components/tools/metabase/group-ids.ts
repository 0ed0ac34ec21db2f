import { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap.js";
import { Role } from "@pulumi/kubernetes/rbac/v1/role.js";
import { RoleBinding } from "@pulumi/kubernetes/rbac/v1/roleBinding.js";
import * as pulumi from "@pulumi/pulumi";

/** The file in the ConfigMap: role → list of the ids of its groups, as JSON. */
export const GROUPS_FILE = "group-mappings.json";

export interface GroupIdsArgs {
  readonly namespace: pulumi.Input<string>;
  /** @example "metabase-groups" */
  readonly mapName: string;
  /** Service account that fills it in. */
  readonly writer: pulumi.Input<string>;
}

/**
 * Where the set-up job leaves the numeric ids that Metabase gave its groups, for the web pods. The ConfigMap is made empty, so
 * that the job needs a right on this one object and not the right to make any (which Kubernetes cannot limit to a name).
 */
export class GroupIds extends pulumi.ComponentResource {
  readonly mapName: pulumi.Output<string>;

  constructor(name: string, args: GroupIdsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("entrada:metabase:GroupIds", name, {}, opts);
    const { namespace, mapName } = args;
    const metadata = { name: mapName, namespace };
    // What the job wrote is its own: neither `up` nor a refresh takes it back.
    const map = new ConfigMap(name, { metadata }, { parent: this, ignoreChanges: ["data"] });
    const role = new Role(
      `${name}-role`,
      { metadata, rules: [{ apiGroups: [""], resources: ["configmaps"], resourceNames: [mapName], verbs: ["patch"] }] },
      { parent: this },
    );
    new RoleBinding(
      `${name}-binding`,
      {
        metadata,
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: role.metadata.name },
        subjects: [{ kind: "ServiceAccount", name: args.writer, namespace }],
      },
      { parent: this },
    );
    this.mapName = map.metadata.name;
    this.registerOutputs({ mapName: this.mapName });
  }
}
