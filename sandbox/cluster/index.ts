import { chmodSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Authority } from "../network/authority.ts";
import type { Toolchain } from "../toolchain/index.ts";
import { Children, type NamedProcess, ProcessDied, stopRecorded } from "./children.ts";
import { KubernetesClient } from "./client.ts";
import {
  apiServerCommand,
  controllerManagerCommand,
  etcdCommand,
  kwokCommand,
  type Ports,
  schedulerCommand,
} from "./commands.ts";
import { type Credentials, prepareCredentials } from "./credentials.ts";
import { furnish } from "./furnish.ts";
import { readKubeconfig } from "./kubeconfig.ts";
import { freePorts } from "./ports.ts";

export type { NamedProcess } from "./children.ts";
export { readRecorded, stopRecorded } from "./children.ts";
export { serviceAccountToken } from "./token.ts";

export interface ClusterOptions {
  /** Private folder of the cluster: etcd's data, keys, kubeconfig, `logs/`, `processes.json`. */
  readonly folder: string;
  readonly toolchain: Toolchain;
  readonly authority: Authority;
  /** Service-account issuer as tokens name it, character by character: AKS' own end with a slash. */
  readonly issuer: string;
  /** Where logs go. Default: `logs` in the folder. */
  readonly logs?: string;
  readonly log?: (line: string) => void;
  /** A process of the running cluster ended by itself. Default: it is logged. */
  readonly onDeath?: (death: Error) => void;
}

/** A running control plane. */
export interface Cluster {
  /** `https://127.0.0.1:port` */
  readonly server: string;
  readonly port: number;
  /** An administrator's, mode 0600; written anew at each start because ports change. */
  readonly kubeconfigFile: string;
  readonly caFile: string;
  readonly processes: readonly NamedProcess[];
  /** A document of the issuer, for example `/.well-known/openid-configuration` or `/openid/v1/jwks`. */
  document(path: string): Promise<{ status: number; body: unknown }>;
  /** Ends every process within about 10 seconds; the state stays. */
  stop(): Promise<void>;
}

/** File in the cluster's folder that `stopRecorded` reads. */
export const PROCESS_RECORD = "processes.json";

const ATTEMPTS = 3;

/**
 * Starts etcd, the API server, its controllers, its scheduler and kwok, and brings in the node and the definitions. What an
 * earlier, dead supervisor left running in the folder is ended first. State of an earlier start is kept.
 * @throws Error with the last log lines of the part that failed.
 */
export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  if (!/^https:\/\/[^\s?#]+$/.test(options.issuer)) {
    throw new Error(
      `The cluster's issuer is "${options.issuer}": it must be an https address without query or fragment.`,
    );
  }
  const logs = options.logs ?? join(options.folder, "logs");
  for (const folder of [options.folder, logs, join(options.folder, "etcd")]) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    chmodSync(folder, 0o700);
  }
  await stopRecorded(join(options.folder, PROCESS_RECORD));
  for (let attempt = 1; ; attempt++) {
    try {
      return await startOnce(options, logs);
    } catch (error) {
      const taken = error instanceof ProcessDied && error.portTaken;
      if (!taken || attempt === ATTEMPTS) throw error;
      options.log?.("another program took a port first: trying again with others");
    }
  }
}

async function startOnce(options: ClusterOptions, logs: string): Promise<Cluster> {
  const { folder, toolchain, issuer } = options;
  const log = options.log ?? (() => {});
  const [etcd = 0, etcdPeer = 0, apiServer = 0] = await freePorts(3);
  const ports: Ports = { etcd, etcdPeer, apiServer };
  const server = `https://127.0.0.1:${apiServer}`;
  const credentials = await prepareCredentials(folder, options.authority, server);

  let starting = true;
  let failStart: (death: ProcessDied) => void = () => {};
  const deathWhileStarting = new Promise<never>((_, reject) => {
    failStart = reject;
  });
  // Nobody may be waiting for it any more when it is rejected.
  deathWhileStarting.catch(() => {});
  const children = new Children({
    recordFile: join(folder, PROCESS_RECORD),
    logs,
    onDeath: (death) => {
      if (starting) failStart(death);
      else if (options.onDeath) options.onDeath(death);
      else log(death.message);
    },
  });
  const client = new KubernetesClient(readKubeconfig(readFileSync(credentials.kubeconfigs.admin, "utf8")));
  try {
    log("starting etcd and kube-apiserver");
    children.start(etcdCommand(toolchain, folder, credentials, ports));
    children.start(apiServerCommand(toolchain, credentials, ports, issuer));
    await Promise.race([deathWhileStarting, bringUp(client, children, toolchain, credentials, log)]);
    starting = false;
  } catch (error) {
    await client.close();
    await children.stop();
    throw error;
  }
  return {
    server,
    port: apiServer,
    kubeconfigFile: credentials.kubeconfigs.admin,
    caFile: credentials.caFile,
    processes: children.processes,
    document: (path) => client.send("GET", path, { timeoutMs: 10_000 }),
    async stop() {
      await client.close();
      await children.stop();
    },
  };
}

async function bringUp(
  client: KubernetesClient,
  children: Children,
  toolchain: Toolchain,
  credentials: Credentials,
  log: (line: string) => void,
): Promise<void> {
  await waitFor(
    "the API server",
    60_000,
    log,
    async () => (await client.send("GET", "/readyz", { timeoutMs: 2_000 })).status === 200,
  );
  log("API server ready, starting kube-controller-manager, kube-scheduler and kwok");
  children.start(controllerManagerCommand(toolchain, credentials));
  children.start(schedulerCommand(toolchain, credentials));
  children.start(kwokCommand(toolchain, credentials));
  await furnish(client, toolchain.crdFiles);
  await waitFor("the node", 60_000, log, () => nodeReady(client));
  // Without it no pod can be made: admission asks for the namespace's own account.
  await waitFor(
    "the controllers",
    60_000,
    log,
    async () => (await client.find("/api/v1/namespaces/default/serviceaccounts/default")) !== undefined,
  );
}

async function nodeReady(client: KubernetesClient): Promise<boolean> {
  const { items } = await client.request<{ items: { status?: { conditions?: { type: string; status: string }[] } }[] }>(
    "GET",
    "/api/v1/nodes",
  );
  return items.some((node) =>
    node.status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True"),
  );
}

/** Asks every 100 ms; says every 5 s that it still waits. A refused connection counts as "not yet". */
async function waitFor(
  what: string,
  timeoutMs: number,
  log: (line: string) => void,
  ready: () => Promise<boolean>,
): Promise<void> {
  const started = Date.now();
  let said = started;
  while (!(await ready().catch(() => false))) {
    const now = Date.now();
    if (now - started > timeoutMs)
      throw new Error(`${what} was not ready within ${timeoutMs / 1000} s: its log is in the sandbox's logs folder.`);
    if (now - said >= 5_000) {
      log(`waiting for ${what}… ${Math.round((now - started) / 1000)} s`);
      said = now;
    }
    await delay(100);
  }
}
