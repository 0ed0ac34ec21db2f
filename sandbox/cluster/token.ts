import { readFileSync } from "node:fs";
import { KubernetesClient } from "./client.ts";
import { readKubeconfig } from "./kubeconfig.ts";

/**
 * A token of a service account for an audience, as a projected volume would hold it (TokenRequest API).
 * @param seconds lifetime; the API server gives at least 600.
 */
export async function serviceAccountToken(
  kubeconfigFile: string,
  namespace: string,
  serviceAccount: string,
  audience: string,
  seconds = 3600,
): Promise<string> {
  const client = new KubernetesClient(readKubeconfig(readFileSync(kubeconfigFile, "utf8")));
  try {
    const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/serviceaccounts/${encodeURIComponent(serviceAccount)}/token`;
    const answer = await client.request<{ status: { token: string } }>("POST", path, {
      body: {
        apiVersion: "authentication.k8s.io/v1",
        kind: "TokenRequest",
        spec: { audiences: [audience], expirationSeconds: seconds },
      },
    });
    return answer.status.token;
  } finally {
    await client.close();
  }
}
