import { FederatedIdentityCredential } from "@pulumi/azure-native/managedidentity/federatedIdentityCredential.js";
import { UserAssignedIdentity } from "@pulumi/azure-native/managedidentity/userAssignedIdentity.js";
import * as pulumi from "@pulumi/pulumi";

/** Audience of tokens that are exchanged for Entra's, in Azure's public cloud. */
export const TOKEN_EXCHANGE_AUDIENCE = "api://AzureADTokenExchange";

/** A service account of a cluster. */
export interface ServiceAccountName {
  readonly namespace: string;
  readonly name: string;
}

export interface WorkloadIdentityArgs {
  /** Name of the managed identity in Azure. @example "id-superset-prod" */
  readonly identityName: string;
  readonly resourceGroupName: pulumi.Input<string>;
  /** Azure region. */
  readonly location: string;
  /** Issuer of the cluster's service-account tokens, character by character (AADSTS700211). */
  readonly issuer: pulumi.Input<string>;
  /** Whose tokens are taken; at most 20 (Entra's limit for one identity). */
  readonly serviceAccounts: readonly ServiceAccountName[];
}

/** A managed identity that pods get with their service account's token, without a secret. */
export class WorkloadIdentity extends pulumi.ComponentResource {
  readonly clientId: pulumi.Output<string>;
  /** Object id, for role assignments. */
  readonly principalId: pulumi.Output<string>;
  readonly federations: readonly FederatedIdentityCredential[];

  constructor(name: string, args: WorkloadIdentityArgs, opts?: pulumi.ComponentResourceOptions) {
    super("entrada:azure:WorkloadIdentity", name, {}, opts);
    const { identityName: resourceName, resourceGroupName, location } = args;
    const identity = new UserAssignedIdentity(name, { resourceName, resourceGroupName, location }, { parent: this });
    const federations: FederatedIdentityCredential[] = [];
    for (const account of args.serviceAccounts) {
      federations.push(
        new FederatedIdentityCredential(
          `${name}-${account.namespace}-${account.name}`,
          {
            resourceName: identity.name,
            resourceGroupName,
            federatedIdentityCredentialResourceName: `${account.namespace}-${account.name}`,
            issuer: args.issuer,
            subject: serviceAccountSubject(account),
            audiences: [TOKEN_EXCHANGE_AUDIENCE],
          },
          // Azure answers 409 to two writes at once on one identity.
          { parent: this, dependsOn: federations.slice(-1) },
        ),
      );
    }
    this.clientId = identity.clientId;
    this.principalId = identity.principalId;
    this.federations = federations;
    this.registerOutputs({ clientId: this.clientId, principalId: this.principalId });
  }
}

/** The `sub` of a service account's token, which Entra compares character by character (AADSTS700213). */
export function serviceAccountSubject(account: ServiceAccountName): string {
  return `system:serviceaccount:${account.namespace}:${account.name}`;
}
