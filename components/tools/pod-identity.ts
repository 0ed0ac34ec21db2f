import type * as pulumi from "@pulumi/pulumi";
import { VaultAccess } from "../azure/vault-access.ts";
import { WorkloadIdentity } from "../azure/workload-identity.ts";
import type { Federation } from "../kubernetes/pod.ts";
import { type MountedSecret, SecretMount } from "../kubernetes/secret-mount.ts";
import { ServiceAccount } from "../kubernetes/service-account.ts";
import type { ToolEnvironment } from "./environment.ts";

export interface PodIdentityArgs {
  /** First part of Azure's name for it: `id-<tool>-<environment>`. @example "superset" */
  readonly identity: string;
  /** Name of the service account and of the SecretProviderClass. */
  readonly account: string;
  /** Namespace as the settings name it, known before it exists. */
  readonly namespaceName: string;
  readonly namespace: pulumi.Input<string>;
  readonly environment: ToolEnvironment;
  /** What pods of the account read from the vault, as files. */
  readonly secrets: readonly MountedSecret[];
}

/** Who pods are, in the cluster and in Azure. */
export interface PodIdentity {
  readonly accountName: pulumi.Output<string>;
  /** Client id of the managed identity. */
  readonly clientId: pulumi.Output<string>;
  /** Lets a pod prove itself to Entra. */
  readonly federation: Federation;
  /** The vault's secrets as files. */
  readonly mount: SecretMount;
  /** Object id of the managed identity, for further rights. */
  readonly principalId: pulumi.Output<string>;
  /** What has to be there before a pod starts. */
  readonly ready: readonly pulumi.Resource[];
}

/**
 * A service account, the managed identity behind it, its right to read exactly its secrets, and their mount.
 *
 * @param name first part of the resources' names
 */
export function createPodIdentity(
  name: string,
  args: PodIdentityArgs,
  child: { readonly parent: pulumi.Resource },
): PodIdentity {
  const { environment, namespace, account, secrets } = args;
  const { vault, vaultName, subscriptionId, tenantId, location, oidcIssuer } = environment;
  const identity = new WorkloadIdentity(
    `${name}-identity`,
    {
      identityName: `id-${args.identity}-${environment.environment}`,
      resourceGroupName: vault.resourceGroupName,
      location,
      issuer: oidcIssuer,
      serviceAccounts: [{ namespace: args.namespaceName, name: account }],
    },
    child,
  );
  const { accountName } = new ServiceAccount(
    `${name}-account`,
    { namespace, accountName: account, clientId: identity.clientId },
    child,
  );
  const access = new VaultAccess(
    `${name}-access`,
    {
      vaultId: vault.vaultId,
      vaultName,
      subscriptionId,
      principalId: identity.principalId,
      secretNames: secrets.map(({ secretName }) => secretName).sort(),
    },
    child,
  );
  const mount = new SecretMount(
    `${name}-secrets`,
    { namespace, className: account, vaultName, tenantId, clientId: identity.clientId, secrets },
    child,
  );
  return {
    accountName,
    clientId: identity.clientId,
    federation: { clientId: identity.clientId, tenantId },
    mount,
    principalId: identity.principalId,
    ready: [identity, access],
  };
}
