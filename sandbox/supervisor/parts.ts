import { createHash } from "node:crypto";
import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { type Cluster, startCluster } from "../cluster/index.ts";
import { createArmApp } from "../emulator/arm/app.ts";
import { createBlobApp } from "../emulator/blob/app.ts";
import { contentsInUse, folderContents } from "../emulator/blob/contents.ts";
import { databricksHosts } from "../emulator/databricks/app.ts";
import { createGraphApp } from "../emulator/graph/app.ts";
import { createIssuerApp } from "../emulator/issuer.ts";
import { partnerHosts } from "../emulator/partner/hosts.ts";
import { deployerClientId, seedDirectory } from "../emulator/seed.ts";
import { startEmulator } from "../emulator/server.ts";
import { emptyDirectory, fileStore } from "../emulator/store.ts";
import { createVaultApp } from "../emulator/vault/app.ts";
import { openAuthority } from "../network/authority.ts";
import { startProxy } from "../network/proxy.ts";
import { startProviders } from "../providers/index.ts";
import { createKubernetesProvider } from "../providers/kubernetes/index.ts";
import type { PropertyMap } from "../providers/protocol/types.ts";
import { localSecret, partnerSecretName } from "../secrets.ts";
import type { ControlHandler } from "./control-server.ts";
import type { SupervisorRecord } from "./record.ts";
import type { SandboxRequest } from "./request.ts";
import { proxyRoutes } from "./routes.ts";

/** Everything that runs, what the commands have to know of it, and what they may ask. */
export interface RunningParts {
  readonly record: Pick<SupervisorRecord, "proxy" | "caFile" | "kubeconfig" | "providers" | "children">;
  readonly handlers: Readonly<Record<string, ControlHandler>>;
  stop(): Promise<void>;
}

/** Starts the parts in the order in which they need each other; the control plane, the slowest, beside the others. */
export async function startParts(request: SandboxRequest, log: (text: string) => void): Promise<RunningParts> {
  const stops: (() => Promise<void>)[] = [];
  const stop = async () => {
    for (const end of stops.splice(0).reverse()) await end();
  };
  try {
    return { ...(await startInOrder(request, log, stops)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startInOrder(
  request: SandboxRequest,
  log: (text: string) => void,
  stops: (() => Promise<void>)[],
): Promise<Omit<RunningParts, "stop">> {
  const { layout, toolchain, tenantId, subscriptionId, issuer } = request;
  const appendTo = (name: string) => (entry: unknown) =>
    appendFileSync(join(layout.logs, name), `${JSON.stringify(entry)}\n`, { mode: 0o600 });
  const authority = await openAuthority(layout.network);
  const starting: Promise<Cluster> = startCluster({
    folder: layout.cluster,
    logs: layout.logs,
    toolchain,
    authority,
    issuer,
    log,
    // A sandbox without its control plane is none: the supervisor ends, and the next command starts everything anew.
    onDeath: (death) => {
      log(death.message);
      process.kill(process.pid, "SIGTERM");
    },
  });
  // Whoever waits for it below hears of its failure.
  starting.catch(() => {});
  stops.push(async () => (await starting.catch(() => undefined))?.stop());

  const deployer = { clientId: deployerClientId(tenantId), clientSecret: localSecret(layout, "deployer").value };
  const store = fileStore(join(layout.emulator, "directory.json"), () =>
    emptyDirectory(tenantId, [...request.domains]),
  );
  const seed = ({ people, groups, home }: Pick<SandboxRequest, "people" | "groups" | "home">) =>
    seedDirectory(store, {
      people,
      groups,
      home,
      deployer: {
        clientId: deployer.clientId,
        secretHash: createHash("sha256").update(deployer.clientSecret).digest("hex"),
        // The second because the official provider deletes vault secrets where they are held.
        roles: ["Owner", "Key Vault Secrets Officer"],
      },
      subscriptionId,
    });
  seed(request);
  const emulator = await startEmulator({
    folder: layout.emulator,
    store,
    authority,
    hosts: (context) => ({
      "graph.microsoft.com": createGraphApp(context),
      "management.azure.com": createArmApp(context),
      "*.vault.azure.net": createVaultApp(context),
      "*.blob.core.windows.net": createBlobApp(
        context,
        folderContents(join(layout.emulator, "blobs"), contentsInUse(store.data)),
      ),
      ...databricksHosts(context),
      [new URL(issuer).hostname]: createIssuerApp(issuer, async (path) => (await starting).document(path)),
    }),
    log: appendTo("requests.log"),
  });
  stops.push(() => emulator.close());
  const partners = partnerHosts({
    folder: layout.emulator,
    secretOf: (partner, tool) => localSecret(layout, partnerSecretName(partner, tool)).value,
    now: () => new Date(),
  });
  const servePartners = async (asked: Pick<SandboxRequest, "partners">) =>
    emulator.serve(await partners.update(asked.partners));
  await servePartners(request);
  const routes = proxyRoutes();
  const proxy = await startProxy({
    // Whoever stands between a tool and Entra is asked before the emulator.
    routes: (host, port) => routes.route(host, port) ?? emulator.route(host, port),
    log: appendTo("proxy.log"),
  });
  stops.push(() => proxy.close());
  const cluster = await starting;
  const kubernetes = createKubernetesProvider({ kubeconfigFile: cluster.kubeconfigFile });
  stops.push(() => kubernetes.close());
  const providers = await startProviders({
    proxyUrl: proxy.url,
    caFile: authority.caFile,
    tenantId,
    subscriptionId,
    deployer,
    others: [kubernetes],
  });
  stops.push(() => providers.close());
  return {
    record: {
      proxy: proxy.url,
      caFile: authority.caFile,
      kubeconfig: cluster.kubeconfigFile,
      children: cluster.processes,
      providers: Object.fromEntries(providers.served.map(({ name, port }) => [name, port])),
    },
    handlers: {
      "POST /seed": async (body) => {
        seed(body as SandboxRequest);
        await servePartners(body as SandboxRequest);
      },
      "POST /routes": (body) => routes.replace(body),
      "POST /find": async (body) => {
        const { type, urn, inputs } = body as { type: string; urn: string; inputs: PropertyMap };
        const [packageName = ""] = type.split(":");
        return { id: await providers.implementations.get(packageName)?.find({ type, urn }, inputs) };
      },
    },
  };
}
