import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { getRequestListener } from "@hono/node-server";
import { type Authority, certificateNeedsRenewal } from "../network/authority.ts";
import type { EmulatorContext } from "./context.ts";
import { createEntraApp } from "./entra/app.ts";
import { createAuthenticate } from "./entra/authenticate.ts";
import { openSigningKeys } from "./entra/keys.ts";
import { dispatch, findHost, type Hosts } from "./hosts.ts";
import { openSeal } from "./seal.ts";
import type { Store } from "./store.ts";

/** One answered request. Bodies, queries and headers are left out: tokens and secrets travel there. */
export interface RequestLogEntry {
  readonly time: string;
  readonly method: string;
  readonly host: string;
  readonly path: string;
  readonly status: number;
}

export interface EmulatorOptions {
  /** Private folder for the signing keys and the seal key. */
  readonly folder: string;
  readonly store: Store;
  readonly authority: Authority;
  /** The hosts beside login.microsoftonline.com: Graph, Azure Resource Manager, `*.vault.azure.net`, the cluster's issuer. */
  readonly hosts: (context: EmulatorContext) => Hosts;
  readonly log: (entry: RequestLogEntry) => void;
  /** Port on 127.0.0.1. Default: a free one. */
  readonly port?: number;
  /** Default: the system clock. */
  readonly now?: () => Date;
  /** How Entra reads public documents. Default: from the emulator's own hosts, and from nowhere else. */
  readonly fetchPublic?: EmulatorContext["fetchPublic"];
}

export interface Emulator {
  readonly port: number;
  readonly context: EmulatorContext;
  /** Where the proxy finds a host of the emulator; undefined for any other host or port. */
  route(host: string, port: number): { host: string; port: number } | undefined;
  /**
   * Serves these hosts beside its own from now on, in place of those of the call before: what the settings name and may
   * change while the emulator runs. Throws for a host that is already its own.
   */
  serve(more: Hosts): Promise<void>;
  close(): Promise<void>;
}

const LOGIN_HOST = "login.microsoftonline.com";
const HTTPS_PORT = 443;
const RENEWAL_CHECK = 12 * 3_600_000;

/** Starts every host of the emulator behind one HTTPS server on loopback. */
export async function startEmulator(options: EmulatorOptions): Promise<Emulator> {
  const { context, hosts } = await createHosts(options);
  const own = { ...hosts };
  const issue = () =>
    options.authority.issue({ commonName: LOGIN_HOST, dnsNames: Object.keys(hosts), ipAddresses: [] });
  let leaf = await issue();
  const answer = async (request: Request) => {
    const { hostname, pathname } = new URL(request.url);
    const response = await dispatch(hosts, request);
    const time = context.now().toISOString();
    options.log({ time, method: request.method, host: hostname, path: pathname, status: response.status });
    return response;
  };
  const server = createServer(
    { cert: leaf.certPem, key: leaf.keyPem, minVersion: "TLSv1.2" },
    getRequestListener(answer, { overrideGlobalObjects: false }),
  );
  const renew = async () => {
    leaf = await issue();
    server.setSecureContext({ cert: leaf.certPem, key: leaf.keyPem });
  };
  const renewal = setInterval(async () => {
    if (certificateNeedsRenewal(leaf.certPem, context.now())) await renew();
  }, RENEWAL_CHECK);
  renewal.unref();
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port ?? 0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    port,
    context,
    route: (host, wanted) =>
      wanted === HTTPS_PORT && findHost(hosts, host) !== undefined ? { host: "127.0.0.1", port } : undefined,
    serve: async (more) => {
      const taken = Object.keys(more).find((host) => findHost(own, host) !== undefined);
      if (taken !== undefined) throw new Error(`${taken} is a host that the sandbox plays already.`);
      const before = Object.keys(hosts).sort().join();
      for (const host of Object.keys(hosts)) if (!(host in own)) delete hosts[host];
      Object.assign(hosts, more);
      if (Object.keys(hosts).sort().join() !== before) await renew();
    },
    close: () =>
      new Promise<void>((resolve) => {
        clearInterval(renewal);
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function createHosts(
  options: EmulatorOptions,
): Promise<{ context: EmulatorContext; hosts: Record<string, Hosts[string]> }> {
  const now = options.now ?? (() => new Date());
  const keys = await openSigningKeys(options.folder);
  const { seal, open } = await openSeal(join(options.folder, "seal.key"));
  const hosts: Record<string, Hosts[string]> = {};
  const context: EmulatorContext = {
    store: options.store,
    now,
    authenticate: createAuthenticate(keys, options.store, now),
    seal,
    open,
    fetchPublic: options.fetchPublic ?? ((url) => fetchFromHosts(hosts, url)),
  };
  Object.assign(hosts, options.hosts(context), { [LOGIN_HOST]: createEntraApp(context, keys) });
  return { context, hosts };
}

/** The sandbox has no internet: what its hosts do not serve cannot be reached. */
async function fetchFromHosts(hosts: Hosts, url: string): Promise<{ status: number; body: unknown }> {
  if (findHost(hosts, new URL(url).hostname) === undefined) throw new Error(`${url} is not served in the sandbox.`);
  const response = await dispatch(hosts, new Request(url));
  return { status: response.status, body: await response.json() };
}
