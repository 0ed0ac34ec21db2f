import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, isAbsolute, join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

const UV_VERSION = "0.13.9";

/** A Python with a tool's own packages in their locked versions. */
export interface PythonPackages {
  /** What they are, for messages. @example "Superset 6.1.0" */
  readonly name: string;
  /** Versions of Python that all locked packages run on. @example ">=3.10,<3.13" */
  readonly pythonVersions: string;
  /** Path of the lock, a requirements file with hashes. */
  readonly lock: string;
  /** Whether the lock leaves out packages that others ask for, because what the tests use does not need them. @default false */
  readonly partial?: boolean;
}

export interface PythonOptions {
  /** Where PATH and the cache's place are taken from. @default this process's */
  readonly env?: NodeJS.ProcessEnv;
  /** The cache of all that is fetched. @default ENTRADA_CACHE, else XDG_CACHE_HOME/entrada, else ~/.cache/entrada */
  readonly cache?: string;
  /** Is told what takes a while. @default silent */
  readonly log?: (line: string) => void;
}

/** A made environment. */
export interface PythonEnvironment {
  /** Holds `bin`, `lib` and so on. It can be put anywhere: no script in it names its place. */
  readonly folder: string;
  /** Its interpreter, by which it is used in place. */
  readonly python: string;
}

/**
 * A Python with the packages. Made once and kept outside the checkout; a change of the lock makes another one.
 *
 * @throws Error that says what to install when no fitting Python is there
 */
export async function pythonEnvironment(
  { name, pythonVersions, lock, partial }: PythonPackages,
  options: PythonOptions = {},
): Promise<PythonEnvironment> {
  const { env = process.env, log = () => {} } = options;
  const cache = join(options.cache ?? defaultCache(env), "python");
  const hash = createHash("sha256")
    .update(await readFile(lock))
    .update(pythonVersions)
    .digest("hex")
    .slice(0, 16);
  const folder = join(cache, hash);
  await once(folder, async (building) => {
    const uv = await findUv(cache, env);
    // A Python that is already there, never one from a publisher's site.
    const quiet = { env: { ...env, UV_PYTHON_DOWNLOADS: "never" }, maxBuffer: 16 * 1024 * 1024 };
    log(`installing ${name} from its Python packages (about half a minute, once)`);
    try {
      await run(uv, ["venv", "--quiet", "--relocatable", "--python", pythonVersions, building], quiet);
    } catch (error) {
      throw new Error(
        `${name} needs a Python ${pythonVersions} on PATH: install python3 of such a version. (${reason(error)})`,
      );
    }
    const python = join(building, "bin", "python");
    const locked = ["--require-hashes", "--requirement", lock, ...(partial ? ["--no-deps"] : [])];
    await run(uv, ["pip", "install", "--quiet", "--compile-bytecode", "--python", python, ...locked], quiet);
  });
  return { folder, python: join(folder, "bin", "python") };
}

function defaultCache(env: NodeJS.ProcessEnv): string {
  if (env.ENTRADA_CACHE) return env.ENTRADA_CACHE;
  const xdg = env.XDG_CACHE_HOME;
  return join(xdg && isAbsolute(xdg) ? xdg : join(env.HOME || homedir(), ".cache"), "entrada");
}

/** uv from PATH, else from the package index into a folder of its own. */
async function findUv(cache: string, env: NodeJS.ProcessEnv): Promise<string> {
  const found = await run("uv", ["--version"], { env }).then(
    () => "uv",
    () => undefined,
  );
  if (found !== undefined) return found;
  const folder = join(cache, `uv-${UV_VERSION}`);
  await once(folder, async (building) => {
    await run("python3", ["-m", "pip", "install", "--quiet", "--target", building, `uv==${UV_VERSION}`], { env });
  });
  return join(folder, "bin", "uv");
}

/** Builds a folder beside its place and moves it there when it is whole, so that two runs never see half of one. */
async function once(folder: string, build: (building: string) => Promise<void>): Promise<void> {
  if (existsSync(folder)) return;
  await mkdir(dirname(folder), { recursive: true });
  const building = await mkdtemp(`${folder}-building-`);
  try {
    await build(building);
    await rename(building, folder).catch((error: unknown) => {
      // Somebody else was faster; theirs is as good.
      if (!existsSync(folder)) throw error;
    });
  } finally {
    await rm(building, { recursive: true, force: true });
  }
}

function reason(error: unknown): string {
  return error instanceof Error ? (error.message.trim().split("\n").at(-1) ?? error.name) : String(error);
}
