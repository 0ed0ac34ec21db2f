import * as pulumi from "@pulumi/pulumi";
import type { Federation, PodArgs } from "../kubernetes/pod.ts";
import type { SecretMount } from "../kubernetes/secret-mount.ts";
import { PROXY_PORT, SECRETS_FOLDER } from "./config.ts";

const CONFIG = "/etc/oauth2-proxy";

/** One proxy's pods. */
export interface ProxyPodArgs {
  readonly labels: Readonly<Record<string, string>>;
  /** Image with a shell: oauth2-proxy's `-alpine` variant. */
  readonly image: string;
  readonly serviceAccountName: pulumi.Input<string>;
  readonly configMap: pulumi.Input<string>;
  readonly secrets: SecretMount;
  readonly clientId: pulumi.Input<string>;
  /** The tool's Service, in the proxy's own namespace. */
  readonly upstream: { readonly service: pulumi.Input<string>; readonly port: number };
  readonly namespaceName: string;
  /** The pod's token, where the provider is Entra. */
  readonly federation: Federation | undefined;
  /** Arguments of oauth2-proxy, with the names of files below the config's folder. */
  readonly options: readonly { readonly flag: string; readonly file: string }[];
  readonly configHash: string;
}

/** Labels of all proxies of a tool, or of one of them. */
export function proxyLabels(tool: string, provider?: string): Record<string, string> {
  const all = { "app.kubernetes.io/name": `${tool}-proxy` };
  return provider === undefined ? all : { ...all, "app.kubernetes.io/component": provider };
}

export function proxyPod(args: ProxyPodArgs): PodArgs {
  return {
    labels: args.labels,
    serviceAccountName: args.serviceAccountName,
    image: args.image,
    command: ["/bin/sh", `${CONFIG}/start.sh`, ...args.options.map(({ flag, file }) => `--${flag}=${CONFIG}/${file}`)],
    env: {
      OAUTH2_PROXY_CLIENT_ID: args.clientId,
      // With `.svc`, because a cluster with a proxy to the internet exempts names with that end and no shorter ones from it.
      OAUTH2_PROXY_UPSTREAMS: pulumi.interpolate`http://${args.upstream.service}.${args.namespaceName}.svc:${args.upstream.port}/`,
      REDIS_PASSWORD_FILE: `${SECRETS_FOLDER}/redis-password`,
    },
    ports: [{ name: "http", port: PROXY_PORT }],
    probes: {
      startupProbe: { httpGet: { path: "/ready", port: "http" }, periodSeconds: 2, failureThreshold: 60 },
      // Says whether Redis answers; without it nobody has a session.
      readinessProbe: { httpGet: { path: "/ready", port: "http" }, periodSeconds: 10, timeoutSeconds: 5 },
      livenessProbe: { httpGet: { path: "/ping", port: "http" }, periodSeconds: 20, timeoutSeconds: 5 },
    },
    resources: { cpu: "50m", memory: "128Mi" },
    files: [{ name: "config", configMap: args.configMap, mountPath: CONFIG }],
    secrets: args.secrets,
    federation: args.federation,
    configHash: args.configHash,
  };
}
