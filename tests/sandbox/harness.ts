import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { projectRoot } from "../../cli/project.ts";
import { type SandboxLayout, sandboxLayout } from "../../sandbox/layout.ts";
import { runningSandbox, type SupervisorRecord } from "../../sandbox/supervisor/record.ts";

export interface CommandResult {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command that is under way. */
export interface Running {
  /** Also the id of its process group. */
  readonly pid: number;
  /** What it has printed so far. */
  output(): string;
  ended(): boolean;
  readonly finished: Promise<CommandResult>;
}

/** A sandbox in a folder of its own, driven by the real command as a child process. */
export class TestSandbox {
  readonly layout: SandboxLayout;

  constructor(folder = mkdtempSync(join(tmpdir(), "entrada-sandbox-"))) {
    this.layout = sandboxLayout(folder);
  }

  /** The running sandbox. */
  get record(): SupervisorRecord {
    const record = runningSandbox(this.layout);
    if (!record) throw new Error("The test's sandbox is not running.");
    return record;
  }

  /** Runs `entrada …` to its end. */
  run(...args: string[]): Promise<CommandResult> {
    return this.start(args).finished;
  }

  /** Runs `entrada …` and demands exit code 0. */
  async ok(...args: string[]): Promise<string> {
    const result = await this.run(...args);
    if (result.code !== 0)
      throw new Error(`entrada ${args.join(" ")} ended with ${result.code}:\n${result.stdout}\n${result.stderr}`);
    return result.stdout;
  }

  /** Starts `entrada …` in a process group of its own, so that a test can kill all of it. */
  start(args: readonly string[]): Running {
    const child = spawn(process.execPath, ["--import", "tsx", join("cli", "main.ts"), ...args], {
      cwd: projectRoot,
      env: { ...process.env, ENTRADA_SANDBOX: this.layout.root, NO_COLOR: "1" },
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (chunk) => {
      stdout += chunk;
    });
    child.stderr.on("data", (chunk) => {
      stderr += chunk;
    });
    const finished = new Promise<CommandResult>((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (code, signal) => resolve({ code, signal, stdout, stderr }));
    });
    if (child.pid === undefined) throw new Error("The command could not be started.");
    return { pid: child.pid, output: () => stdout, ended: () => child.exitCode !== null, finished };
  }

  /** Stops every process and removes the folder. */
  async dispose(): Promise<void> {
    await this.run("sandbox", "down");
    rmSync(this.layout.root, { recursive: true, force: true });
  }
}
