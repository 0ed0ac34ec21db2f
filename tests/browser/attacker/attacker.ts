import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { type Dispatcher, ProxyAgent, request } from "undici";
import type { Authority } from "../../../sandbox/network/authority.ts";
import { type Forger, openForger } from "./forgery.ts";
import {
  type AnswerMessage,
  type Change,
  type Message,
  type Tampering,
  tamperAnswer,
  tamperRequest,
} from "./tampering.ts";

/** Hosts that the attacker stands in for. */
export const ATTACKED_HOSTS = ["login.microsoftonline.com", "graph.microsoft.com"] as const;

/**
 * The emulator serves all of its hosts behind one address and tells them apart by the Host header. So what the attacker
 * passes on goes out to this host, which it never stands in for: it cannot meet itself.
 */
const WAY_TO_EMULATOR = "management.azure.com";

export interface AttackerOptions {
  /** The sandbox's CONNECT proxy. */
  readonly proxy: string;
  readonly authority: Authority;
  /** Where the sandbox keeps the keys of its Entra. */
  readonly emulatorFolder: string;
}

/** Somebody between the tools, the browser and Entra, with a certificate that they trust. */
export interface Attacker {
  readonly port: number;
  /** Makes tokens without anybody's sign-in. */
  readonly forger: Forger;
  /** Host → port, as the supervisor's control route takes them. */
  readonly routes: Readonly<Record<string, number>>;
  /** Attacks from now on, with a new `log`. */
  attack(tampering: Tampering): void;
  readonly log: AttackLog;
  close(): Promise<void>;
}

/** What happened since an attack began. */
export interface AttackLog {
  /** What was changed. */
  readonly changed: Change[];
  /** What was asked of the token endpoint. */
  readonly asked: URLSearchParams[];
  /** The errors that the token endpoint answered with. @example "AADSTS700213" */
  readonly refusals: string[];
}

/** Starts it; nobody comes by until somebody leads the hosts here. */
export async function startAttacker({ proxy, authority, emulatorFolder }: AttackerOptions): Promise<Attacker> {
  const forger = await openForger(emulatorFolder);
  const leaf = await authority.issue({
    commonName: ATTACKED_HOSTS[0],
    dnsNames: [...ATTACKED_HOSTS],
    ipAddresses: [],
  });
  const way = new ProxyAgent({ uri: proxy, requestTls: { ca: authority.caPem } });
  let tampering: Tampering = {};
  let log = newLog();
  const server = createServer({ cert: leaf.certPem, key: leaf.keyPem, minVersion: "TLSv1.2" }, (asked, response) => {
    passOn(asked, response, { way, forger, tampering, log }).catch((error) => {
      // The tool sees a broken answer, and the test that nothing was changed.
      console.error(`The attacker failed at ${asked.method} ${asked.headers.host}: ${(error as Error).message}`);
      if (!response.headersSent) response.writeHead(502);
      response.end();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    port,
    forger,
    routes: Object.fromEntries(ATTACKED_HOSTS.map((host) => [host, port])),
    attack: (next) => {
      tampering = next;
      log = newLog();
    },
    get log() {
      return log;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      await way.close();
    },
  };
}

function newLog(): AttackLog {
  return { changed: [], asked: [], refusals: [] };
}

interface Passing {
  readonly way: Dispatcher;
  readonly forger: Forger;
  readonly tampering: Tampering;
  readonly log: AttackLog;
}

async function passOn(asked: IncomingMessage, response: ServerResponse, passing: Passing): Promise<void> {
  const { way, forger, tampering, log } = passing;
  const message = await readMessage(asked);
  const forward = tamperRequest(tampering, message);
  const answer = await request(`https://${WAY_TO_EMULATOR}${message.path}`, {
    dispatcher: way,
    method: message.method as Dispatcher.HttpMethod,
    headers: { ...withoutHops(asked.headers), host: message.host },
    body: message.body === "" ? null : message.body,
  });
  const location = [answer.headers.location ?? []].flat()[0];
  const back: AnswerMessage = { status: answer.statusCode, location, body: await answer.body.text() };
  if (message.path.endsWith("/oauth2/v2.0/token")) {
    log.asked.push(new URLSearchParams(message.body));
    log.refusals.push(...(/AADSTS\d+/.exec(back.body) ?? []));
  }
  log.changed.push(...forward, ...(await tamperAnswer(tampering, forger, message, back)));
  const headers = withoutHops(answer.headers);
  if (back.location !== undefined) headers.location = back.location;
  response.writeHead(back.status, headers).end(back.body);
}

async function readMessage(asked: IncomingMessage): Promise<Message> {
  const chunks: Buffer[] = [];
  for await (const chunk of asked) chunks.push(chunk as Buffer);
  return {
    method: asked.method ?? "GET",
    host: asked.headers.host ?? "",
    path: asked.url ?? "/",
    body: Buffer.concat(chunks).toString("utf8"),
  };
}

/** Headers that belong to one connection, or to the body as it was. */
const HOPS = ["host", "connection", "keep-alive", "transfer-encoding", "content-length", "accept-encoding", "expect"];

function withoutHops(headers: Readonly<Record<string, string | string[] | undefined>>) {
  const kept = Object.entries(headers).filter(
    (pair): pair is [string, string | string[]] => pair[1] !== undefined && !HOPS.includes(pair[0]),
  );
  return Object.fromEntries(kept) as Record<string, string | string[]>;
}
