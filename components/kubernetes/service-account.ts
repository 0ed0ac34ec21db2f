import { ServiceAccount as KubernetesServiceAccount } from "@pulumi/kubernetes/core/v1/serviceAccount.js";
import * as pulumi from "@pulumi/pulumi";

export interface ServiceAccountArgs {
  readonly namespace: pulumi.Input<string>;
  /** @example "superset" */
  readonly accountName: string;
  /** Client id of the managed identity, or of the registration, that the account's tokens stand for. */
  readonly clientId: pulumi.Input<string>;
}

/** A tool's own service account. No token of it is mounted by itself: pods that need one project it. */
export class ServiceAccount extends pulumi.ComponentResource {
  readonly accountName: pulumi.Output<string>;

  constructor(name: string, args: ServiceAccountArgs, opts?: pulumi.ComponentResourceOptions) {
    super("entrada:kubernetes:ServiceAccount", name, {}, opts);
    const account = new KubernetesServiceAccount(
      name,
      {
        metadata: {
          name: args.accountName,
          namespace: args.namespace,
          annotations: { "azure.workload.identity/client-id": args.clientId },
        },
        automountServiceAccountToken: false,
      },
      { parent: this },
    );
    this.accountName = account.metadata.name;
    this.registerOutputs({ accountName: this.accountName });
  }
}
