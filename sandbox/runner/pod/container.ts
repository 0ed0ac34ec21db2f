import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, fstatSync, openSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { INFO_FD, readInfo } from "./info.ts";

export interface ContainerOptions {
  readonly bwrap: string;
  readonly nsenter: string;
  /** Process that holds the pod's namespaces. */
  readonly holder: number;
  /** Bubblewrap's arguments for the file system. */
  readonly fileSystem: readonly string[];
  readonly user: number;
  readonly group: number;
  readonly command: readonly string[];
  readonly variables: Readonly<Record<string, string>>;
  /** File that its output goes to. */
  readonly logFile: string;
}

/** How a container ended. */
export interface Ending {
  /** Its exit code; 128 and the signal's number for one that a signal ended, as the kubelet counts. */
  readonly exitCode: number;
}

/** A container as a process of this machine. */
export interface Container {
  readonly startedAt: Date;
  readonly ended: Promise<Ending>;
  /** Runs a command beside it, in the same file system and with the same variables. */
  exec(command: readonly string[], timeoutMs: number): Promise<{ exitCode: number; output: string }>;
  /** Asks it to end, insists after `graceMs`, and returns once it is gone. */
  stop(graceMs: number): Promise<void>;
}

/**
 * Starts a container: the command as process 1 of its own, as the pod's user, without a capability, in the pod's network.
 * When this process dies, the kernel ends the container.
 * @throws Error when the system does not start it, with what it said.
 */
export async function startContainer(options: ContainerOptions): Promise<Container> {
  const output = openSync(options.logFile, "a", 0o600);
  const before = fstatSync(output).size;
  let child: ChildProcess;
  try {
    child = spawn(
      options.nsenter,
      [
        ...joinNamespaces(options.holder, POD_NAMESPACES),
        ...[options.bwrap, "--unshare-user", "--uid", String(options.user), "--gid", String(options.group)],
        ...["--unshare-pid", "--as-pid-1", "--die-with-parent", "--new-session", "--info-fd", String(INFO_FD)],
        ...options.fileSystem,
        "--",
        ...options.command,
      ],
      { env: options.variables, stdio: ["ignore", output, output, "pipe"] },
    );
  } finally {
    closeSync(output);
  }
  const ended = new Promise<Ending>((resolve) => {
    child.once("exit", (code, signal) => resolve({ exitCode: code ?? 128 + signalNumber(signal) }));
    child.once("error", () => resolve({ exitCode: 128 }));
  });
  const said = () => String(readFileSync(options.logFile).subarray(before)).trimEnd().slice(-500);
  const process1 = await readInfo(child, said);
  await untilProgramRuns(options.bwrap, process1, { ended, said });
  return {
    startedAt: new Date(),
    ended,
    exec: (command, timeoutMs) => execute(options, process1, command, timeoutMs),
    stop: (graceMs) => stopProcess(child, process1, ended, graceMs),
  };
}

/**
 * Waits until bubblewrap has made way for the container's program: before, the file system is not the container's yet, which a
 * command beside it would see.
 * @throws Error with what bubblewrap said when it could not
 */
async function untilProgramRuns(
  bwrap: string,
  process1: number,
  { ended, said }: { readonly ended: Promise<Ending>; readonly said: () => string },
): Promise<void> {
  for (;;) {
    const name = nameOf(process1);
    if (name === undefined) break;
    if (name !== basename(bwrap)) return;
    await delay(5);
  }
  // Gone: a program that was quick, or none.
  await ended;
  const last = said().split("\n").at(-1) ?? "";
  if (last.startsWith("bwrap: ")) throw new Error(last);
}

function nameOf(process: number): string | undefined {
  try {
    return readFileSync(`/proc/${process}/comm`, "utf8").trimEnd();
  } catch {
    return undefined;
  }
}

/** What the containers of a pod share, and what each has of its own. */
const POD_NAMESPACES = ["user", "net", "ipc", "uts"];
const CONTAINER_NAMESPACES = ["user", "mount", "pid"];

function joinNamespaces(process: number, kinds: readonly string[]): string[] {
  const file = (kind: string) => (kind === "mount" ? "mnt" : kind);
  return ["--preserve-credentials", ...kinds.map((kind) => `--${kind}=/proc/${process}/ns/${file(kind)}`)];
}

async function execute(
  { nsenter, holder, variables }: ContainerOptions,
  process1: number,
  command: readonly string[],
  timeoutMs: number,
): Promise<{ exitCode: number; output: string }> {
  // In two steps: the container's user namespace lies within the pod's, and only who is in that one may join the pod's others.
  const pod = [...joinNamespaces(holder, POD_NAMESPACES), "--"];
  const container = [nsenter, ...joinNamespaces(process1, CONTAINER_NAMESPACES), "--"];
  const child = spawn(nsenter, [...pod, ...container, ...command], {
    env: variables,
    stdio: ["ignore", "pipe", "pipe"],
    // A group of its own: nsenter only waits for the command, and what the command started may wait for ever.
    detached: true,
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (chunk) => {
      output = (output + chunk).slice(-4_096);
    });
  }
  const timer = setTimeout(() => child.pid !== undefined && signal(-child.pid, "SIGKILL"), timeoutMs);
  try {
    const [code] = (await once(child, "close")) as [number | null];
    return { exitCode: code ?? 137, output };
  } finally {
    clearTimeout(timer);
  }
}

async function stopProcess(
  child: ChildProcess,
  process1: number,
  ended: Promise<Ending>,
  graceMs: number,
): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  signal(process1, "SIGTERM");
  const insist = setTimeout(() => {
    // The end of process 1 is the end of everything in its namespace.
    signal(process1, "SIGKILL");
    child.kill("SIGKILL");
  }, graceMs);
  await ended;
  clearTimeout(insist);
}

function signal(pid: number, name: "SIGTERM" | "SIGKILL"): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

function signalNumber(name: NodeJS.Signals | null): number {
  return name === "SIGTERM" ? 15 : name === "SIGKILL" ? 9 : 1;
}
