import type { core } from "@pulumi/kubernetes/types/input.js";
import type * as pulumi from "@pulumi/pulumi";
import { TOKEN_EXCHANGE_AUDIENCE } from "../azure/workload-identity.ts";
import type { SecretMount } from "./secret-mount.ts";

/** Folder and file of the projected token, where Azure's libraries look by convention. */
const TOKEN_FOLDER = "/var/run/secrets/azure/tokens";
const TOKEN_FILE = "azure-identity-token";
/** Folder of the cluster's own token, by the convention of Kubernetes' clients. */
const CLUSTER_TOKEN_FOLDER = "/var/run/secrets/kubernetes.io/serviceaccount";

/** Files of a ConfigMap in a folder of the pod. */
export interface MountedFiles {
  /** Name of the volume. @example "settings" */
  readonly name: string;
  readonly configMap: pulumi.Input<string>;
  readonly mountPath: string;
}

/** Lets the pod prove itself to Entra with its service account's token. */
export interface Federation {
  /**
   * Client id of the pod's managed identity; of the registration, where a pod needs Entra for sign-in alone.
   * @default `AZURE_CLIENT_ID` comes by `environmentFrom`
   */
  readonly clientId?: pulumi.Input<string>;
  readonly tenantId: string;
  /** @default "https://login.microsoftonline.com/" */
  readonly authorityHost?: string;
}

/** A container that starts before the main one and runs beside it, with the pod's files and secrets (a native sidecar). */
export interface Sidecar {
  /** @example "metabase" */
  readonly name: string;
  /** Pinned image. */
  readonly image: string;
  readonly command?: readonly string[];
  /** Plain values only; secrets come as files. */
  readonly env?: Readonly<Record<string, pulumi.Input<string>>>;
  readonly resources: Resources;
  /** The main container starts once the startup probe passes. */
  readonly probes?: Pick<core.v1.Container, "startupProbe" | "livenessProbe">;
}

export interface Resources {
  /** @example "250m" */
  readonly cpu: string;
  /** Request and limit alike, so that a pod is never evicted for memory that it was promised. @example "1Gi" */
  readonly memory: string;
}

export interface PodArgs {
  /** Name of the one container. @default "main" */
  readonly containerName?: string;
  /** Labels that choose the pods of this workload. */
  readonly labels: Readonly<Record<string, string>>;
  readonly serviceAccountName: pulumi.Input<string>;
  /** Pinned image. @example "contoso.azurecr.io/superset:6.1.0@sha256:…" */
  readonly image: string;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  /** Plain values only; secrets come as files. */
  readonly env?: Readonly<Record<string, pulumi.Input<string>>>;
  /** ConfigMaps whose entries become variables, for values that are unknown when a text about the pod is written. */
  readonly environmentFrom?: readonly string[];
  readonly ports?: readonly { readonly name: string; readonly port: number }[];
  readonly probes?: Pick<core.v1.Container, "startupProbe" | "readinessProbe" | "livenessProbe">;
  readonly resources: Resources;
  readonly files?: readonly MountedFiles[];
  readonly secrets?: SecretMount;
  /** @default no token in the pod */
  readonly federation?: Federation;
  /** @default none */
  readonly sidecars?: readonly Sidecar[];
  /** Whether the main container gets a token for the cluster's API, as its client libraries look for it. @default false */
  readonly clusterToken?: boolean;
  /** Hash of what the pod reads at its start; a change rolls the pods. */
  readonly configHash: string;
  /** User and group of the process. @default 1000 */
  readonly user?: number;
}

/**
 * A pod that the restricted Pod Security Standard accepts, with a read-only root and a /tmp of its own.
 *
 * @param placement what the kind of workload adds to the pod's spec, such as `restartPolicy`
 */
export function podTemplate(args: PodArgs, placement: Partial<core.v1.PodSpec> = {}): core.v1.PodTemplateSpec {
  const user = args.user ?? 1000;
  return {
    metadata: { labels: podLabels(args), annotations: podAnnotations(args) },
    spec: {
      serviceAccountName: args.serviceAccountName,
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      securityContext: {
        runAsNonRoot: true,
        runAsUser: user,
        runAsGroup: user,
        fsGroup: user,
        seccompProfile: { type: "RuntimeDefault" },
      },
      ...(args.sidecars === undefined ? {} : { initContainers: args.sidecars.map((sidecar) => beside(args, sidecar)) }),
      containers: [container(args)],
      volumes: volumes(args),
      ...placement,
    },
  };
}

/** A sidecar: an init container that never ends. It holds none of the pod's tokens. */
function beside({ files, secrets }: PodArgs, sidecar: Sidecar): core.v1.Container {
  const { name, ...args } = sidecar;
  const pod = { ...args, files, secrets, labels: {}, serviceAccountName: "", configHash: "" };
  return { ...container(pod), name, restartPolicy: "Always" };
}

function container(args: PodArgs): core.v1.Container {
  const { cpu, memory } = args.resources;
  return {
    name: args.containerName ?? "main",
    image: args.image,
    command: args.command === undefined ? undefined : [...args.command],
    args: args.args === undefined ? undefined : [...args.args],
    env: Object.entries(environment(args)).map(([name, value]) => ({ name, value })),
    envFrom: args.environmentFrom?.map((name) => ({ configMapRef: { name } })),
    ports: args.ports?.map(({ name, port }) => ({ name, containerPort: port, protocol: "TCP" })),
    ...args.probes,
    resources: { requests: { cpu, memory }, limits: { memory } },
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      privileged: false,
      capabilities: { drop: ["ALL"] },
    },
    volumeMounts: volumeMounts(args),
  };
}

function podLabels({ labels, federation }: PodArgs): Record<string, string> {
  // The webhook of workload identity, where there is one, finds its volume and variables in place and adds nothing.
  return { ...labels, ...(federation === undefined ? {} : { "azure.workload.identity/use": "true" }) };
}

function podAnnotations({ configHash, secrets }: PodArgs): Record<string, pulumi.Input<string>> {
  return {
    "entrada/config-hash": configHash,
    ...(secrets === undefined ? {} : { "entrada/secret-versions": secrets.versions }),
  };
}

function environment({ env, federation }: PodArgs): Record<string, pulumi.Input<string>> {
  if (federation === undefined) return { ...env };
  return {
    ...env,
    ...(federation.clientId === undefined ? {} : { AZURE_CLIENT_ID: federation.clientId }),
    AZURE_TENANT_ID: federation.tenantId,
    AZURE_AUTHORITY_HOST: federation.authorityHost ?? "https://login.microsoftonline.com/",
    AZURE_FEDERATED_TOKEN_FILE: `${TOKEN_FOLDER}/${TOKEN_FILE}`,
  };
}

/** What Kubernetes would mount by itself, with the token's time spelled out. */
const CLUSTER_TOKEN: core.v1.Volume = {
  name: "cluster-token",
  projected: {
    sources: [
      { serviceAccountToken: { expirationSeconds: 3600, path: "token" } },
      { configMap: { name: "kube-root-ca.crt", items: [{ key: "ca.crt", path: "ca.crt" }] } },
      { downwardAPI: { items: [{ path: "namespace", fieldRef: { fieldPath: "metadata.namespace" } }] } },
    ],
  },
};

function volumes({ files, secrets, federation, clusterToken }: PodArgs): core.v1.Volume[] {
  const token: core.v1.Volume = {
    name: TOKEN_FILE,
    projected: {
      sources: [
        {
          // The kubelet renews the token when four fifths of its time have passed.
          serviceAccountToken: { audience: TOKEN_EXCHANGE_AUDIENCE, expirationSeconds: 3600, path: TOKEN_FILE },
        },
      ],
    },
  };
  return [
    { name: "tmp", emptyDir: { sizeLimit: "1Gi" } },
    ...(files ?? []).map(({ name, configMap }) => ({ name, configMap: { name: configMap } })),
    ...(secrets === undefined ? [] : [secrets.volume]),
    ...(federation === undefined ? [] : [token]),
    ...(clusterToken === true ? [CLUSTER_TOKEN] : []),
  ];
}

function volumeMounts({ files, secrets, federation, clusterToken }: PodArgs): core.v1.VolumeMount[] {
  return [
    { name: "tmp", mountPath: "/tmp" },
    ...(files ?? []).map(({ name, mountPath }) => ({ name, mountPath, readOnly: true })),
    ...(secrets === undefined ? [] : [secrets.volumeMount]),
    ...(federation === undefined ? [] : [{ name: TOKEN_FILE, mountPath: TOKEN_FOLDER, readOnly: true }]),
    ...(clusterToken === true ? [{ name: "cluster-token", mountPath: CLUSTER_TOKEN_FOLDER, readOnly: true }] : []),
  ];
}
