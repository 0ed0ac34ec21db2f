import type { KubernetesClient } from "../../cluster/client.ts";
import type { Pod } from "./types.ts";

export interface TokenRequest {
  /** Default: the API server itself. */
  readonly audience: string | undefined;
  readonly seconds: number;
}

/** A token, and when it ends (milliseconds since 1970). */
export interface IssuedToken {
  readonly token: string;
  readonly expires: number;
}

/** A token of the pod's service account, bound to the pod: it is worth nothing any more once the pod is gone. */
export async function serviceAccountToken(
  client: KubernetesClient,
  { metadata, spec }: Pod,
  { audience, seconds }: TokenRequest,
): Promise<IssuedToken> {
  const account = spec.serviceAccountName ?? "default";
  const path = `/api/v1/namespaces/${metadata.namespace}/serviceaccounts/${account}/token`;
  const { status } = await client.request<{ status: { token: string; expirationTimestamp: string } }>("POST", path, {
    body: {
      apiVersion: "authentication.k8s.io/v1",
      kind: "TokenRequest",
      spec: {
        ...(audience === undefined ? {} : { audiences: [audience] }),
        expirationSeconds: seconds,
        boundObjectRef: { apiVersion: "v1", kind: "Pod", name: metadata.name, uid: metadata.uid },
      },
    },
  });
  return { token: status.token, expires: Date.parse(status.expirationTimestamp) };
}
