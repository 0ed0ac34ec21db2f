import { chmodSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { V1KeyToPath, V1Volume, V1VolumeProjection } from "@kubernetes/client-node";
import type { KubernetesClient } from "../../cluster/client.ts";
import type { VaultReader } from "../vault-files.ts";
import { type VolumeFile, writeAtomically } from "./atomic-folder.ts";
import { serviceAccountToken, type TokenRequest } from "./service-account-token.ts";
import { describePod, type Pod } from "./types.ts";

export interface VolumesOptions {
  readonly client: KubernetesClient;
  readonly vault: VaultReader;
  readonly pod: Pod;
  /** Folder for what is read from elsewhere, secrets among it; volatile. */
  readonly volatileFolder: string;
  /** Folder for the pod's own files (`emptyDir`). */
  readonly diskFolder: string;
  /** Gets what could not be renewed; the pod goes on with what it has. */
  readonly log: (line: string) => void;
}

/** A pod's volumes as folders of this machine. */
export interface Volumes {
  /** Volume → folder. */
  folder(name: string): string;
  stop(): void;
}

const SECRETS_STORE = "secrets-store.csi.k8s.io";
/** Tokens and secrets: for the container's user alone. In a cluster another user owns them, so the pod asks for more there. */
const SECRET_MODE = 0o400;
/** How often ConfigMaps are read again; the kubelet does it about as often. */
const REFRESH_MS = 60_000;
/** The kubelet renews a token when four fifths of its time have passed. */
const RENEW_AT = 0.8;

/**
 * Makes every volume of the pod, and keeps tokens and ConfigMaps new while it lives.
 * @throws Error naming the volume that cannot be made.
 */
export async function mountVolumes(options: VolumesOptions): Promise<Volumes> {
  const renewals: Renewals = { timers: new Set(), over: false };
  const folders = new Map<string, string>();
  const stop = () => {
    renewals.over = true;
    for (const timer of renewals.timers) clearTimeout(timer);
    for (const folder of [options.volatileFolder, options.diskFolder]) rmSync(folder, { recursive: true, force: true });
  };
  try {
    for (const volume of options.pod.spec.volumes ?? []) {
      folders.set(volume.name, await mountVolume(options, volume, renewals));
    }
  } catch (error) {
    stop();
    throw error;
  }
  return {
    folder: (name) => {
      const folder = folders.get(name);
      if (folder === undefined)
        throw new Error(`${describePod(options.pod)} mounts the volume ${name}, which it has not.`);
      return folder;
    },
    stop,
  };
}

/** What a pod's volumes wait for. */
interface Renewals {
  readonly timers: Set<NodeJS.Timeout>;
  /** The volumes are gone: what is still being read must not bring them back. */
  over: boolean;
}

async function mountVolume(options: VolumesOptions, volume: V1Volume, renewals: Renewals): Promise<string> {
  const volatileFolder = join(options.volatileFolder, volume.name);
  if (volume.emptyDir) return ownFolder(options, volume);
  const source = sourceOf(options, volume);
  if (!source) {
    throw new Error(
      `The volume ${volume.name} is of a kind that this machine does not mount: emptyDir, configMap, secret, projected, downwardAPI and the Secrets Store driver's are.`,
    );
  }
  const fill = async () => {
    const { files, again } = await source();
    if (renewals.over) return;
    writeAtomically(volatileFolder, files);
    if (again !== undefined) later(again);
  };
  const later = (milliseconds: number) => {
    const timer = setTimeout(() => {
      renewals.timers.delete(timer);
      fill().catch((error: unknown) => {
        if (renewals.over) return;
        options.log(
          `${describePod(options.pod)}: the volume ${volume.name} was not renewed: ${(error as Error).message}`,
        );
        later(10_000);
      });
    }, milliseconds);
    renewals.timers.add(timer);
  };
  await fill();
  return volatileFolder;
}

/** An empty folder for everybody in the pod; in memory where the pod says so. */
function ownFolder({ volatileFolder, diskFolder }: VolumesOptions, { name, emptyDir }: V1Volume): string {
  const folder = join(emptyDir?.medium === "Memory" ? volatileFolder : diskFolder, name);
  mkdirSync(folder, { recursive: true, mode: 0o777 });
  chmodSync(folder, 0o777);
  return folder;
}

interface Filled {
  readonly files: readonly VolumeFile[];
  /** Milliseconds until it is read again. */
  readonly again?: number;
}

function sourceOf(options: VolumesOptions, volume: V1Volume): (() => Promise<Filled>) | undefined {
  const { configMap, secret, projected, downwardAPI, csi } = volume;
  if (csi?.driver === SECRETS_STORE) return async () => ({ files: await vaultSecrets(options, volume) });
  if (projected) {
    return () => projection(options, projected.sources ?? [], projected.defaultMode ?? 0o644);
  }
  const mode = configMap?.defaultMode ?? secret?.defaultMode ?? downwardAPI?.defaultMode;
  const source: V1VolumeProjection | undefined = configMap
    ? { configMap }
    : secret
      ? { secret: { name: secret.secretName, items: secret.items, optional: secret.optional } }
      : downwardAPI
        ? { downwardAPI }
        : undefined;
  return source === undefined ? undefined : () => projection(options, [source], mode ?? 0o644);
}

async function vaultSecrets({ vault, pod }: VolumesOptions, { csi }: V1Volume): Promise<VolumeFile[]> {
  const className = csi?.volumeAttributes?.secretProviderClass ?? "";
  const files = await vault.files(pod, className);
  return Object.entries(files).map(([path, content]) => ({ path, content, mode: SECRET_MODE }));
}

async function projection(
  options: VolumesOptions,
  sources: readonly V1VolumeProjection[],
  mode: number,
): Promise<Filled> {
  const files: VolumeFile[] = [];
  const renewals: number[] = [];
  for (const { configMap, secret, downwardAPI, serviceAccountToken: token } of sources) {
    if (configMap) files.push(...(await entries(options, "configmaps", configMap, mode)));
    if (secret) files.push(...(await entries(options, "secrets", secret, SECRET_MODE)));
    for (const { path, fieldRef } of downwardAPI?.items ?? []) {
      files.push({ path, content: fieldOf(options.pod, fieldRef?.fieldPath ?? ""), mode });
    }
    if (token) {
      const asked: TokenRequest = { audience: token.audience, seconds: token.expirationSeconds ?? 3600 };
      const issued = await serviceAccountToken(options.client, options.pod, asked);
      files.push({ path: token.path, content: issued.token, mode: SECRET_MODE });
      renewals.push(Math.max(1_000, (issued.expires - Date.now()) * RENEW_AT));
    }
  }
  // What stands beside a token, such as the cluster's certificate, is read again with it.
  return { files, again: renewals.length > 0 ? Math.min(...renewals) : REFRESH_MS };
}

interface Entries {
  readonly name?: string;
  readonly items?: readonly V1KeyToPath[];
  readonly optional?: boolean;
}

/** The entries of a ConfigMap or Secret as files; all, or those that are named. */
async function entries(
  { client, pod }: VolumesOptions,
  kind: "configmaps" | "secrets",
  { name = "", items, optional = false }: Entries,
  mode: number,
): Promise<VolumeFile[]> {
  const { namespace } = pod.metadata;
  const found = await client.find<{ data?: Record<string, string>; binaryData?: Record<string, string> }>(
    `/api/v1/namespaces/${namespace}/${kind}/${name}`,
  );
  if (!found) {
    if (optional) return [];
    throw new Error(`${kind === "secrets" ? "Secret" : "ConfigMap"} ${namespace}/${name} is not there.`);
  }
  const decode = (text: string) => Buffer.from(text, "base64");
  const all = new Map<string, string | Buffer>([
    ...Object.entries(found.data ?? {}).map(([key, text]) => [key, kind === "secrets" ? decode(text) : text] as const),
    ...Object.entries(found.binaryData ?? {}).map(([key, text]) => [key, decode(text)] as const),
  ]);
  const wanted = items ?? [...all.keys()].map((key) => ({ key, path: key, mode: undefined }));
  return wanted.map((item) => {
    const content = all.get(item.key);
    if (content === undefined) throw new Error(`${namespace}/${name} has no entry ${item.key}.`);
    return { path: item.path, content, mode: item.mode ?? mode };
  });
}

/** A field of the pod that it may learn of itself. @throws Error for one that the downward API does not have. */
export function fieldOf(pod: Pod, path: string, ip = ""): string {
  const { metadata, spec } = pod;
  const labels = /^metadata\.(labels|annotations)\['(.+)'\]$/.exec(path);
  if (labels) return metadata[labels[1] as "labels" | "annotations"]?.[labels[2] ?? ""] ?? "";
  const fields: Readonly<Record<string, string>> = {
    "metadata.name": metadata.name,
    "metadata.namespace": metadata.namespace,
    "metadata.uid": metadata.uid,
    "spec.nodeName": spec.nodeName ?? "",
    "spec.serviceAccountName": spec.serviceAccountName ?? "default",
    "status.podIP": ip,
  };
  const value = fields[path];
  if (value === undefined) throw new Error(`The field ${path} is none that a pod can be told.`);
  return value;
}
