import { execFile } from "node:child_process";
import { readlink } from "node:fs/promises";
import { dirname, isAbsolute, relative } from "node:path";
import { promisify } from "node:util";
import { type PythonEnvironment, type PythonPackages, pythonEnvironment } from "../../toolchain/python/environment.ts";
import { ToolchainError } from "./errors.ts";
import { startRun, type ToolchainOptions } from "./index.ts";

const run = promisify(execFile);

/** A made environment, with all that it needs of the machine. */
export interface InstalledPython extends PythonEnvironment {
  /** Folders outside /usr that its interpreter lies in; the environment refers to them by these paths. */
  readonly installations: readonly string[];
}

/**
 * A tool's Python packages, installed once into the cache. Not part of the sandbox's own toolchain: its start does not wait
 * for it. The tests of the tools' configuration share it.
 * @throws ToolchainError that says what to install when no fitting Python is there.
 */
export async function ensurePythonEnvironment(
  packages: PythonPackages,
  options: ToolchainOptions = {},
): Promise<InstalledPython> {
  const { env, cache, log } = startRun(options);
  try {
    const environment = await pythonEnvironment(packages, { env, cache, log });
    return { ...environment, installations: await installations(environment.python) };
  } catch (error) {
    throw new ToolchainError(error instanceof Error ? error.message : String(error));
  }
}

/** Where the interpreter behind an environment lies: as Python itself says, and as the environment's link does. */
async function installations(python: string): Promise<string[]> {
  const { stdout } = await run(python, ["-I", "-c", "import sys; print(sys.base_prefix)"]);
  const link = await readlink(python).catch(() => "");
  const linked = isAbsolute(link) ? [dirname(dirname(link))] : [];
  return [...new Set([stdout.trim(), ...linked])].filter((folder) => folder !== "/" && !isBelow(folder, "/usr"));
}

function isBelow(folder: string, parent: string): boolean {
  const path = relative(parent, folder);
  return path === "" || (!path.startsWith("..") && !isAbsolute(path));
}
