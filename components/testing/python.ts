import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

const UV_VERSION = "0.13.9";

/** A Python with a tool's own packages in their locked versions. */
export interface PythonPackages {
  /** What they are, for messages. @example "Superset" */
  readonly name: string;
  /** Versions of Python that all locked packages run on. @example ">=3.10,<3.13" */
  readonly pythonVersions: string;
  /** Path of the lock, a requirements file with hashes. */
  readonly lock: string;
  /** Whether the lock leaves out packages that others ask for, because what the tests use does not need them. @default false */
  readonly partial?: boolean;
}

/** One run of a script, in a folder that goes away. */
export interface PythonScript {
  readonly script: string;
  /** Files of the folder, by their paths below it. */
  readonly files: Readonly<Record<string, string>>;
  /** Arguments; `{folder}` stands for the folder. */
  readonly args: readonly string[];
  /** Folders of further modules. */
  readonly modules?: readonly string[];
}

/**
 * A Python with the packages. Made once and kept outside the checkout (`ENTRADA_CACHE`, else `~/.cache/entrada`); a change
 * of the lock makes another one.
 *
 * @returns the path of the interpreter
 * @throws Error that says what to install when no fitting Python is there
 */
export async function pythonWith({ name, pythonVersions, lock, partial }: PythonPackages): Promise<string> {
  const hash = createHash("sha256")
    .update(await readFile(lock))
    .update(pythonVersions)
    .digest("hex")
    .slice(0, 16);
  const folder = join(cache(), hash);
  await once(folder, async (building) => {
    const uv = await findUv();
    const offline = { env: { ...process.env, UV_PYTHON_DOWNLOADS: "never" } };
    try {
      await run(uv, ["venv", "--quiet", "--relocatable", "--python", pythonVersions, building], offline);
    } catch (error) {
      throw new Error(
        `${name}'s tests need a Python ${pythonVersions} on PATH: install python3 of such a version. (${reason(error)})`,
      );
    }
    const python = join(building, "bin", "python");
    const locked = ["--require-hashes", "--requirement", lock, ...(partial ? ["--no-deps"] : [])];
    await run(uv, ["pip", "install", "--quiet", "--compile-bytecode", "--python", python, ...locked], offline);
  });
  return join(folder, "bin", "python");
}

/** Runs a script and returns the JSON in the last line of what it prints; tools print lines of their own before. */
export async function runPython(packages: PythonPackages, { script, files, args, modules }: PythonScript) {
  const python = await pythonWith(packages);
  const folder = await mkdtemp(join(tmpdir(), "entrada-python-"));
  try {
    for (const [path, content] of Object.entries(files)) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), content);
    }
    const { stdout } = await run(python, [script, ...args.map((arg) => arg.replace("{folder}", folder))], {
      env: {
        PATH: [dirname(python), process.env.PATH].join(delimiter),
        PYTHONPATH: (modules ?? []).join(delimiter),
        HOME: folder,
        PYTHONDONTWRITEBYTECODE: "1",
      },
      maxBuffer: 64 * 1024 * 1024,
    });
    return JSON.parse(stdout.trim().split("\n").at(-1) ?? "") as unknown;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The files under a folder's name. */
export function under(folder: string, files: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(files).map(([name, content]) => [`${folder}/${name}`, content]));
}

/** uv from PATH, else from the package index into a folder of its own. */
async function findUv(): Promise<string> {
  const found = await run("uv", ["--version"]).then(
    () => "uv",
    () => undefined,
  );
  if (found !== undefined) return found;
  const folder = join(cache(), `uv-${UV_VERSION}`);
  await once(folder, async (building) => {
    await run("python3", ["-m", "pip", "install", "--quiet", "--target", building, `uv==${UV_VERSION}`]);
  });
  return join(folder, "bin", "uv");
}

function cache(): string {
  return join(process.env.ENTRADA_CACHE ?? join(homedir(), ".cache", "entrada"), "python");
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
