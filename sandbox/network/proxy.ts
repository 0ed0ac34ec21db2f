import { createServer, type IncomingMessage } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import type { Duplex } from "node:stream";

/** Where a host of the sandbox is served. */
export interface ProxyTarget {
  readonly host: string;
  readonly port: number;
}

/** One line of the proxy's log: what was asked for, and whether it was let through. Nothing of what then flows is seen. */
export interface ProxyLogEntry {
  readonly time: string;
  readonly method: string;
  readonly host: string;
  readonly port: number;
  readonly outcome: "connected" | "refused" | "unreachable";
}

export interface ProxyOptions {
  /** The target of a host (lower case, without a trailing dot) and port; undefined refuses it. */
  readonly routes: (host: string, port: number) => ProxyTarget | undefined;
  readonly log: (entry: ProxyLogEntry) => void;
  /** Port to listen on. Default: a free one. */
  readonly port?: number;
}

export interface SandboxProxy {
  readonly port: number;
  /** What goes into `HTTPS_PROXY`. */
  readonly url: string;
  /** Stops listening and ends every connection, half-open ones included. */
  close(): Promise<void>;
}

/** How long a client may take to finish its request line, and a target to answer, in milliseconds. */
const PATIENCE = 10_000;

/**
 * The sandbox's way out: a CONNECT proxy on loopback that knows the hosts it is given and refuses every other with a 403
 * that names the host. Plain `http://` requests through it are refused too: every host of the sandbox speaks TLS.
 */
export async function startProxy(options: ProxyOptions): Promise<SandboxProxy> {
  const sockets = new Set<Duplex>();
  const track = <S extends Duplex>(socket: S): S => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    return socket;
  };
  const log = (request: IncomingMessage, { host, port }: ProxyTarget, outcome: ProxyLogEntry["outcome"]) =>
    options.log({ time: new Date().toISOString(), method: request.method ?? "", host, port, outcome });

  const server = createServer({ headersTimeout: PATIENCE, requestTimeout: PATIENCE }, (request, response) => {
    const asked = plainTarget(request);
    log(request, asked, "refused");
    const { status, body } = refusal(asked, "The sandbox's proxy forwards CONNECT (https) only");
    response.writeHead(status, { "content-type": "text/plain; charset=utf-8", connection: "close" }).end(body);
  });
  server.on("connection", track);
  server.on("connect", (request: IncomingMessage, client: Duplex, head: Buffer) => {
    // A client may go away at any moment; its "close" event is what ends the other side.
    client.on("error", () => client.destroy());
    const asked = connectTarget(request.url ?? "");
    const target = asked === undefined ? undefined : options.routes(asked.host, asked.port);
    if (asked === undefined || target === undefined) {
      log(request, asked ?? { host: request.url ?? "", port: 0 }, "refused");
      answer(client, refusal(asked ?? { host: request.url ?? "", port: 0 }, "The sandbox's proxy knows no such host"));
      return;
    }
    join(client, head, track(connect(target)), (outcome) => log(request, asked, outcome));
  });
  server.on("clientError", (_error, socket) => {
    if (socket.writable) socket.end("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n");
  });

  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port ?? 0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** Joins the two sides once the target answers, and ends each with the other. */
function join(client: Duplex, head: Buffer, upstream: Socket, report: (outcome: ProxyLogEntry["outcome"]) => void) {
  let joined = false;
  upstream.setTimeout(PATIENCE, () => upstream.destroy());
  upstream.on("error", () => upstream.destroy());
  upstream.once("connect", () => {
    joined = true;
    upstream.setTimeout(0);
    report("connected");
    client.write("HTTP/1.1 200 Connection Established\r\n\r\n");
    if (head.length > 0) upstream.write(head);
    upstream.pipe(client);
    client.pipe(upstream);
  });
  upstream.once("close", () => {
    if (joined) return void client.destroy();
    report("unreachable");
    answer(client, {
      status: 502,
      reason: "Bad Gateway",
      body: "What serves this host in the sandbox does not answer.\n",
    });
  });
  client.once("close", () => upstream.destroy());
}

function connectTarget(url: string): ProxyTarget | undefined {
  const match = /^(?:\[([0-9a-f:.]+)\]|([^:/\s]+)):(\d{1,5})$/i.exec(url);
  const host = match?.[1] ?? match?.[2];
  return host === undefined ? undefined : { host: host.toLowerCase().replace(/\.$/, ""), port: Number(match?.[3]) };
}

function plainTarget(request: IncomingMessage): ProxyTarget {
  const url = URL.canParse(request.url ?? "") ? new URL(request.url ?? "") : undefined;
  return { host: url?.hostname ?? request.headers.host ?? "", port: Number(url?.port || 80) };
}

interface Refusal {
  readonly status: number;
  readonly reason: string;
  readonly body: string;
}

function refusal({ host, port }: ProxyTarget, why: string): Refusal {
  return { status: 403, reason: "Forbidden", body: `${why}: ${host}:${port} is refused.\n` };
}

function answer(client: Duplex, { status, reason, body }: Refusal) {
  client.end(
    `HTTP/1.1 ${status} ${reason}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}
