import { type IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import type { KubernetesClient } from "../../cluster/client.ts";
import type { Authority } from "../../network/authority.ts";
import { type Asked, answerRequest } from "./answer.ts";
import { certificates, NOBODY } from "./certificates.ts";
import { followRoutes } from "./follow.ts";
import { MAX_HEADER_BYTES } from "./forward.ts";

export interface GatewayOptions {
  readonly client: Pick<KubernetesClient, "request">;
  readonly authority: Pick<Authority, "issue">;
  /** A socket to a ready pod of a Service on the runner's node; undefined when there is none. */
  readonly connect: (namespace: string, service: string, port: number) => Promise<Socket | undefined>;
  /**
   * Called with the host names of the followed routes (`*.suffix` among them, where a route says so) and the gateway's port: once
   * before the gateway counts as started, and when the names change; again a moment later when it fails.
   */
  readonly onHosts: (hosts: readonly string[], port: number) => Promise<void>;
  /** Takes a `GatewayLogEntry` for each request, and `{time, problem}` for what is wrong with the routes. */
  readonly log: (entry: unknown) => void;
  /** Time between two readings of the routes, in milliseconds. Default 1000. */
  readonly everyMs?: number;
  /** The present moment, for the certificates. Default: the system clock. */
  readonly now?: () => Date;
}

export interface Gateway {
  readonly port: number;
  /** Stops following and listening and ends every connection. It does not call `onHosts`. */
  close(): Promise<void>;
}

/**
 * Stands where the cluster's Gateway stands: ends TLS for every host of the HTTPRoutes and does with requests what the
 * routes say. It helps no more than the Gateway API and Envoy do, so that what protects a tool is what the stack deployed.
 */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const { connect, log } = options;
  const routes = followRoutes({
    client: options.client,
    onHosts: (hosts) => options.onHosts(hosts, port()),
    log,
    everyMs: options.everyMs ?? 1000,
  });
  const leaves = certificates(options.authority, options.now ?? (() => new Date()));
  const server = createServer({
    minVersion: "TLSv1.2",
    ALPNProtocols: ["http/1.1"],
    maxHeaderSize: MAX_HEADER_BYTES,
    // The route says how long a request may take.
    requestTimeout: 0,
    keepAliveTimeout: 60_000,
    SNICallback: (name, done) => {
      leaves.of(routes.table().hostname(name.toLowerCase()) ?? NOBODY).then(
        (context) => done(null, context),
        (error) => done(error),
      );
    },
  });
  const port = () => (server.address() as AddressInfo).port;
  const answer = (request: IncomingMessage, response: ServerResponse, upgrade?: Asked["upgrade"]) => {
    // A client may go away at any moment; the response's "close" is what ends everything.
    response.on("error", () => {});
    void answerRequest({ request, response, upgrade, table: routes.table(), connect, log });
  };
  server.on("request", (request, response) => answer(request, response));
  server.on("upgrade", (request, duplex, head) => {
    // Node has let go of this socket: a response of our own carries whatever answer there is but the change itself.
    const socket = duplex as Socket;
    const response = new ServerResponse(request);
    socket.on("error", () => socket.destroy()).on("drain", () => response.emit("drain"));
    response.shouldKeepAlive = false;
    response.assignSocket(socket);
    response.once("finish", () => socket.destroySoon());
    answer(request, response, { socket, head });
  });
  server.on("clientError", (_error, socket) => {
    if (socket.writable) socket.end("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n");
  });
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const close = async () => {
    await routes.stop();
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    });
  };
  try {
    await routes.start();
  } catch (error) {
    await close();
    throw error;
  }
  return { port: port(), close };
}
