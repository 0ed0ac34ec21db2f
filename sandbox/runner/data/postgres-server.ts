import { execFile } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import { freePorts } from "../../cluster/ports.ts";
import type { ProxyTarget } from "../../network/proxy.ts";
import type { Postgres } from "../../toolchain/postgres.ts";
import { OPERATOR, type PostgresPlaces, postgresAccess, postgresConfig } from "./postgres-files.ts";
import {
  applyDatabase,
  asOperator,
  closeSharedDatabases,
  type SocketPlace,
  type WantedDatabase,
} from "./postgres-operator.ts";
import { addressOf, type ServerRequest } from "./request.ts";
import { isolated, ServerProcess } from "./server-process.ts";
import type { ServerSurroundings } from "./surroundings.ts";

const run = promisify(execFile);
const START_MS = 60_000;
/** A port may be taken between its choice and its use, and the kernel may still be clearing up after a killed server. */
const ATTEMPTS = 5;
const PASSES = /could not bind|address already in use|shared memory block/i;

/** One PostgreSQL, standing where the settings say that a server stands. */
export class PostgresServer {
  readonly request: ServerRequest;
  readonly #around: ServerSurroundings;
  readonly #software: () => Promise<Postgres>;
  #process: ServerProcess | undefined;
  #port: number | undefined;

  /** @param software finds PostgreSQL when it is needed: it may have to be fetched */
  constructor(request: ServerRequest, around: ServerSurroundings, software: () => Promise<Postgres>) {
    this.request = request;
    this.#around = around;
    this.#software = software;
  }

  /** Undefined while it does not run. */
  get target(): ProxyTarget | undefined {
    if (this.#port === undefined || this.#process?.end !== undefined) return undefined;
    return { host: "127.0.0.1", port: this.#port };
  }

  /** Starts the server if it does not run, and makes users and databases as wanted. */
  async ensure(databases: readonly WantedDatabase[]): Promise<void> {
    const port = this.target?.port ?? (await this.#start());
    await asOperator(this.#socket(port), async (client) => {
      for (const database of databases) {
        for (const line of await applyDatabase(client, database)) {
          this.#around.log(`PostgreSQL ${addressOf(this.request)}: ${line}`);
        }
      }
    });
  }

  /** Ends it in order; connections are cut. */
  async stop(): Promise<void> {
    const process = this.#process;
    this.#process = undefined;
    this.#port = undefined;
    await process?.stop("SIGINT");
  }

  #socket(port: number): SocketPlace {
    return { socketFolder: this.#around.runtime, port };
  }

  /** @returns its port */
  async #start(): Promise<number> {
    const { folder, runtime, log } = this.#around;
    const address = addressOf(this.request);
    const software = await this.#software();
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    mkdirSync(runtime, { recursive: true, mode: 0o700 });
    const data = join(folder, "data");
    const places: PostgresPlaces = {
      socketFolder: runtime,
      certFile: join(runtime, "server.crt"),
      keyFile: join(runtime, "server.key"),
      hbaFile: join(runtime, "pg_hba.conf"),
    };
    await this.#initialise(software, data);
    const { certPem, keyPem } = await this.#around.certificate();
    writeFileSync(places.certFile, certPem, { mode: 0o600 });
    writeFileSync(places.keyFile, keyPem, { mode: 0o600 });
    writeFileSync(places.hbaFile, postgresAccess(this.request.tls), { mode: 0o600 });

    for (let attempt = 1; ; attempt++) {
      const [port = 0] = await freePorts(1);
      const configFile = join(runtime, "postgresql.conf");
      writeFileSync(configFile, postgresConfig(places, port), { mode: 0o600 });
      const server = new ServerProcess({
        ...this.#around,
        command: [software.server, "-D", data, "-c", `config_file=${configFile}`],
      });
      if (await this.#answers(server, port)) {
        this.#process = server;
        this.#port = port;
        void server.ended.then(() => this.#ended(server));
        await asOperator(this.#socket(port), closeSharedDatabases);
        log(`PostgreSQL ${software.major} serves ${address}`);
        return port;
      }
      if (attempt === ATTEMPTS || !PASSES.test(server.lastLines())) {
        throw new Error(
          `PostgreSQL for ${address} does not start (${server.end}). The last lines of its log:\n${server.lastLines()}`,
        );
      }
      await delay(500 * attempt);
    }
  }

  /** Makes the data folder in one step: what a cut-off run left half done is thrown away. */
  async #initialise({ initdb, major }: Postgres, data: string): Promise<void> {
    const draft = `${data}.new`;
    if (existsSync(data)) return checkMajor(data, major);
    rmSync(draft, { recursive: true, force: true });
    const { bwrap, passwdFile, log } = this.#around;
    log(`making the databases of ${addressOf(this.request)} with PostgreSQL ${major}`);
    const command = [initdb, "--pgdata", draft, "--username", OPERATOR, "--encoding=UTF8", "--locale=C.UTF-8"];
    // Who gets in says the file of this server's own start, not the one that this makes.
    const args = [...isolated(passwdFile), "--", ...command, "--auth=reject", "--no-sync", "--no-instructions"];
    await run(bwrap, args, { cwd: "/", env: { PATH: process.env.PATH } });
    renameSync(draft, data);
  }

  /** Waits until the operator gets in. False when the server ended before. */
  async #answers(server: ServerProcess, port: number): Promise<boolean> {
    const until = Date.now() + START_MS;
    while (server.end === undefined) {
      try {
        await asOperator(this.#socket(port), async () => {});
        return true;
      } catch (error) {
        if (Date.now() < until) await delay(50);
        else {
          await server.stop("SIGINT");
          throw error;
        }
      }
    }
    return false;
  }

  #ended(server: ServerProcess): void {
    if (this.#process !== server) return;
    this.#around.log(
      `PostgreSQL ${addressOf(this.request)} ended (${server.end}). The last lines of its log:\n${server.lastLines()}`,
    );
  }
}

function checkMajor(data: string, major: number): void {
  const found = readFileSync(join(data, "PG_VERSION"), "utf8").trim();
  if (found === String(major)) return;
  throw new Error(
    `The databases in ${data} were made by PostgreSQL ${found}, and here is ${major}, which cannot read them. Put ${found} on PATH, or remove that folder: the tools then begin with empty databases.`,
  );
}
