import type { V1Container } from "@kubernetes/client-node";
import type { KubernetesClient } from "../../cluster/client.ts";
import type { Pod } from "./types.ts";
import { fieldOf } from "./volumes.ts";

/** What every container of this node is told beside its own variables. */
export interface NodeVariables {
  /** `http://127.0.0.1:port` of the sandbox's way out, as the pod reaches it. */
  readonly proxy: string;
  /** File of the certificates to trust, as the container sees it. */
  readonly caFile: string;
  /** Host of the cluster's API, as the pod knows it. */
  readonly apiHost: string;
}

/**
 * The container's variables: the image's, the node's, then the pod's own, which win. The node's are what AKS puts into every
 * pod of a cluster with an HTTP proxy (https://learn.microsoft.com/azure/aks/http-proxy) and what the kubelet says of the API.
 * @throws Error naming the ConfigMap, entry or field that is not there.
 */
export async function containerVariables(
  client: KubernetesClient,
  pod: Pod,
  container: V1Container,
  {
    node,
    image,
    ip,
  }: { readonly node: NodeVariables; readonly image: Readonly<Record<string, string>>; readonly ip: string },
): Promise<Record<string, string>> {
  const own: Record<string, string> = {};
  for (const { configMapRef, secretRef, prefix = "" } of container.envFrom ?? []) {
    if (secretRef)
      throw new Error(`The container ${container.name} takes variables from a Secret; secrets come as files.`);
    const data = await configMap(client, pod, configMapRef?.name ?? "", configMapRef?.optional);
    for (const [name, value] of Object.entries(data)) own[prefix + name] = value;
  }
  for (const { name, value, valueFrom } of container.env ?? []) {
    if (valueFrom?.fieldRef) own[name] = fieldOf(pod, valueFrom.fieldRef.fieldPath, ip);
    else if (valueFrom?.configMapKeyRef) {
      const { name: map = "", key, optional } = valueFrom.configMapKeyRef;
      const found = (await configMap(client, pod, map, optional))[key];
      if (found === undefined && optional !== true) throw new Error(`ConfigMap ${map} has no entry ${key}.`);
      if (found !== undefined) own[name] = found;
    } else if (valueFrom)
      throw new Error(`The variable ${name} of ${container.name} comes from where this machine takes none.`);
    else own[name] = expand(value ?? "", own);
  }
  return { ...image, ...nodeVariables(pod, node), ...own };
}

function nodeVariables(pod: Pod, { proxy, caFile, apiHost }: NodeVariables): Record<string, string> {
  return {
    HOSTNAME: pod.metadata.name,
    HTTPS_PROXY: proxy,
    HTTP_PROXY: proxy,
    NO_PROXY: `localhost,127.0.0.1,.svc,.cluster.local,${apiHost}`,
    SSL_CERT_FILE: caFile,
    REQUESTS_CA_BUNDLE: caFile,
    KUBERNETES_SERVICE_HOST: apiHost,
    KUBERNETES_SERVICE_PORT: "443",
    KUBERNETES_SERVICE_PORT_HTTPS: "443",
  };
}

/**
 * Replaces `$(NAME)` by a variable, as Kubernetes does in variables, commands and arguments: an unknown name stays as it is,
 * `$$` stands for one dollar sign.
 */
export function expand(text: string, variables: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\$(\$|\(([^()]+)\))/g, (whole, sign: string, name: string | undefined) =>
    sign === "$" ? "$" : (variables[name ?? ""] ?? whole),
  );
}

async function configMap(
  client: KubernetesClient,
  { metadata }: Pod,
  name: string,
  optional = false,
): Promise<Record<string, string>> {
  const path = `/api/v1/namespaces/${metadata.namespace}/configmaps/${name}`;
  const found = await client.find<{ data?: Record<string, string> }>(path);
  if (!found && !optional) throw new Error(`ConfigMap ${metadata.namespace}/${name} is not there.`);
  return found?.data ?? {};
}
