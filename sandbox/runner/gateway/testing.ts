import { mkdtempSync, rmSync } from "node:fs";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ConnectionOptions, connect as tlsConnect } from "node:tls";
import type { KubernetesObject } from "../../cluster/client.ts";
import { type Authority, openAuthority } from "../../network/authority.ts";
import { type Gateway, type GatewayOptions, startGateway } from "./gateway.ts";

export const HOST = "superset.data.contoso.com";

/** A rule as `components/kubernetes/route.ts` writes it. */
export function deployedRule(changes: Record<string, unknown> = {}) {
  return {
    matches: [{ path: { type: "PathPrefix", value: "/" } }],
    filters: [
      {
        type: "RequestHeaderModifier",
        requestHeaderModifier: {
          set: [
            { name: "X-Forwarded-Proto", value: "https" },
            { name: "X-Forwarded-Host", value: HOST },
          ],
          remove: ["X-Forwarded-Prefix", "X-Forwarded-User", "Remote-User"],
        },
      },
      {
        type: "ResponseHeaderModifier",
        responseHeaderModifier: { set: [{ name: "Strict-Transport-Security", value: "max-age=63072000" }] },
      },
    ],
    timeouts: { request: "120s" },
    backendRefs: [{ group: "", kind: "Service", name: "superset", port: 8088, weight: 1 }],
    ...changes,
  };
}

let version = 0;

/** An HTTPRoute as the API server gives it. */
export function httpRoute(rules: unknown, changes: { hostnames?: string[]; name?: string; created?: string } = {}) {
  const { hostnames = [HOST], name = "superset", created = "2026-11-28T10:00:00Z" } = changes;
  version += 1;
  return {
    metadata: { name, namespace: "bi", uid: name, resourceVersion: String(version), creationTimestamp: created },
    spec: { parentRefs: [{ name: "public", namespace: "gateways" }], hostnames, rules },
  } satisfies KubernetesObject;
}

/** Everything that a test started, ended in the opposite order. */
export function cleanup(): { add(end: () => unknown): void; run(): Promise<void> } {
  const ends: (() => unknown)[] = [];
  return {
    add: (end) => ends.push(end),
    run: async () => {
      for (const end of ends.splice(0).reverse()) await end();
    },
  };
}

/** A pod that speaks bytes: it keeps what it hears and answers what the test says. */
export interface FakePod {
  readonly port: number;
  /** All that was heard on each connection, oldest first. */
  readonly heard: string[];
  readonly sockets: Socket[];
}

export async function fakePod(
  ends: { add(end: () => unknown): void },
  answer: (socket: Socket, heard: string) => void,
): Promise<FakePod> {
  const pod: { port: number; heard: string[]; sockets: Socket[] } = { port: 0, heard: [], sockets: [] };
  const server: Server = createServer((socket) => {
    const index = pod.sockets.push(socket) - 1;
    pod.heard[index] = "";
    socket.on("error", () => socket.destroy());
    socket.on("data", (chunk) => {
      pod.heard[index] += chunk.toString("latin1");
      answer(socket, pod.heard[index] ?? "");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  pod.port = (server.address() as AddressInfo).port;
  ends.add(() => {
    for (const socket of pod.sockets) socket.destroy();
    return new Promise((resolve) => server.close(resolve));
  });
  return pod;
}

/** Answers each request, once its head is there, with 200 and the body "fine". */
export function fine(socket: Socket, heard: string): void {
  if (heard.includes("\r\n\r\n")) socket.end("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfine");
}

export interface Playground extends Gateway {
  /** What the API server answers; tests change it. */
  readonly routes: KubernetesObject[];
  readonly log: Record<string, unknown>[];
  readonly hosts: (readonly string[])[];
  readonly connected: string[];
  readonly authority: Authority;
}

/** A gateway before a fake API server, whose every Service leads to one port (undefined: to nobody). */
export async function playground(
  ends: { add(end: () => unknown): void },
  routes: KubernetesObject[],
  podPort: number | undefined,
  options: Partial<GatewayOptions> = {},
): Promise<Playground> {
  const folder = mkdtempSync(join(tmpdir(), "entrada-gateway-"));
  ends.add(() => rmSync(folder, { recursive: true, force: true }));
  const authority = await openAuthority(folder);
  const seen = { log: [] as Record<string, unknown>[], hosts: [] as (readonly string[])[], connected: [] as string[] };
  const gateway = await startGateway({
    client: { request: async <T>() => ({ items: routes }) as T },
    authority,
    connect: async (...asked) => {
      seen.connected.push(asked.join("/"));
      return podPort === undefined ? undefined : connect(podPort, "127.0.0.1");
    },
    onHosts: async (hosts) => void seen.hosts.push(hosts),
    log: (entry) => seen.log.push(entry as Record<string, unknown>),
    everyMs: 20,
    ...options,
  });
  ends.add(() => gateway.close());
  return { ...gateway, ...seen, routes, authority };
}

/** Sends bytes over TLS and reads until the text has what is waited for, or the connection ends. */
export function raw(
  { port, authority }: Pick<Playground, "port" | "authority">,
  bytes: string,
  until = "\0",
  options: ConnectionOptions = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    const socket = tlsConnect(
      { port, host: "127.0.0.1", servername: HOST, ca: authority.caPem, ...options },
      () => void socket.write(bytes, "latin1"),
    );
    socket.on("data", (chunk) => {
      text += chunk.toString("latin1");
      if (text.includes(until)) socket.destroy();
    });
    socket.once("error", reject);
    socket.once("close", () => resolve(text));
  });
}

/** One GET that asks the gateway to end the connection. */
export function get(path: string, headers: readonly string[] = [], host = HOST): string {
  return [`GET ${path} HTTP/1.1`, `Host: ${host}`, "Connection: close", ...headers, "", ""].join("\r\n");
}

/** Waits until something holds. */
export async function until(holds: () => boolean): Promise<void> {
  const end = Date.now() + 10_000;
  while (!holds()) {
    if (Date.now() > end) throw new Error("It did not come true within 10 s.");
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
