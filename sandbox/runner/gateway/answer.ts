import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { type Exchange, forward } from "./forward.ts";
import { changed, type Header, rawHeaders } from "./headers.ts";
import type { Rule } from "./read-route.ts";
import type { RouteTable } from "./table.ts";
import { locationOf, targetOf } from "./target.ts";

/** One answered request. Queries and headers are left out: codes, tokens and cookies travel there. */
export interface GatewayLogEntry {
  readonly time: string;
  readonly method: string;
  readonly host: string;
  readonly path: string;
  /** 499 when the client left before there was an answer. */
  readonly status: number;
  /** How long it took, in milliseconds. */
  readonly ms: number;
  /** `namespace/name` of the HTTPRoute. */
  readonly route?: string | undefined;
  /** What the gateway answered itself. */
  readonly problem?: string | undefined;
}

export interface Asked {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** The client's own socket, and what it sent already, where it asks for another protocol. */
  readonly upgrade?: { readonly socket: Duplex; readonly head: Buffer } | undefined;
  readonly table: RouteTable;
  readonly connect: Exchange["connect"];
  readonly log: (entry: GatewayLogEntry) => void;
}

/** Does with one request what its route says, and logs it when it is done. */
export async function answerRequest({ request, response, upgrade, table, connect, log }: Asked): Promise<void> {
  const started = Date.now();
  const target = targetOf(request);
  const found = target && table.find(target.host, target.path);
  let problem: string | undefined;
  response.once("close", () =>
    log({
      time: new Date(started).toISOString(),
      method: request.method ?? "",
      host: target?.host ?? "",
      path: target?.path ?? "",
      status: response.headersSent || response.statusCode === 101 ? response.statusCode : 499,
      ms: Date.now() - started,
      route: found?.route,
      problem,
    }),
  );
  const answer = (status: number, text: string) => {
    problem = text;
    say(response, status, text, found?.rule.response);
  };

  if (target === undefined) return answer(400, "The request needs exactly one host, a name with or without a port.");
  if (upgrade && !isWebsocket(request))
    return answer(403, 'This gateway changes to no other protocol than "websocket", and for GET without a body only.');
  if (found === undefined)
    return answer(
      404,
      table.hostname(target.host) === undefined
        ? `No HTTPRoute has the host ${target.host}.`
        : `No rule of the HTTPRoutes for ${target.host} covers this path.`,
    );
  const { rule, path } = found;
  if (rule.action.kind === "refuse")
    return answer(500, `The HTTPRoute ${found.route} asks for what this gateway does not do: ${rule.action.why}.`);
  if (rule.action.kind === "redirect") {
    const location: Header = ["Location", locationOf(rule.action.redirect, path, target)];
    response.writeHead(
      rule.action.redirect.statusCode,
      rawHeaders(changed([location, ["Content-Length", "0"]], rule.response)),
    );
    return void response.end();
  }
  try {
    await forward({ request, response, target, rule, backend: rule.action.backend, upgrade, connect, answer });
  } catch (error) {
    if (!response.headersSent) answer(502, `The request could not be passed on: ${(error as Error).message}.`);
  }
}

/** The one protocol that Istio's gateway changes to; h2c among others would carry requests past the route. */
function isWebsocket({ method, headers }: IncomingMessage): boolean {
  const empty = headers["transfer-encoding"] === undefined && Number(headers["content-length"] ?? 0) === 0;
  return method === "GET" && headers.upgrade?.toLowerCase() === "websocket" && empty;
}

function say(response: ServerResponse, status: number, text: string, change: Rule["response"] | undefined): void {
  const body = `${text}\n`;
  const own: Header[] = [
    ["Content-Type", "text/plain; charset=utf-8"],
    ["Content-Length", String(Buffer.byteLength(body))],
    ["X-Content-Type-Options", "nosniff"],
    ["Cache-Control", "no-store"],
  ];
  response.writeHead(status, rawHeaders(change ? changed(own, change) : own)).end(body);
}
