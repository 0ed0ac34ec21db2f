import { randomBytes } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { createClient } from "@redis/client";
import type { ProxyTarget } from "../../network/proxy.ts";
import { type Front, startFront } from "./front.ts";
import { OPERATOR, startingUsers, userRules, type WantedUser } from "./redis-users.ts";
import { addressOf, type ServerRequest } from "./request.ts";
import { ServerProcess } from "./server-process.ts";
import type { ServerSurroundings } from "./surroundings.ts";

const START_MS = 20_000;

/** What runs, and what it has been told. */
interface Running {
  readonly process: ServerProcess;
  readonly password: string;
  /** User → its rules as text. */
  readonly told: Map<string, string>;
}

/**
 * One Redis, standing where the settings say that a server stands. It listens on a socket alone; TLS, which the fetched Redis
 * does not have, ends before it. Its data lasts as long as it runs.
 */
export class RedisServer {
  readonly request: ServerRequest;
  readonly #around: ServerSurroundings;
  readonly #software: () => Promise<string>;
  #running: Running | undefined;
  #front: Front | undefined;

  /** @param software finds redis-server when it is needed: it may have to be fetched */
  constructor(request: ServerRequest, around: ServerSurroundings, software: () => Promise<string>) {
    this.request = request;
    this.#around = around;
    this.#software = software;
  }

  /** Undefined while it does not run. */
  get target(): ProxyTarget | undefined {
    if (this.#front === undefined || this.#running === undefined) return undefined;
    return this.#running.process.end === undefined ? { host: "127.0.0.1", port: this.#front.port } : undefined;
  }

  /** Starts the server if it does not run, and tells it the users that are new or other than before. */
  async ensure(users: readonly WantedUser[]): Promise<void> {
    if (this.#running === undefined || this.#running.process.end !== undefined) await this.#start();
    const { told, password } = this.#running as Running;
    const changed = [...userRules(users)].filter(([name, rules]) => told.get(name) !== rules.join(" "));
    if (changed.length > 0) {
      await this.#asOperator(password, async (send) => {
        for (const [name, rules] of changed) {
          await send(["ACL", "SETUSER", name, ...rules]);
          told.set(name, rules.join(" "));
          this.#around.log(`Redis ${addressOf(this.request)}: user ${name} is as asked`);
        }
      });
    }
    this.#front ??= await startFront(this.#socket, this.request.tls ? await this.#around.certificate() : undefined);
  }

  /** Ends it; connections are cut and what it holds is forgotten. */
  async stop(): Promise<void> {
    const [running, front] = [this.#running, this.#front];
    this.#running = undefined;
    this.#front = undefined;
    await front?.close();
    await running?.process.stop("SIGTERM");
  }

  get #socket(): string {
    return join(this.#around.runtime, "redis.sock");
  }

  async #start(): Promise<void> {
    const { runtime, log } = this.#around;
    const file = await this.#software();
    mkdirSync(runtime, { recursive: true, mode: 0o700 });
    const aclFile = join(runtime, "users.acl");
    const password = randomBytes(32).toString("hex");
    writeFileSync(aclFile, startingUsers(password), { mode: 0o600 });
    const process = new ServerProcess({
      ...this.#around,
      command: [
        ...[file, "--port", "0", "--unixsocket", this.#socket, "--unixsocketperm", "700", "--dir", runtime],
        ...["--save", "", "--appendonly", "no", "--aclfile", aclFile],
      ],
    });
    await this.#untilAnswers(process, password);
    this.#running = { process, password, told: new Map() };
    void process.ended.then(() => this.#ended(process));
    log(`Redis serves ${addressOf(this.request)}`);
  }

  async #untilAnswers(process: ServerProcess, password: string): Promise<void> {
    const until = Date.now() + START_MS;
    for (;;) {
      try {
        return await this.#asOperator(password, async (send) => void (await send(["PING"])));
      } catch (error) {
        if (process.end === undefined && Date.now() < until) {
          await delay(30);
          continue;
        }
        await process.stop("SIGTERM");
        throw new Error(
          `Redis for ${addressOf(this.request)} does not start. The last lines of its log:\n${process.lastLines()}`,
          { cause: error },
        );
      }
    }
  }

  /** Lets something be sent as the operator, over the socket. */
  async #asOperator(
    password: string,
    work: (send: (command: readonly string[]) => Promise<unknown>) => Promise<void>,
  ): Promise<void> {
    const client = createClient({
      RESP: 2,
      username: OPERATOR,
      password,
      disableClientInfo: true,
      socket: { path: this.#socket, reconnectStrategy: false },
    });
    // What goes wrong is told by the command that meets it.
    client.on("error", () => {});
    try {
      await client.connect();
      await work((command) => client.sendCommand(command));
    } finally {
      if (client.isOpen) client.destroy();
    }
  }

  #ended(process: ServerProcess): void {
    if (this.#running?.process !== process) return;
    this.#around.log(
      `Redis ${addressOf(this.request)} ended (${process.end}). The last lines of its log:\n${process.lastLines()}`,
    );
  }
}
