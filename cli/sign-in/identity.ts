import { readFileSync } from "node:fs";
import { KubernetesClient, type KubernetesObject } from "../../sandbox/cluster/client.ts";
import { serviceAccountToken } from "../../sandbox/cluster/index.ts";
import { readKubeconfig } from "../../sandbox/cluster/kubeconfig.ts";
import { Refusal } from "../output.ts";
import { assertionParameters, programToken, TOKEN_EXCHANGE } from "./entra-token.ts";
import type { SandboxFetch } from "./network.ts";

/** A service account of the sandbox's cluster. */
export interface Account {
  readonly namespace: string;
  readonly name: string;
}

/** The annotation by which AKS's webhook, and the CSI driver, know an account's managed identity. */
const IDENTITY_ANNOTATION = "azure.workload.identity/client-id";

/** The token that a pod of the account would have projected for Entra. */
export function podToken(kubeconfig: string, { namespace, name }: Account): Promise<string> {
  return serviceAccountToken(kubeconfig, namespace, name, TOKEN_EXCHANGE, 600);
}

/** Client id of the managed identity behind a service account, as its annotation says it. */
export async function identityOf(kubeconfig: string, { namespace, name }: Account): Promise<string> {
  const client = new KubernetesClient(readKubeconfig(readFileSync(kubeconfig, "utf8")));
  try {
    const account = await client.request<KubernetesObject>(
      "GET",
      `/api/v1/namespaces/${encodeURIComponent(namespace)}/serviceaccounts/${encodeURIComponent(name)}`,
    );
    const identity = account.metadata?.annotations?.[IDENTITY_ANNOTATION];
    if (identity === undefined)
      throw new Refusal(`The service account ${namespace}/${name} names no managed identity (${IDENTITY_ANNOTATION}).`);
    return identity;
  } finally {
    await client.close();
  }
}

/** An access token of a managed identity, got with the service account's token that it trusts. */
export async function identityToken(
  fetch: SandboxFetch,
  place: { readonly kubeconfig: string; readonly tenantId: string; readonly account: Account },
  clientId: string,
  resource: string,
): Promise<string> {
  const proof = assertionParameters(await podToken(place.kubeconfig, place.account));
  return programToken(fetch, place.tenantId, { clientId, proof }, resource);
}
