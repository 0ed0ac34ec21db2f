import { randomBytes, webcrypto } from "node:crypto";
import { chmod, mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { isAbsolute, join, relative, sep } from "node:path";
import { ToolchainError } from "./errors.ts";

/** Where the cache lies: ENTRADA_CACHE, else XDG_CACHE_HOME/entrada, else ~/.cache/entrada. */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  const own = env.ENTRADA_CACHE;
  if (own) {
    if (!isAbsolute(own)) throw new ToolchainError(`ENTRADA_CACHE is "${own}": give an absolute path.`);
    return own;
  }
  const xdg = env.XDG_CACHE_HOME;
  // The XDG specification says to ignore a relative path.
  return join(xdg && isAbsolute(xdg) ? xdg : join(env.HOME || homedir(), ".cache"), "entrada");
}

interface Manifest {
  /** Path below the entry → SHA-256 in hex. */
  readonly files: Readonly<Record<string, string>>;
}

const MANIFEST = "manifest.json";
const TEMPORARY = "tmp-";

/**
 * The cache's entry of that name, when each of its files has the content that was recorded; undefined when there is none or
 * when it was damaged (which is said, and put right by the next `publish`).
 */
export async function openEntry(cache: string, key: string, log: (line: string) => void): Promise<string | undefined> {
  const entry = join(cache, key);
  const manifest = await readManifest(entry);
  if (!manifest) return undefined;
  for (const [name, expected] of Object.entries(manifest.files)) {
    const found = await sha256(join(entry, name)).catch(() => undefined);
    if (found === expected) continue;
    log(`${join(entry, name)} ${found ? "is not what was put there" : "is missing"}: fetched anew`);
    return undefined;
  }
  return entry;
}

/** A folder on the cache's own disk, to be filled and then handed to `publish`. */
export async function temporaryFolder(cache: string): Promise<string> {
  const folder = join(cache, `${TEMPORARY}${randomBytes(6).toString("hex")}`);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return folder;
}

/** Records the checksums of everything in `folder` and moves it into its place in one step. Call it under the cache's lock. */
export async function publish(cache: string, key: string, folder: string): Promise<string> {
  const files: Record<string, string> = {};
  for (const file of await filesBelow(folder)) {
    files[relative(folder, file).split(sep).join("/")] = await sha256(file);
  }
  await writeFile(join(folder, MANIFEST), JSON.stringify({ files } satisfies Manifest, undefined, 2));
  await chmod(folder, 0o755);
  const entry = join(cache, key);
  await rm(entry, { recursive: true, force: true });
  await rename(folder, entry);
  return entry;
}

/** Removes what interrupted runs left. Call it under the cache's lock. */
export async function removeLeftovers(cache: string): Promise<void> {
  for (const name of await readdir(cache)) {
    if (name.startsWith(TEMPORARY)) await rm(join(cache, name), { recursive: true, force: true });
  }
}

/** SHA-256 of a file in hex. The digest is computed off the main thread, so that several files take both cores. */
export async function sha256(file: string): Promise<string> {
  return Buffer.from(await webcrypto.subtle.digest("SHA-256", await readFile(file))).toString("hex");
}

async function readManifest(entry: string): Promise<Manifest | undefined> {
  try {
    return JSON.parse(await readFile(join(entry, MANIFEST), "utf8")) as Manifest;
  } catch {
    return undefined;
  }
}

async function filesBelow(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true });
  const files: string[] = [];
  for (const name of names.sort()) {
    if ((await stat(join(folder, name))).isFile()) files.push(join(folder, name));
  }
  return files;
}
