import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

const UV_VERSION = "0.13.9";
/** Versions of Python that Superset 6.1 and all its locked packages run on. */
const PYTHON_VERSIONS = ">=3.10,<3.13";
const REQUIREMENTS = here("../test-requirements.txt");

/** Roles that Superset gives for each app role, and for somebody without one. */
export interface MappedRoles {
  readonly roles: Readonly<Record<string, readonly string[] | null>>;
  readonly unmapped: readonly string[] | null;
}

/**
 * A Python with real Superset, Flask-AppBuilder and Authlib in their locked versions. Made once and kept outside the
 * checkout (`ENTRADA_CACHE`, else `~/.cache/entrada`); a change of the lock makes another one.
 *
 * @returns the path of the interpreter
 * @throws Error that says what to install when no fitting Python is there
 */
export async function supersetPython(): Promise<string> {
  const hash = createHash("sha256")
    .update(await readFile(REQUIREMENTS))
    .update(PYTHON_VERSIONS)
    .digest("hex")
    .slice(0, 16);
  const folder = join(cache(), hash);
  await once(folder, async (building) => {
    const uv = await findUv();
    const offline = { env: { ...process.env, UV_PYTHON_DOWNLOADS: "never" } };
    try {
      await run(uv, ["venv", "--quiet", "--relocatable", "--python", PYTHON_VERSIONS, building], offline);
    } catch (error) {
      throw new Error(
        `Superset's tests need a Python ${PYTHON_VERSIONS} on PATH: install python3 of such a version. (${reason(error)})`,
      );
    }
    const python = join(building, "bin", "python");
    await run(
      uv,
      ["pip", "install", "--quiet", "--python", python, "--require-hashes", "--requirement", REQUIREMENTS],
      offline,
    );
  });
  return join(folder, "bin", "python");
}

/**
 * What real Superset makes of a ConfigMap's files: the roles for each app role's value.
 *
 * @param files `settings.json` and `roles.json`, as the ConfigMap `superset-settings` holds them
 * @param config the files of the ConfigMap `superset-config`; by default those of the checkout
 */
export async function mappedRoles(
  files: Readonly<Record<string, string>>,
  config?: Readonly<Record<string, string>>,
): Promise<MappedRoles> {
  return (await runScript("check_config.py", files, config, ["--settings", "--roles", "--config"])) as MappedRoles;
}

/** Runs the configuration through what observe.py tries, and returns what it saw. */
export function observe(files: Readonly<Record<string, string>>): Promise<unknown> {
  return runScript("observe.py", files, undefined, []);
}

async function runScript(
  script: string,
  files: Readonly<Record<string, string>>,
  config: Readonly<Record<string, string>> | undefined,
  flags: readonly string[],
): Promise<unknown> {
  const python = await supersetPython();
  const folder = await mkdtemp(join(tmpdir(), "entrada-superset-"));
  try {
    await writeAll(folder, files);
    if (config !== undefined) await writeAll(join(folder, "config"), config);
    const paths = [
      join(folder, "settings.json"),
      join(folder, "roles.json"),
      config ? join(folder, "config") : here("../config"),
    ];
    const args = paths.flatMap((path, index) => [...flags.slice(index, index + 1), path]);
    const { stdout } = await run(python, [here(script), ...args], {
      env: { PATH: process.env.PATH, HOME: folder, PYTHONDONTWRITEBYTECODE: "1" },
      maxBuffer: 64 * 1024 * 1024,
    });
    // Superset prints lines of its own first.
    return JSON.parse(stdout.trim().split("\n").at(-1) ?? "") as unknown;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function writeAll(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
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
