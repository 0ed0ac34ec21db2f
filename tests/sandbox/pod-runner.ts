import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { AppsV1Api, CoreV1Api, CustomObjectsApi, type V1PodSpec, type V1Volume } from "@kubernetes/client-node";
import { parse } from "yaml";
import { sandboxFetch } from "../../cli/sign-in/network.ts";
import { serviceAccountToken } from "../../sandbox/cluster/index.ts";
import type { TestSandbox } from "./harness.ts";
import { kubeConfig } from "./live.ts";

/** Which pod, and what cannot be on one machine as it is in a cluster. */
export interface PodOptions {
  readonly namespace: string;
  readonly deployment: string;
  /** Text → its replacement, in files, arguments and variables: addresses, ports, and what a test changes on purpose. */
  readonly replace: Readonly<Record<string, string>>;
  /** Further variables of the process. */
  readonly env: Readonly<Record<string, string>>;
}

/** A pod's container as a process of this machine. */
export interface RunningPod {
  /** What it has printed so far. */
  output(): string;
  /** The exit code, once it ended; null while it runs. */
  readonly exitCode: number | null;
  stop(): Promise<void>;
}

/**
 * Plays the kubelet for one pod of a deployed Deployment: its volumes (ConfigMaps, the vault's secrets, its service account's
 * token) become folders, and its command runs with its variables. Only places differ from the cluster.
 */
export async function runPod(sandbox: TestSandbox, options: PodOptions): Promise<RunningPod> {
  const apps = kubeConfig(sandbox).makeApiClient(AppsV1Api);
  const deployed = await apps.readNamespacedDeployment({ name: options.deployment, namespace: options.namespace });
  const pod = deployed.spec?.template.spec;
  const container = pod?.containers[0];
  if (!pod || !container) throw new Error(`${options.deployment} has no container.`);
  const root = mkdtempSync(join(tmpdir(), "entrada-pod-"));
  const folders = (container.volumeMounts ?? []).map(({ mountPath }) => [mountPath, join(root, mountPath)] as const);
  const missed = new Set(Object.keys(options.replace));
  const localized = (text: string): string =>
    [...Object.entries(options.replace), ...folders].reduce((now, [from, to]) => {
      if (now.includes(from)) missed.delete(from);
      return now.replaceAll(from, to);
    }, text);

  for (const { name, mountPath } of container.volumeMounts ?? []) {
    const volume = pod.volumes?.find((one) => one.name === name);
    const files = volume === undefined ? {} : await filesOf(sandbox, options.namespace, pod, volume);
    mkdirSync(join(root, mountPath), { recursive: true });
    for (const [file, content] of Object.entries(files)) {
      mkdirSync(dirname(join(root, mountPath, file)), { recursive: true });
      writeFileSync(join(root, mountPath, file), localized(content), { mode: 0o600 });
    }
  }
  const [command = "", ...args] = [...(container.command ?? []), ...(container.args ?? [])].map(localized);
  const own = Object.fromEntries((container.env ?? []).map(({ name, value }) => [name, localized(value ?? "")]));
  // A replacement that replaces nothing would leave a test that shows nothing.
  if (missed.size > 0) {
    rmSync(root, { recursive: true, force: true });
    throw new Error(`The pod says nowhere ${[...missed].join(", ")}.`);
  }
  const child = spawn(command, args, { cwd: root, env: { ...own, ...options.env }, stdio: ["ignore", "pipe", "pipe"] });
  return running(child, root);
}

function running(child: ChildProcess, root: string): RunningPod {
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (chunk) => {
      output += chunk;
    });
  }
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  return {
    output: () => output,
    get exitCode() {
      return child.exitCode;
    },
    stop: async () => {
      child.kill("SIGTERM");
      const insist = setTimeout(() => child.kill("SIGKILL"), 5_000);
      await ended;
      clearTimeout(insist);
      rmSync(root, { recursive: true, force: true });
    },
  };
}

/** File → content of a volume. */
async function filesOf(
  sandbox: TestSandbox,
  namespace: string,
  pod: V1PodSpec,
  volume: V1Volume,
): Promise<Record<string, string>> {
  if (volume.configMap?.name) {
    const core = kubeConfig(sandbox).makeApiClient(CoreV1Api);
    return (await core.readNamespacedConfigMap({ name: volume.configMap.name, namespace })).data ?? {};
  }
  const account = pod.serviceAccountName ?? "default";
  const projected = volume.projected?.sources?.[0]?.serviceAccountToken;
  if (projected) {
    const { audience = "", path } = projected;
    return { [path]: await serviceAccountToken(sandbox.record.kubeconfig, namespace, account, audience) };
  }
  const secretClass = volume.csi?.volumeAttributes?.secretProviderClass;
  return secretClass === undefined ? {} : vaultFiles(sandbox, namespace, account, secretClass);
}

interface SecretProviderClass {
  readonly spec: { readonly parameters: { keyvaultName: string; tenantID: string; clientID: string; objects: string } };
}

/** What the Secrets Store CSI driver would mount: the vault's secrets, read as the pod's managed identity. */
export async function vaultFiles(
  sandbox: TestSandbox,
  namespace: string,
  account: string,
  name: string,
): Promise<Record<string, string>> {
  const custom = kubeConfig(sandbox).makeApiClient(CustomObjectsApi);
  const group = { group: "secrets-store.csi.x-k8s.io", version: "v1", plural: "secretproviderclasses" };
  const found = (await custom.getNamespacedCustomObject({ ...group, namespace, name })) as SecretProviderClass;
  const { keyvaultName, tenantID, clientID, objects } = found.spec.parameters;
  const fetch = sandboxFetch(sandbox.record);
  const audience = "api://AzureADTokenExchange";
  const answer = await fetch(`https://login.microsoftonline.com/${tenantID}/oauth2/v2.0/token`, {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({
      grant_type: "client_credentials",
      client_id: clientID,
      client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
      client_assertion: await serviceAccountToken(sandbox.record.kubeconfig, namespace, account, audience),
      scope: "https://vault.azure.net/.default",
    }).toString(),
  });
  const { access_token: token } = (await answer.json()) as { access_token: string };
  const list = (parse(objects) as { array: string[] }).array.map(
    (item) => parse(item) as { objectName: string; objectAlias: string },
  );
  const files = list.map(async ({ objectName, objectAlias }) => {
    const url = `https://${keyvaultName}.vault.azure.net/secrets/${objectName}?api-version=7.5`;
    const secret = (await (await fetch(url, { headers: { authorization: `Bearer ${token}` } })).json()) as {
      value?: string;
    };
    if (secret.value === undefined) throw new Error(`${url} answers ${JSON.stringify(secret)}`);
    return [objectAlias, secret.value] as const;
  });
  return Object.fromEntries(await Promise.all(files));
}

/** Waits until the pod answers 200 at an address. @throws with what it printed when it ends or takes longer. */
export async function untilReady(pod: RunningPod, url: string, seconds = 30): Promise<void> {
  const until = Date.now() + seconds * 1000;
  while (Date.now() < until && pod.exitCode === null) {
    const status = await fetch(url).then(
      ({ status }) => status,
      () => 0,
    );
    if (status === 200) return;
    await delay(100);
  }
  throw new Error(`The pod is not ready; it said:\n${pod.output()}`);
}
