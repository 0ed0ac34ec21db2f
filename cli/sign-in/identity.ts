import { readFileSync } from "node:fs";
import { KubernetesClient, type KubernetesObject } from "../../sandbox/cluster/client.ts";
import { serviceAccountToken } from "../../sandbox/cluster/index.ts";
import { readKubeconfig } from "../../sandbox/cluster/kubeconfig.ts";
import { Refusal } from "../output.ts";
import type { Account, Pods, SignInContext } from "./context.ts";
import { assertionParameters, programToken, TOKEN_EXCHANGE } from "./entra-token.ts";

/** The annotation by which AKS's webhook, and the CSI driver, know an account's managed identity. */
const IDENTITY_ANNOTATION = "azure.workload.identity/client-id";

/** The pods of the sandbox's cluster. */
export function clusterPods(kubeconfig: string): Pods {
  return {
    token: ({ namespace, name }) => serviceAccountToken(kubeconfig, namespace, name, TOKEN_EXCHANGE, 600),
    identity: async ({ namespace, name }) => {
      const client = new KubernetesClient(readKubeconfig(readFileSync(kubeconfig, "utf8")));
      try {
        const account = await client.request<KubernetesObject>(
          "GET",
          `/api/v1/namespaces/${encodeURIComponent(namespace)}/serviceaccounts/${encodeURIComponent(name)}`,
        );
        const identity = account.metadata?.annotations?.[IDENTITY_ANNOTATION];
        if (identity !== undefined) return identity;
        throw new Refusal(
          `The service account ${namespace}/${name} names no managed identity (${IDENTITY_ANNOTATION}).`,
        );
      } finally {
        await client.close();
      }
    },
  };
}

/** An access token of a managed identity, got with the service account's token that it trusts. */
export async function identityToken(
  { fetch, pods, deployed }: Pick<SignInContext, "fetch" | "pods" | "deployed">,
  account: Account,
  clientId: string,
  resource: string,
): Promise<string> {
  const proof = assertionParameters(await pods.token(account));
  return programToken(fetch, deployed.tenantId, { clientId, proof }, resource);
}
