import { Namespace as KubernetesNamespace } from "@pulumi/kubernetes/core/v1/namespace.js";
import * as pulumi from "@pulumi/pulumi";

/** Version of the Pod Security Standards that namespaces enforce; pinned, so that a cluster upgrade changes nothing by itself. */
export const POD_SECURITY_VERSION = "v1.36";

export interface NamespaceArgs {
  /** @example "superset" */
  readonly namespace: string;
}

/** A namespace in which the API server refuses every pod that is not restricted. */
export class Namespace extends pulumi.ComponentResource {
  /** The namespace's name, known once it exists. */
  readonly namespace: pulumi.Output<string>;

  constructor(name: string, args: NamespaceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("entrada:kubernetes:Namespace", name, {}, opts);
    const namespace = new KubernetesNamespace(
      name,
      { metadata: { name: args.namespace, labels: podSecurityLabels() } },
      { parent: this },
    );
    this.namespace = namespace.metadata.name;
    this.registerOutputs({ namespace: this.namespace });
  }
}

function podSecurityLabels(): Record<string, string> {
  const modes = ["enforce", "audit", "warn"];
  return Object.fromEntries(
    modes.flatMap((mode) => [
      [`pod-security.kubernetes.io/${mode}`, "restricted"],
      [`pod-security.kubernetes.io/${mode}-version`, POD_SECURITY_VERSION],
    ]),
  );
}
