import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { connect, createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { endProcess, identify } from "../../processes.ts";
import { joinSockets } from "../join-sockets.ts";
import { readInfo } from "./info.ts";

const RELAY = fileURLToPath(new URL("./relay.js", import.meta.url));

/** A name that a pod may connect to, and who answers outside. */
export interface Reachable {
  /** All names of it. @example ["superset", "superset.superset.svc.cluster.local"] */
  readonly names: readonly string[];
  readonly port: number;
  /** A connection to whoever answers now; undefined refuses the pod's. */
  readonly connect: () => Promise<Socket | undefined>;
}

export interface PodNetworkOptions {
  /** Folder of the pod's sockets; made here, and taken away at the end. */
  readonly folder: string;
  readonly bwrap: string;
  readonly hostname: string;
  /** The address that the pod is told and that `kubectl get pods` shows. It exists inside the runner alone. */
  readonly ip: string;
  /** Ports that the pod's containers declare. */
  readonly ports: readonly number[];
  readonly reachable: readonly Reachable[];
  /** The sandbox's way out, `http://127.0.0.1:port`. The pod finds it at the same address. */
  readonly proxy: string;
}

/** A pod's network: a Linux namespace of its own, where nothing is reachable but what it was given. */
export interface PodNetwork {
  readonly ip: string;
  /** Process that holds the namespaces, for those who join them. */
  readonly holder: number;
  /** Lines of the pod's /etc/hosts. */
  readonly hosts: readonly string[];
  /** A connection to one of the pod's declared ports; undefined for another one. */
  dial(port: number): Socket | undefined;
  stop(): Promise<void>;
}

/** Makes the namespace and connects it. @throws Error when the system does not let this user make one. */
export async function startPodNetwork(options: PodNetworkOptions): Promise<PodNetwork> {
  mkdirSync(options.folder, { recursive: true, mode: 0o700 });
  const into = options.ports.map((port) => ({ port, socket: join(options.folder, `in-${port}.sock`) }));
  const routes = addresses(options.reachable).map((entry, index) => ({
    ...entry,
    socket: join(options.folder, `out-${index}.sock`),
  }));
  const proxy = new URL(options.proxy);
  const proxyRoute = {
    address: "127.0.0.1",
    port: Number(proxy.port),
    socket: join(options.folder, "proxy.sock"),
    connect: async () => connect(Number(proxy.port), proxy.hostname),
  };
  const all = [...routes, proxyRoute];
  const servers = all.map(({ connect }) => outside(connect));
  let child: ChildProcess | undefined;
  const stop = async () => {
    if (child) await endChild(child);
    for (const server of servers) server.close();
    rmSync(options.folder, { recursive: true, force: true });
  };
  try {
    await Promise.all(all.map(({ socket }, index) => listen(servers[index], socket)));
    child = spawn(options.bwrap, [...arguments_(options.hostname), process.execPath, RELAY], {
      stdio: ["pipe", "pipe", "pipe", "pipe"],
      env: { PATH: "/usr/bin:/bin" },
    });
    const holder = await readInfo(child);
    await ready(child, { out: all.map(({ address, port, socket }) => ({ address, port, socket })), into });
    return {
      ip: options.ip,
      holder,
      hosts: [
        ...new Set(["127.0.0.1 localhost", ...routes.map(({ address, names }) => `${address} ${names.join(" ")}`)]),
      ],
      dial: (port) => {
        const found = into.find((entry) => entry.port === port);
        return found === undefined ? undefined : connect(found.socket);
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Each host its own loopback address for all of its ports, so that two hosts may have the same port. */
export function addresses<T extends Pick<Reachable, "names">>(reachable: readonly T[]): (T & { address: string })[] {
  const first = 2;
  const hosts = [...new Set(reachable.map(({ names }) => names.join(" ")))];
  return reachable.map((entry) => {
    const place = first + hosts.indexOf(entry.names.join(" "));
    return { ...entry, address: `127.0.${1 + Math.floor(place / 250)}.${(place % 250) + 1}` };
  });
}

function arguments_(hostname: string): string[] {
  return [
    ...["--unshare-user", "--uid", "0", "--gid", "0"],
    ...["--unshare-net", "--unshare-ipc", "--unshare-uts", "--hostname", hostname],
    // Ports below 1024 inside the namespace, and nothing else.
    ...["--cap-drop", "ALL", "--cap-add", "CAP_NET_BIND_SERVICE"],
    ...["--die-with-parent", "--dev-bind", "/", "/", "--info-fd", "3"],
  ];
}

/** The runner's end of a socket that the pod's relay connects to. */
function outside(target: () => Promise<Socket | undefined>): Server {
  return createServer({ allowHalfOpen: true, pauseOnConnect: true }, (client) => {
    client.on("error", () => client.destroy());
    target().then(
      (upstream) => (upstream === undefined ? client.destroy() : joinSockets(client, upstream)),
      () => client.destroy(),
    );
  });
}

function listen(server: Server | undefined, socket: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server?.on("error", reject);
    server?.listen(socket, () => resolve());
  });
}

function ready(child: ChildProcess, config: unknown): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = "";
    let complained = "";
    child.stderr?.on("data", (chunk) => {
      complained += chunk;
    });
    child.stdout?.on("data", (chunk) => {
      said += chunk;
      if (said === "ready\n") resolve();
    });
    child.once("close", () => reject(new Error(`The pod's network did not start: ${(complained || said).trim()}`)));
    child.stdin?.on("error", () => {});
    child.stdin?.write(`${JSON.stringify(config)}\n`);
  });
}

async function endChild(child: ChildProcess): Promise<void> {
  const identity = child.pid === undefined || child.exitCode !== null ? undefined : identify(child.pid);
  child.stdin?.end();
  if (identity) await endProcess(identity, 1_000);
}
