import { ManagementLockByScope } from "@pulumi/azure-native/authorization/managementLockByScope.js";
import * as pulumi from "@pulumi/pulumi";

export interface DeletionLockArgs {
  /** Part of the lock's name: environments that share a resource each have their own. @example "prod" */
  readonly environment: string;
  /** Azure resource id of what stays. */
  readonly scope: pulumi.Input<string>;
  /** Why, for who meets the lock. */
  readonly notes: string;
}

/**
 * A lock with which Azure itself refuses to delete a resource and what lies below it, role assignments too, whoever asks. Let it wait
 * (`dependsOn`) for what the stack puts there: Pulumi then takes the lock away before it takes those away.
 */
export class DeletionLock extends pulumi.ComponentResource {
  constructor(name: string, args: DeletionLockArgs, opts?: pulumi.ComponentResourceOptions) {
    super("entrada:platform:DeletionLock", name, {}, opts);
    new ManagementLockByScope(
      name,
      // Not ReadOnly: that would refuse the listing of keys and every change as well.
      { scope: args.scope, lockName: `entrada-${args.environment}`, level: "CanNotDelete", notes: args.notes },
      { parent: this },
    );
    this.registerOutputs({});
  }
}
