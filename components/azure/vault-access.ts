import { RoleAssignment } from "@pulumi/azure-native/authorization/roleAssignment.js";
import * as pulumi from "@pulumi/pulumi";
import { stableId } from "../../model/ids.ts";

/** Built-in role "Key Vault Secrets User": reads values, changes nothing. */
export const SECRETS_USER = "4633458b-17de-408a-b874-0445c86b69e6";

export interface VaultAccessArgs {
  /** Azure resource id of the vault. */
  readonly vaultId: pulumi.Input<string>;
  /** Name of the vault, part of the assignments' stable ids. */
  readonly vaultName: string;
  /** Subscription of the vault. */
  readonly subscriptionId: string;
  /** Object id of the managed identity or service principal. */
  readonly principalId: pulumi.Input<string>;
  /** Secrets that it may read. One vault serves several tools, so the whole vault is never granted. */
  readonly secretNames: readonly string[];
}

/** Lets one identity read named secrets of a vault, one role assignment each. */
export class VaultAccess extends pulumi.ComponentResource {
  readonly assignments: readonly RoleAssignment[];

  constructor(name: string, args: VaultAccessArgs, opts?: pulumi.ComponentResourceOptions) {
    super("entrada:azure:VaultAccess", name, {}, opts);
    this.assignments = args.secretNames.map(
      (secretName) =>
        new RoleAssignment(
          `${name}-${secretName}`,
          {
            roleAssignmentName: stableId("role-assignment", name, args.vaultName, secretName, SECRETS_USER),
            scope: pulumi.interpolate`${args.vaultId}/secrets/${secretName}`,
            roleDefinitionId: `/subscriptions/${args.subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${SECRETS_USER}`,
            principalId: args.principalId,
            // Given, so that Azure does not look for a principal that has not reached every replica yet.
            principalType: "ServicePrincipal",
          },
          // The name stays when the identity is made anew, and Azure never changes an assignment's principal.
          { parent: this, deleteBeforeReplace: true },
        ),
    );
    this.registerOutputs({});
  }
}
