import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { endProcess, identify, isRunning, type ProcessIdentity } from "../processes.ts";
import type { Command } from "./commands.ts";

export interface NamedProcess extends ProcessIdentity {
  readonly name: string;
}

/** A process of the control plane ended by itself; the message holds the last lines of its log. */
export class ProcessDied extends Error {
  override readonly name = "ProcessDied";
  /** Whether it could not get its port: another start with other ports may do. */
  readonly portTaken: boolean;
  constructor(process: string, how: string, lastLines: string) {
    super(`${process} ended (${how}). Its last lines:\n${lastLines}`);
    this.portTaken = /address already in use/i.test(lastLines);
  }
}

/** The processes of one start. They are recorded in a file as they begin, for whoever has to end them later. */
export class Children {
  readonly #file: string;
  readonly #logs: string;
  readonly #running: { readonly identity: NamedProcess; readonly child: ChildProcess }[] = [];
  readonly #onDeath: (death: ProcessDied) => void;
  #stopping = false;

  constructor(options: { recordFile: string; logs: string; onDeath: (death: ProcessDied) => void }) {
    this.#file = options.recordFile;
    this.#logs = options.logs;
    this.#onDeath = options.onDeath;
  }

  get processes(): readonly NamedProcess[] {
    return this.#running.map(({ identity }) => identity);
  }

  /** Starts a process in a group of its own (an interrupt at the terminal must not reach it), with its output in `<name>.log`. */
  start(command: Command): void {
    const logFile = join(this.#logs, `${command.name}.log`);
    // Each start begins a new log: a file that grows for months helps nobody.
    const output = openSync(logFile, "w", 0o600);
    const child = spawn(command.file, [...command.args], {
      detached: true,
      // Whatever one of them writes beside itself stays in the private folder.
      cwd: this.#logs,
      stdio: ["ignore", output, output],
      // Nothing of the caller's environment is theirs to know: it may hold passphrases.
      env: { PATH: process.env.PATH, HOME: process.env.HOME, TMPDIR: process.env.TMPDIR },
    });
    closeSync(output);
    child.once("error", (error) => this.#report(command.name, error.message, logFile));
    child.once("exit", (code, signal) => this.#report(command.name, signal ?? `exit code ${code}`, logFile));
    const identity = child.pid === undefined ? undefined : identify(child.pid);
    if (!identity) return;
    this.#running.push({ identity: { name: command.name, ...identity }, child });
    recordProcesses(this.#file, this.processes);
  }

  /** Ends every process, the last started first, and forgets them. */
  async stop(): Promise<void> {
    this.#stopping = true;
    await endAll(this.processes);
    rmSync(this.#file, { force: true });
  }

  #report(name: string, how: string, logFile: string): void {
    if (this.#stopping) return;
    this.#onDeath(new ProcessDied(name, how, tail(logFile)));
  }
}

/** Ends the processes that a dead supervisor left, and removes the record. Processes that took over their ids are left alone. */
export async function stopRecorded(file: string): Promise<void> {
  const processes = readRecorded(file);
  await endAll(processes);
  rmSync(file, { force: true });
}

/** The recorded processes that still run. */
export function readRecorded(file: string): NamedProcess[] {
  try {
    return (JSON.parse(readFileSync(file, "utf8")) as NamedProcess[]).filter(isRunning);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

function recordProcesses(file: string, processes: readonly NamedProcess[]): void {
  const draft = `${file}.next`;
  writeFileSync(draft, JSON.stringify(processes, undefined, 2), { mode: 0o600 });
  renameSync(draft, file);
}

/** Those that use the API server first, then it, then etcd, so that nobody spends the end of its life on retries. */
async function endAll(processes: readonly NamedProcess[]): Promise<void> {
  const last = ["kube-apiserver", "etcd"];
  await Promise.all(
    processes.filter(({ name }) => !last.includes(name)).map((identity) => endProcess(identity, 2_000)),
  );
  for (const name of last) {
    await Promise.all(
      processes.filter((identity) => identity.name === name).map((identity) => endProcess(identity, 3_000)),
    );
  }
}

function tail(file: string, lines = 8): string {
  try {
    return readFileSync(file, "utf8").trimEnd().split("\n").slice(-lines).join("\n");
  } catch {
    return "(no log)";
  }
}
