import { execFile } from "node:child_process";
import { createWriteStream } from "node:fs";
import { chmod, mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { promisify } from "node:util";
import { EnvHttpProxyAgent, fetch, type Response } from "undici";
import { sha256 } from "./cache.ts";
import { isDiskFull } from "./errors.ts";
import type { Release, Tool } from "./tools.ts";

const run = promisify(execFile);

/** A ready-built binary cannot be had; the reason is one clause for people. */
export class DownloadError extends Error {
  override readonly name = "DownloadError";
}

export interface Downloader {
  /** Puts the tool's files below `folder`/bin. @throws DownloadError when the host or the checksum fails. */
  fetchTool(tool: Tool, release: Release, folder: string): Promise<void>;
  close(): Promise<void>;
}

export interface DownloadOptions {
  readonly pulumiHost: string;
  /** How long a host may take to answer. */
  readonly connectTimeoutMs: number;
  /** Puts the Pulumi CLI below `root`/bin. */
  readonly installPulumi: (root: string) => Promise<void>;
}

/** Downloads over the proxy that HTTPS_PROXY and NO_PROXY name, if any. A host that did not answer once is not asked again. */
export function createDownloader(options: DownloadOptions): Downloader {
  const agent = new EnvHttpProxyAgent({ connect: { timeout: options.connectTimeoutMs }, bodyTimeout: 30_000 });
  const silent = new Set<string>();

  async function get(url: string): Promise<Response> {
    const host = new URL(url).host;
    if (silent.has(host)) throw new DownloadError(`${host} is not reachable`);
    const controller = new AbortController();
    // Counts until the answer begins: a large file may take as long as it takes.
    const timer = setTimeout(() => controller.abort(), options.connectTimeoutMs);
    try {
      const response = await fetch(url, { dispatcher: agent, signal: controller.signal });
      if (!response.ok) throw new DownloadError(`${host} answers ${response.status} for ${new URL(url).pathname}`);
      return response;
    } catch (error) {
      if (error instanceof DownloadError) throw error;
      silent.add(host);
      throw new DownloadError(`${host} is not reachable`);
    } finally {
      clearTimeout(timer);
    }
  }

  async function save(url: string, file: string): Promise<void> {
    const { body } = await get(url);
    if (!body) throw new DownloadError(`${new URL(url).host} sent an empty answer`);
    try {
      await pipeline(Readable.fromWeb(body), createWriteStream(file));
    } catch (error) {
      if (isDiskFull(error)) throw error;
      throw new DownloadError(`the download from ${new URL(url).host} broke off`);
    }
  }

  async function saveChecked(url: string, checksumUrl: string, file: string): Promise<void> {
    const name = new URL(url).pathname.split("/").at(-1) ?? "";
    const expected = findChecksum(await (await get(checksumUrl)).text(), name);
    if (!expected) throw new DownloadError(`${checksumUrl} holds no checksum for ${name}`);
    await save(url, file);
    const found = await sha256(file);
    if (found === expected) return;
    await rm(file, { force: true });
    throw new DownloadError(
      `the checksum of ${url} is ${found}, but its publisher says ${expected}; the file was thrown away`,
    );
  }

  return {
    async fetchTool(tool, release, folder) {
      const bin = join(folder, "bin");
      await mkdir(bin, { recursive: true });
      const target = join(bin, tool.name);
      if (release.kind === "pulumi-installer") {
        await get(options.pulumiHost).then((response) => response.body?.cancel());
        await options.installPulumi(folder).catch((error: unknown) => {
          throw new DownloadError(`Pulumi's installer failed (${firstLine(error)})`);
        });
        return;
      }
      if (release.kind === "binary") {
        await saveChecked(release.url, release.checksumUrl, target);
      } else {
        const archive = join(folder, "archive.tar.gz");
        await saveChecked(release.url, release.checksumUrl, archive);
        await run("tar", ["-xzf", archive, "-C", folder, release.member]);
        await rename(join(folder, release.member), target);
        await rm(join(folder, release.member, ".."), { recursive: true, force: true });
        await rm(archive);
      }
      await chmod(target, 0o755);
    },
    close: () => agent.close(),
  };
}

/** Reads both forms that publishers use: the digest alone, or lines of digest and file name. */
export function findChecksum(text: string, name: string): string | undefined {
  const lines = text.split("\n").map((line) => line.trim().split(/\s+\*?/));
  const line = lines.find((words) => words[1] === name) ?? (lines[0]?.length === 1 ? lines[0] : undefined);
  const digest = line?.[0]?.toLowerCase();
  return digest && /^[0-9a-f]{64}$/.test(digest) ? digest : undefined;
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split("\n")[0] ?? "";
}
