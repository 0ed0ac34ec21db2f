import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { ToolchainError } from "./errors.ts";
import { findOnPath } from "./search-path.ts";

const run = promisify(execFile);

/** A program that the system's package manager installs. */
export interface SystemProgram {
  /** As it stands on PATH. @example "bwrap" */
  readonly program: string;
  /** Debian's package that holds it. @example "bubblewrap" */
  readonly package: string;
  /** What it is needed for, for people. @example "runs the tools' containers" */
  readonly purpose: string;
}

export interface SystemProgramOptions {
  /** Gets what takes a while. Default: silent. */
  readonly log?: (line: string) => void;
  /** Default: this process's. */
  readonly env?: NodeJS.ProcessEnv;
  /** Whether packages may be installed. Default: whether this is root, since nobody is asked for a password. */
  readonly mayInstall?: boolean;
}

/**
 * Path of a program of the system: from PATH, else from Debian's packages where this user may install them.
 * @throws ToolchainError that says how to install it by hand.
 */
export async function ensureSystemProgram(wanted: SystemProgram, options: SystemProgramOptions = {}): Promise<string> {
  const env = options.env ?? process.env;
  const search = () => findOnPath(wanted.program, env.PATH ?? "");
  const found = search();
  if (found) return found;
  const log = options.log ?? (() => {});
  const apt = findOnPath("apt-get", env.PATH ?? "");
  const mayInstall = options.mayInstall ?? process.getuid?.() === 0;
  if (!apt || !mayInstall) throw missing(wanted, "it is not on PATH");
  log(`installing ${wanted.package} with apt-get (about half a minute)`);
  const quiet = { env: { ...env, DEBIAN_FRONTEND: "noninteractive" }, maxBuffer: 16 * 1024 * 1024 };
  try {
    await run(apt, ["update", "--quiet"], quiet);
    // Another apt-get, of a second sandbox say, holds the lock for a while.
    const args = ["install", "--quiet", "--yes", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=300"];
    await run(apt, [...args, wanted.package], quiet);
  } catch (error) {
    throw missing(wanted, error instanceof Error ? (error.message.trim().split("\n").at(-1) ?? "") : String(error));
  }
  const installed = search();
  if (!installed) throw missing(wanted, `the package ${wanted.package} was installed and brought no such program`);
  return installed;
}

function missing({ program, package: name, purpose }: SystemProgram, reason: string): ToolchainError {
  return new ToolchainError(
    `${program}, which ${purpose}, could not be had (${reason}). Install it with the system's package manager, on Debian and Ubuntu: apt-get install ${name}`,
  );
}
