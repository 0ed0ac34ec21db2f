import {
  type ClientRequest,
  request as httpRequest,
  type IncomingMessage,
  type ServerResponse,
  STATUS_CODES,
} from "node:http";
import type { Socket } from "node:net";
import { type Duplex, pipeline } from "node:stream";
import { changed, endToEnd, type Header, headersOf, rawHeaders, withForwardedFor } from "./headers.ts";
import type { Backend, Rule } from "./read-route.ts";
import type { Target } from "./target.ts";

/** As much as Envoy takes of one message's headers (`max_request_headers_kb`: 60). */
export const MAX_HEADER_BYTES = 60 * 1024;

/** One request on its way. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly target: Target;
  readonly rule: Pick<Rule, "request" | "response">;
  readonly backend: Backend;
  /** The client's own socket, and what it sent already, where it asks for a websocket. */
  readonly upgrade?: { readonly socket: Duplex; readonly head: Buffer } | undefined;
  readonly connect: (namespace: string, service: string, port: number) => Promise<Socket | undefined>;
  /** Answers in the gateway's own words. */
  readonly answer: (status: number, text: string) => void;
}

/**
 * Passes a request on to a pod of its Service and the answer back, as streams. Each has a connection of its own to the pod:
 * a kept one could lead to a pod that is gone meanwhile. Returns at once; the response ends by itself.
 */
export async function forward(exchange: Exchange): Promise<void> {
  const { request, response, backend, answer } = exchange;
  const service = `the Service ${backend.service}, port ${backend.port}, in the namespace ${backend.namespace}`;
  const nobody = `No pod is ready behind ${service}. Start the tool with "entrada sandbox run <tool>", or wait until it is ready.`;
  let upstream: ClientRequest | undefined;
  const fail = (status: number, text: string) => {
    upstream?.destroy();
    // Whoever has half of an answer must see that it is not whole.
    if (response.headersSent) response.destroy();
    else answer(status, text);
  };
  const limit = setLimit(backend.timeoutMs, () => {
    fail(504, `${service} did not answer within ${(backend.timeoutMs ?? 0) / 1000} s, the limit of its HTTPRoute.`);
  });
  let left = false;
  response.once("close", () => {
    left = true;
    clearTimeout(limit);
    upstream?.destroy();
    // What the pod did not want to read: it must not stand in the way of the connection's next request.
    request.unpipe();
    request.resume();
  });

  const socket = await exchange.connect(backend.namespace, backend.service, backend.port);
  if (left || response.headersSent) return void socket?.destroy();
  if (socket === undefined) return fail(503, nobody);
  let reached = !socket.connecting;
  socket.once("connect", () => {
    reached = true;
  });
  upstream = httpRequest({
    createConnection: () => socket,
    method: request.method,
    path: exchange.target.path + exchange.target.query,
    headers: rawHeaders(requestHeaders(exchange)),
    maxHeaderSize: MAX_HEADER_BYTES,
  });
  upstream.on("error", () => {
    // A broken answer is the pipeline's; and a pod may end the connection when it answered before it had read everything.
    if (left || response.headersSent) return;
    if (reached) fail(502, `${service} ended the connection without an answer.`);
    else fail(503, nobody);
  });
  upstream.once("response", (answered) => passBack(exchange, answered));
  upstream.once("upgrade", (answered, pod, head) => {
    clearTimeout(limit);
    joinSockets(exchange, answered, pod, head);
  });
  if (exchange.upgrade) upstream.end();
  else request.pipe(upstream);
}

function setLimit(ms: number | undefined, expire: () => void): NodeJS.Timeout | undefined {
  return ms === undefined ? undefined : setTimeout(expire, ms);
}

/**
 * The request's headers for the pod. The order matters: first goes what the client may not decide beyond this hop, then
 * comes its address, and the route has the last word, so that naming a header in `Connection` cannot undo what the route sets.
 */
function requestHeaders({ request, target, rule, upgrade }: Exchange): Header[] {
  const own = headersOf(request.rawHeaders);
  const kept = endToEnd(own).filter(([name]) => name.toLowerCase() !== "host");
  const address = request.socket.remoteAddress?.replace(/^::ffff:/, "") ?? "unknown";
  const headers = changed(withForwardedFor(kept, address), rule.request);
  return [["Host", hostHeader(request, target)], ...headers, ...framing(request, upgrade !== undefined)];
}

/** As the client wrote it, its port included, unless the request line named another. */
function hostHeader({ url = "", headers }: IncomingMessage, { host }: Target): string {
  return url.startsWith("/") ? (headers.host ?? host) : host;
}

/** How the body is sent on this hop: chunked where it came chunked; Node would add a chunked one to a POST without. */
function framing({ headers, method = "" }: IncomingMessage, upgrade: boolean): Header[] {
  if (upgrade) return UPGRADE;
  if (headers["transfer-encoding"] !== undefined) return [["Transfer-Encoding", "chunked"]];
  return headers["content-length"] === undefined && ["POST", "PUT", "PATCH"].includes(method)
    ? [["Content-Length", "0"]]
    : [];
}

const UPGRADE: Header[] = [
  ["Connection", "Upgrade"],
  ["Upgrade", "websocket"],
];

function passBack({ response, rule, answer }: Exchange, answered: IncomingMessage): void {
  const status = answered.statusCode ?? 502;
  if (response.headersSent) return void answered.destroy();
  try {
    const headers = changed(endToEnd(headersOf(answered.rawHeaders)), rule.response);
    response.writeHead(status, answered.statusMessage ?? STATUS_CODES[status] ?? "", rawHeaders(headers));
  } catch {
    answered.destroy();
    answer(502, "The tool's answer has headers that HTTP does not allow.");
    return;
  }
  // It ends both sides when one breaks off; whether the answer came through shows in the client's connection.
  pipeline(answered, response, () => {});
}

/** After "101 Switching Protocols" the gateway only carries bytes. */
function joinSockets(
  { rule, upgrade, response }: Exchange,
  answered: IncomingMessage,
  pod: Socket,
  head: Buffer,
): void {
  if (upgrade === undefined || response.headersSent) return void pod.destroy();
  const client = upgrade.socket;
  const headers = [...changed(endToEnd(headersOf(answered.rawHeaders)), rule.response), ...UPGRADE];
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join("");
  response.statusCode = 101;
  response.detachSocket(client as Socket);
  pod.on("error", () => pod.destroy()).once("close", () => client.destroy());
  client.once("close", () => {
    pod.destroy();
    response.emit("close");
  });
  client.write(`HTTP/1.1 101 Switching Protocols\r\n${lines}\r\n`, "latin1");
  client.write(head);
  pod.write(upgrade.head);
  pod.pipe(client).pipe(pod);
}
