import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { modulesFolder, provide, startRun, type ToolchainOptions } from "./index.ts";
import { describeOauth2Proxy } from "./tools.ts";
import { compareVersions, parseVersion } from "./versions.ts";

/** The newest version's module; older ones have their version behind it. */
const MODULE = "oauth2-proxy";

/**
 * The path of oauth2-proxy: from PATH, else from the cache, else built from the Go module that `toolchain/oauth2-proxy` pins
 * (a minute, once). Not part of the sandbox's own toolchain: its start does not wait for it.
 * @throws ToolchainError that names what is missing and how to get it.
 */
export async function ensureOauth2Proxy(options: ToolchainOptions = {}): Promise<string> {
  const tool = describeOauth2Proxy(join(modulesFolder(options), MODULE));
  const { file } = await provide(startRun(options), [tool], []);
  return file(tool.name);
}

/** The versions that `toolchain/` pins, newest first. */
export function oauth2ProxyVersions(options: ToolchainOptions = {}): readonly string[] {
  return pinned(options).map(({ version }) => version);
}

/**
 * The path of exactly this version, as an image has it.
 * @throws ToolchainError that names what is missing and how to get it.
 */
export async function ensureOauth2ProxyVersion(version: string, options: ToolchainOptions = {}): Promise<string> {
  const tool = pinned(options).find((candidate) => candidate.version === version);
  if (!tool)
    throw new Error(`oauth2-proxy ${version} is not pinned; there is ${oauth2ProxyVersions(options).join(", ")}`);
  const [major, minor, patch] = tool.range.min;
  const exact = { ...tool, range: { min: tool.range.min, below: [major, minor, patch + 1] as const } };
  const { file } = await provide(startRun(options), [exact], []);
  return file(tool.name);
}

function pinned(options: ToolchainOptions) {
  const modules = modulesFolder(options);
  return readdirSync(modules)
    .filter((name) => name === MODULE || name.startsWith(`${MODULE}-`))
    .filter((name) => existsSync(join(modules, name, "go.mod")))
    .map((name) => describeOauth2Proxy(join(modules, name)))
    .sort((a, b) => compareVersions(parseVersion(b.version) ?? [0, 0, 0], parseVersion(a.version) ?? [0, 0, 0]));
}
