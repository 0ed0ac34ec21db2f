import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type BuildGroup, buildGroup, buildsAtATime, groupBuilds } from "./build.ts";
import { cacheFolder, openEntry, publish, removeLeftovers, temporaryFolder } from "./cache.ts";
import { createDownloader, DownloadError } from "./download.ts";
import { explainDisk } from "./errors.ts";
import { findGo, type Go } from "./go.ts";
import { installPulumi } from "./install-pulumi.ts";
import { withLock } from "./lock.ts";
import { copyFileSet, describeFileSets, type FileSet, listFileSet } from "./module-files.ts";
import { formatEstimate, withProgress } from "./progress.ts";
import { usableOnPath } from "./search-path.ts";
import { describeTools, type Platform, RELEASE_HOSTS, type ReleaseHosts, type Tool, thisPlatform } from "./tools.ts";
import { compareVersions } from "./versions.ts";

export { cacheFolder } from "./cache.ts";
export { ToolchainError } from "./errors.ts";

/** Absolute paths of everything that the sandbox runs. */
export interface Toolchain {
  readonly pulumi: string;
  readonly etcd: string;
  readonly kubeApiserver: string;
  readonly kubeControllerManager: string;
  readonly kubeScheduler: string;
  readonly kwok: string;
  /** Custom resource definitions and the secrets store's CSIDriver, one YAML file each. */
  readonly crdFiles: readonly string[];
  /** kwok's stages: nodes and pods become ready, jobs complete, deletions end. */
  readonly kwokStageFiles: readonly string[];
}

export interface ToolchainOptions {
  /** One line at a time, for people. Default: nothing is said. */
  readonly log?: (line: string) => void;
  /** Default: this process's. PATH, GOFLAGS, GOPROXY, ENTRADA_CACHE and the like are taken from here. */
  readonly env?: NodeJS.ProcessEnv;
  /** Folder with the pinned Go modules. Default: the repository's `toolchain/`. */
  readonly modules?: string;
  readonly hosts?: ReleaseHosts;
  /** How long a release host may take to answer. Default 5,000 ms. */
  readonly connectTimeoutMs?: number;
  /** Longest silence while something is built. Default 10,000 ms. */
  readonly progressMs?: number;
  /** Default: Pulumi's own installer, from its Automation API. */
  readonly installPulumi?: (root: string) => Promise<void>;
}

/** One run: where things come from and where they go. */
export interface Run {
  readonly log: (line: string) => void;
  readonly env: NodeJS.ProcessEnv;
  readonly cache: string;
  readonly platform: Platform;
  readonly progressMs: number;
  readonly downloads: {
    readonly pulumiHost: string;
    readonly connectTimeoutMs: number;
    readonly installPulumi: (root: string) => Promise<void>;
  };
}

/**
 * Finds or makes the toolchain: from PATH, else from the cache, else by the publishers' downloads, else from the Go modules that
 * `toolchain/` pins. Two runs may share the cache: one of them fills it, the other waits.
 * @throws ToolchainError that names what is missing and how to get it.
 */
export async function ensureToolchain(options: ToolchainOptions = {}): Promise<Toolchain> {
  const run = startRun(options);
  const modules = modulesFolder(options);
  const tools = describeTools(modules, options.hosts ?? RELEASE_HOSTS, run.platform);
  const fileSets = describeFileSets(modules);
  const { file, cached } = await provide(run, tools, fileSets);
  return {
    pulumi: file("pulumi"),
    etcd: file("etcd"),
    kubeApiserver: file("kube-apiserver"),
    kubeControllerManager: file("kube-controller-manager"),
    kubeScheduler: file("kube-scheduler"),
    kwok: file("kwok"),
    crdFiles: await listFileSet(cached.get("crds") ?? ""),
    kwokStageFiles: await listFileSet(cached.get("kwok-stages") ?? ""),
  };
}

/** The folder with the pinned Go modules. */
export function modulesFolder({ modules }: ToolchainOptions): string {
  return modules ?? fileURLToPath(new URL("../../toolchain", import.meta.url));
}

export function startRun(options: ToolchainOptions): Run {
  const env = options.env ?? process.env;
  return {
    log: options.log ?? (() => {}),
    env,
    cache: cacheFolder(env),
    platform: thisPlatform(),
    progressMs: options.progressMs ?? 10_000,
    downloads: {
      pulumiHost: (options.hosts ?? RELEASE_HOSTS).pulumi,
      connectTimeoutMs: options.connectTimeoutMs ?? 5_000,
      installPulumi: options.installPulumi ?? installPulumi,
    },
  };
}

/** Tools from PATH where they will do, all else from the cache, which is filled where needed. */
export async function provide(
  run: Run,
  tools: readonly Tool[],
  fileSets: readonly FileSet[],
): Promise<{ file: (name: Tool["name"]) => string; cached: ReadonlyMap<string, string> }> {
  const onPath = new Map<string, string>();
  await Promise.all(
    tools.map(async (tool) => {
      const file = await usableOnPath(tool, run.env, run.log);
      if (file) onPath.set(tool.name, file);
    }),
  );
  const missing = tools.filter((tool) => !onPath.has(tool.name));
  const cached = await collect(run, missing, fileSets);
  return { file: (name) => onPath.get(name) ?? join(cached.get(name) ?? "", "bin", name), cached };
}

/** Name of a tool or file set → its entry in the cache, which is filled where needed. */
async function collect(run: Run, tools: readonly Tool[], fileSets: readonly FileSet[]): Promise<Map<string, string>> {
  const entries = new Map<string, string>();
  const wanted = [...tools, ...fileSets];
  const look = async () => {
    for (const item of wanted) {
      if (entries.has(item.name)) continue;
      const entry = await openEntry(run.cache, entryKey(run, item), run.log);
      if (entry) entries.set(item.name, entry);
    }
    return entries.size === wanted.length;
  };
  if (await look()) return entries;
  try {
    await mkdir(run.cache, { recursive: true, mode: 0o755 });
    const onWait = ({ pid }: { pid: number }) =>
      run.log(`another run (process ${pid}) is preparing the toolchain in ${run.cache}: waiting for it`);
    await withLock(join(run.cache, "lock"), { onWait }, async () => {
      // Whoever held the lock before may have filled the cache.
      if (await look()) return;
      await removeLeftovers(run.cache);
      const missing = <T extends { name: string }>(items: readonly T[]) =>
        items.filter((item) => !entries.has(item.name));
      await download(run, missing(tools), entries);
      await build(run, missing(tools), missing(fileSets), entries);
    });
  } catch (error) {
    throw explainDisk(error, run.cache);
  }
  return entries;
}

function entryKey(run: Run, item: Tool | FileSet): string {
  return `${item.name}-${item.version}-${item.module.fingerprint}-${run.platform.os}-${run.platform.arch}`;
}

async function download(run: Run, tools: readonly Tool[], entries: Map<string, string>): Promise<void> {
  const downloader = createDownloader(run.downloads);
  try {
    for (const tool of tools) {
      if (!tool.release) continue;
      const folder = await temporaryFolder(run.cache);
      try {
        run.log(`downloading ${tool.name} ${tool.version}`);
        await downloader.fetchTool(tool, tool.release, folder);
        entries.set(tool.name, await publish(run.cache, entryKey(run, tool), folder));
      } catch (error) {
        if (!(error instanceof DownloadError)) throw error;
        run.log(`${tool.name}: ${error.message}, building from source instead`);
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    }
  } finally {
    await downloader.close();
  }
}

async function build(
  run: Run,
  tools: readonly Tool[],
  fileSets: readonly FileSet[],
  entries: Map<string, string>,
): Promise<void> {
  const [needed] = [...tools, ...fileSets].map((item) => item.module.goVersion).sort((a, b) => compareVersions(b, a));
  if (!needed) return;
  const go = await findGo(needed, run.env);
  const groups = groupBuilds(tools);
  if (groups.length > 0) {
    const seconds = groups.reduce((sum, group) => sum + group.estimateSeconds, 0);
    run.log(
      `building ${tools.map((tool) => tool.name).join(", ")} from source: about ${formatEstimate(seconds)} on this machine, once`,
    );
  }
  const jobs = [
    ...fileSets.map((set) => () => takeFiles(run, go, set, entries)),
    ...groups.map((group) => () => buildAndPublish(run, go, group, groups, entries)),
  ];
  await inParallel(jobs, buildsAtATime());
}

async function takeFiles(run: Run, go: Go, set: FileSet, entries: Map<string, string>): Promise<void> {
  const folder = await temporaryFolder(run.cache);
  await copyFileSet(go, set, folder);
  entries.set(set.name, await publish(run.cache, entryKey(run, set), folder));
}

async function buildAndPublish(
  run: Run,
  go: Go,
  group: BuildGroup,
  all: readonly BuildGroup[],
  entries: Map<string, string>,
): Promise<void> {
  const folder = await temporaryFolder(run.cache);
  const names = group.tools.map((tool) => tool.name).join(", ");
  // Builds side by side share the cores.
  const estimate = group.estimateSeconds * Math.min(all.length, buildsAtATime());
  await withProgress(`building ${names}`, estimate, run.log, run.progressMs, () => buildGroup(go, group, folder));
  for (const tool of group.tools) {
    entries.set(tool.name, await publish(run.cache, entryKey(run, tool), join(folder, tool.name)));
  }
  await rm(folder, { recursive: true, force: true });
}

/** Runs the jobs in order, at most `limit` at a time. The first failure lets what runs finish, starts nothing more, and is thrown. */
async function inParallel(jobs: readonly (() => Promise<void>)[], limit: number): Promise<void> {
  const queue = [...jobs];
  const failures: unknown[] = [];
  const worker = async () => {
    for (let job = queue.shift(); job; job = queue.shift()) {
      if (failures.length > 0) return;
      await job().catch((error: unknown) => failures.push(error));
    }
  };
  await Promise.all(Array.from({ length: limit }, worker));
  if (failures.length > 0) throw failures[0];
}
