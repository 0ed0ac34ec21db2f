import { createReadStream, existsSync, readFileSync, statSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { pipeline } from "node:stream/promises";
import type { TLSSocket } from "node:tls";
import type { Authority } from "../network/authority.ts";

/** Common name of the API server's certificate for kubelets. */
export const API_SERVER_AS_CLIENT = "kube-apiserver-kubelet-client";

/** A container's log, as the kubelet's own interface asks for it. */
export interface LogFiles {
  /** File of the container's present run, or of the run before; undefined when there is none. */
  find(namespace: string, pod: string, container: string, previous: boolean): LogFile | undefined;
}

export interface LogFile {
  readonly path: string;
  /** Whether the container is still writing. */
  readonly open: () => boolean;
}

export interface KubeletServer {
  readonly port: number;
  close(): Promise<void>;
}

/** How often a followed log is looked at for more, in milliseconds. */
const FOLLOW_MS = 200;

/**
 * The part of the kubelet's HTTPS interface by which the API server answers `kubectl logs` (and Airflow's pages, which ask the
 * API server): `GET /containerLogs/<namespace>/<pod>/<container>`. Only the API server's certificate opens it.
 */
export async function startKubeletServer(authority: Authority, logs: LogFiles): Promise<KubeletServer> {
  const { certPem, keyPem } = await authority.issue({
    commonName: "kubelet",
    dnsNames: ["localhost"],
    ipAddresses: ["127.0.0.1"],
  });
  const server = createServer(
    {
      cert: certPem,
      key: keyPem,
      ca: authority.caPem,
      requestCert: true,
      rejectUnauthorized: true,
      minVersion: "TLSv1.2",
    },
    (request, response) => {
      try {
        answer(request, response, logs);
      } catch (error) {
        // Such as a path that is no UTF-8: the next request may be a good one.
        if (response.headersSent) response.destroy();
        else
          response.writeHead(400, { "content-type": "text/plain; charset=utf-8" }).end(`${(error as Error).message}\n`);
      }
    },
  );
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function answer(request: IncomingMessage, response: ServerResponse, logs: LogFiles): void {
  const say = (status: number, text: string) =>
    response.writeHead(status, { "content-type": "text/plain; charset=utf-8" }).end(`${text}\n`);
  if ((request.socket as TLSSocket).getPeerCertificate().subject?.CN !== API_SERVER_AS_CLIENT) {
    return void say(403, "Only the API server asks here.");
  }
  const url = new URL(request.url ?? "/", "https://kubelet");
  const [, route, namespace, pod, container, ...more] = url.pathname.split("/").map(decodeURIComponent);
  if (request.method !== "GET" || route !== "containerLogs" || container === undefined || more.length > 0) {
    return void say(501, `The runner has no ${request.method} ${url.pathname}: it shows logs.`);
  }
  const asked = url.searchParams;
  const unknown = ["timestamps", "sinceSeconds", "sinceTime", "stream"].filter(
    (name) => asked.get(name) !== null && asked.get(name) !== "false" && asked.get(name) !== "All",
  );
  if (unknown.length > 0)
    return void say(400, `The runner keeps no times of lines, so it cannot answer ${unknown.join(", ")}.`);
  const file = logs.find(namespace ?? "", pod ?? "", container, asked.get("previous") === "true");
  if (!file || !existsSync(file.path)) return void say(404, `There is no such log: ${namespace}/${pod}/${container}.`);
  response.writeHead(200, { "content-type": "text/plain; charset=utf-8" });
  const start = startOf(file.path, number(asked.get("tailLines")));
  const limit = number(asked.get("limitBytes"));
  if (asked.get("follow") === "true") follow(file, start, response);
  else if (limit === 0) response.end();
  else {
    const end = limit === undefined ? undefined : start + limit - 1;
    void show(file.path, { start, end }, response).then(() => response.end());
  }
}

/** Where to begin, so that so many lines are left. */
function startOf(path: string, lines: number | undefined): number {
  if (lines === undefined) return 0;
  if (lines === 0) return statSync(path).size;
  const text = readFileSync(path);
  let at = text.at(-1) === 10 ? text.length - 1 : text.length;
  for (let found = 0; found < lines && at > 0; found++) at = text.lastIndexOf(10, at - 1);
  return at <= 0 ? 0 : at + 1;
}

/** Shows a part of a log; when the log or who asked goes meanwhile, so does the answer. */
function show(path: string, part: { start: number; end?: number }, response: ServerResponse): Promise<void> {
  return pipeline(createReadStream(path, part), response, { end: false }).catch(() => {});
}

function follow({ path, open }: LogFile, start: number, response: ServerResponse): void {
  let at = start;
  const more = () => {
    const last = !open();
    const size = statSync(path, { throwIfNoEntry: false })?.size;
    if (size === undefined) response.end();
    else if (size > at) {
      const part = { start: at, end: size - 1 };
      at = size;
      void show(path, part, response).then(() => next(last));
    } else next(last);
  };
  const next = (last: boolean) => {
    if (last) response.end();
    else if (!response.destroyed) setTimeout(more, FOLLOW_MS);
  };
  response.flushHeaders();
  more();
}

function number(text: string | null): number | undefined {
  return text === null || !/^\d+$/.test(text) ? undefined : Number(text);
}
