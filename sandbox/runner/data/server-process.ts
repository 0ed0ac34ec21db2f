import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { text } from "node:stream/consumers";
import { setTimeout as delay } from "node:timers/promises";

/** PostgreSQL refuses to run as root, so servers see an ordinary user. Outside it is whoever runs the sandbox. */
const USER = 1000;

export interface ServerOptions {
  /** Path of bubblewrap. */
  readonly bwrap: string;
  readonly command: readonly string[];
  readonly logFile: string;
  /** A file like /etc/passwd that knows the user: PostgreSQL looks its own name up. */
  readonly passwdFile: string;
}

/** Content for `passwdFile`. */
export const PASSWD = `sandbox:x:${USER}:${USER}::/:/bin/false\n`;

/** bubblewrap's arguments for a process that sees an ordinary user, and that ends when its parent does. */
export function isolated(passwdFile: string): string[] {
  const namespaces = ["--unshare-user", "--uid", `${USER}`, "--gid", `${USER}`, "--unshare-pid", "--as-pid-1"];
  return [...namespaces, "--die-with-parent", "--dev-bind", "/", "/", "--ro-bind", passwdFile, "/etc/passwd"];
}

/**
 * A server in a process namespace of its own: when this process ends, however that happens, the kernel ends the server and
 * everything that it started.
 */
export class ServerProcess {
  readonly #child: ChildProcess;
  readonly #logFile: string;
  readonly #ended: Promise<void>;
  readonly #pid: Promise<number | undefined>;
  #end: string | undefined;

  constructor({ bwrap, command, logFile, passwdFile }: ServerOptions) {
    this.#logFile = logFile;
    const output = openSync(logFile, "w", 0o600);
    this.#child = spawn(bwrap, [...isolated(passwdFile), "--info-fd", "3", "--", ...command], {
      cwd: "/",
      stdio: ["ignore", output, output, "pipe"],
      // Nothing of the caller's environment is a server's to know, PGDATA and the like least of all.
      env: { PATH: process.env.PATH },
      // An interrupt at the terminal must not reach it: it is stopped in order.
      detached: true,
    });
    closeSync(output);
    this.#ended = new Promise((resolve) => {
      const end = (how: string) => {
        this.#end ??= how;
        resolve();
      };
      this.#child.once("error", (error) => end(error.message));
      this.#child.once("exit", (code, signal) => end(signal ?? `exit code ${code}`));
    });
    // bubblewrap passes no signals on, but says who the server is.
    this.#pid = text(this.#child.stdio[3] as NodeJS.ReadableStream).then(
      (told) => Number(/"child-pid":\s*(\d+)/.exec(told)?.[1]) || undefined,
      () => undefined,
    );
  }

  /** How it ended; undefined while it runs. */
  get end(): string | undefined {
    return this.#end;
  }

  /** Resolves when it has ended. */
  get ended(): Promise<void> {
    return this.#ended;
  }

  /** The last lines of its log. */
  lastLines(count = 8): string {
    return readFileSync(this.#logFile, "utf8").trimEnd().split("\n").slice(-count).join("\n");
  }

  /** Asks by signal; insists after `graceMs`. Returns once it is gone. */
  async stop(signal: "SIGINT" | "SIGTERM", graceMs = 10_000): Promise<void> {
    const pid = await this.#pid;
    if (this.#end === undefined && pid !== undefined) {
      signalServer(pid, signal);
      await Promise.race([this.#ended, delay(graceMs, undefined, { ref: false })]);
    }
    if (this.#end === undefined) this.#child.kill("SIGKILL");
    await this.#ended;
  }
}

/** While bubblewrap has not ended, nobody else can have got the id of its child; but the child may have ended just now. */
function signalServer(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
