import { appendFileSync, readFileSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { KubernetesClient } from "../cluster/client.ts";
import { readKubeconfig } from "../cluster/kubeconfig.ts";
import { deployerClientId } from "../emulator/seed.ts";
import { openAuthority } from "../network/authority.ts";
import { proxiedHttp } from "../providers/http/http.ts";
import { clientCredentials } from "../providers/http/token.ts";
import { localSecret } from "../secrets.ts";
import { control } from "../supervisor/control-client.ts";
import { ensureSystemProgram } from "../toolchain/system-program.ts";
import { createStores } from "./data/stores.ts";
import { DoneJobs } from "./done-jobs.ts";
import { startGateway } from "./gateway/gateway.ts";
import { knownImage } from "./images.ts";
import { Kubelet } from "./kubelet.ts";
import { startKubeletServer } from "./kubelet-server.ts";
import { RUNNER_NODE, startNode } from "./node.ts";
import { operatorVault } from "./operator-vault.ts";
import type { NodeServices } from "./pod/node-services.ts";
import { reachableFrom } from "./reachable.ts";
import { releaseCluster } from "./release.ts";
import type { RunnerRequest } from "./request.ts";
import { makeRuntimeFolder } from "./runtime-folder.ts";
import { serviceEndpoints } from "./services.ts";
import { Tools } from "./tools.ts";
import { vaultReader } from "./vault-files.ts";

/** Name under which the runner brings its hosts to the sandbox's proxy. */
const ROUTES_OWNER = "runner";
/** Host of the cluster's API as pods know it. */
const API_HOST = "kubernetes.default.svc";

export interface RunnerParts {
  readonly tools: Tools;
  stop(): Promise<void>;
}

/** Starts the runner's parts in the order in which they need each other. */
export async function startRunnerParts(request: RunnerRequest, log: (line: string) => void): Promise<RunnerParts> {
  const stops: (() => Promise<void> | void)[] = [];
  const stop = () => endInOrder(stops, log);
  try {
    return { tools: await startInOrder(request, log, stops), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Ends what was started, the last one first, each once. One that does not end leaves the others to be ended all the same. */
export async function endInOrder(stops: (() => Promise<void> | void)[], log: (line: string) => void): Promise<void> {
  for (const end of stops.splice(0).reverse()) {
    try {
      await end();
    } catch (error) {
      log(`while stopping: ${(error as Error).message}`);
    }
  }
}

async function startInOrder(
  { layout, sandbox, keyVault }: RunnerRequest,
  log: (line: string) => void,
  stops: (() => Promise<void> | void)[],
): Promise<Tools> {
  const bwrap = await ensureSystemProgram(
    { program: "bwrap", package: "bubblewrap", purpose: "runs the tools' containers" },
    { log },
  );
  const nsenter = await ensureSystemProgram(
    { program: "nsenter", package: "util-linux", purpose: "joins a pod's containers" },
    { log },
  );
  const runtime = makeRuntimeFolder(layout);
  const data = join(layout.root, "data");
  const disk = join(layout.root, "pods");
  await mkdir(data, { recursive: true, mode: 0o700 });
  await rm(disk, { recursive: true, force: true });
  const access = readKubeconfig(readFileSync(sandbox.kubeconfig, "utf8"));
  const client = new KubernetesClient(access);
  stops.push(() => client.close());
  const { http, close } = proxiedHttp({ proxyUrl: sandbox.proxy, caFile: sandbox.caFile });
  stops.push(close);
  const authority = await openAuthority(layout.network);
  // What a runner that was killed has left there.
  await releaseCluster(client);
  stops.push(() => releaseCluster(client));

  const stores = createStores({
    folder: data,
    runtime: join(runtime, "d"),
    logs: layout.logs,
    authority,
    bwrap,
    readSecret: operatorVault(http, deployerToken(), keyVault),
    log,
  });
  stops.push(() => stores.stop());

  let addresses = 0;
  const toService = async (namespace: string, service: string, port: number): Promise<Socket | undefined> => {
    const [endpoint] = await serviceEndpoints(client, namespace, service, port, RUNNER_NODE);
    return endpoint === undefined ? undefined : kubelet.at(endpoint.ip)?.dial(endpoint.port);
  };
  const apiServer = new URL(access.server);
  const node: NodeServices = {
    client,
    vault: vaultReader(client, http),
    image: knownImage,
    bwrap,
    nsenter,
    runtime,
    disk,
    logs: join(layout.logs, "pods"),
    caPem: authority.caPem,
    proxy: sandbox.proxy,
    apiHost: API_HOST,
    reachable: (namespace) =>
      reachableFrom(client, namespace, {
        stores,
        toService,
        api: { host: API_HOST, connect: async () => connect(Number(apiServer.port), apiServer.hostname) },
      }),
    nextAddress: () => {
      addresses += 1;
      return `10.244.${Math.floor(addresses / 250)}.${(addresses % 250) + 1}`;
    },
    log,
  };
  const kubelet = new Kubelet(client, node);
  const gateway = await startGateway({
    client,
    authority,
    connect: toService,
    onHosts: (hosts, port) =>
      control(sandbox, "POST", "/routes", {
        owner: ROUTES_OWNER,
        routes: Object.fromEntries(hosts.map((host) => [host, port])),
      }).then(() => {}),
    log: (entry) => appendFileSync(join(layout.logs, "gateway.log"), `${JSON.stringify(entry)}\n`, { mode: 0o600 }),
  });
  stops.push(async () => {
    await gateway.close();
    // The supervisor may have ended first.
    await control(sandbox, "POST", "/routes", { owner: ROUTES_OWNER, routes: {} }).catch(() => {});
  });
  const server = await startKubeletServer(authority, {
    find: (namespace, name, container, previous) => kubelet.called(namespace, name)?.logOf(container, previous),
  });
  stops.push(() => server.close());
  const heart = await startNode(client, { kubeletPort: server.port, log });
  stops.push(() => heart.stop());
  kubelet.start();
  stops.push(() => kubelet.stop());
  const tools = new Tools({ client, kubelet, stores, done: new DoneJobs(data), log });
  stops.push(() => tools.close());
  return tools;

  function deployerToken() {
    const credentials = {
      tenantId: sandbox.tenantId,
      clientId: deployerClientId(sandbox.tenantId),
      clientSecret: localSecret(layout, "deployer").value,
    };
    return clientCredentials(http, credentials, "https://vault.azure.net");
  }
}
