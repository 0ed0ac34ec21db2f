import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { ConfigFiles, hashOf } from "../kubernetes/config-files.ts";
import type { MountedSecret } from "../kubernetes/secret-mount.ts";
import { Workload } from "../kubernetes/workload.ts";
import type { ToolEnvironment } from "../tools/environment.ts";
import { createPodIdentity } from "../tools/pod-identity.ts";
import { PROXY_PORT } from "./config.ts";
import { proxyLabels, proxyPod } from "./pods.ts";
import { ProxySecrets } from "./secrets.ts";
import { proxySettings } from "./settings.ts";

/** Port of a proxy's Service. */
export const PROXY_SERVICE_PORT = 80;

export interface GateArgs {
  readonly tool: string;
  /** Which of the tool's proxies: `entra`, or a partner's gate. */
  readonly provider: string;
  /** Name of the service account and of all that is made in the cluster. @example "reports-proxy" */
  readonly account: string;
  readonly namespace: pulumi.Input<string>;
  readonly namespaceName: string;
  readonly environment: ToolEnvironment;
  readonly clientId: pulumi.Input<string>;
  readonly upstream: { readonly service: pulumi.Input<string>; readonly port: number };
  /** oauth2-proxy's files: flag → name and content. */
  readonly files: Readonly<Record<string, { readonly name: string; readonly content: string }>>;
  /** Whether the pods prove themselves to Entra with their token. */
  readonly federated: boolean;
  /** Secrets beside the proxy's own. */
  readonly secrets?: readonly MountedSecret[];
}

/** One oauth2-proxy with one provider: its identity, secrets, configuration and pods. */
export class Gate extends pulumi.ComponentResource {
  readonly service: pulumi.Output<string>;
  readonly serviceAccount: pulumi.Output<string>;

  constructor(name: string, args: GateArgs, opts?: pulumi.ComponentResourceOptions) {
    super("entrada:proxy:Gate", name, {}, opts);
    const { account, namespace, namespaceName, environment, upstream, clientId } = args;
    const { image, replicas } = proxySettings(args.tool, environment);
    const child = { parent: this };

    const secrets = [...new ProxySecrets(name, environment, child).mounted, ...(args.secrets ?? [])];
    const identity = createPodIdentity(
      name,
      { identity: account, account, namespaceName, namespace, environment, secrets },
      child,
    );
    const files = configFiles(args);
    const { mapName } = new ConfigFiles(`${name}-config`, { namespace, mapName: account, files }, child);
    const workload = new Workload(
      name,
      {
        namespace,
        workloadName: account,
        pod: proxyPod({
          labels: proxyLabels(args.tool, args.provider),
          image,
          serviceAccountName: identity.accountName,
          configMap: mapName,
          secrets: identity.mount,
          clientId,
          upstream,
          namespaceName,
          federation: args.federated ? identity.federation : undefined,
          options: Object.entries(args.files).map(([flag, { name: file }]) => ({ flag, file })),
          configHash: hashOf(image, ...Object.values(files)),
        }),
        scale: replicas,
        service: { serviceName: account, port: PROXY_SERVICE_PORT, targetPort: PROXY_PORT },
      },
      { ...child, dependsOn: [...identity.ready] },
    );
    this.service = workload.serviceName ?? pulumi.output(account);
    this.serviceAccount = identity.accountName;
    this.registerOutputs({ service: this.service });
  }
}

/** Name → content of the ConfigMap's files. */
function configFiles({ files }: GateArgs): Record<string, string> {
  const start = readFileSync(new URL("./config/start.sh", import.meta.url), "utf8");
  const own = Object.values(files).map(({ name, content }) => [name, content]);
  return { ...Object.fromEntries(own), "start.sh": start };
}
