import { modulesFolder, provide, startRun, type ToolchainOptions } from "./index.ts";
import { describeOauth2Proxy } from "./tools.ts";

/**
 * The path of oauth2-proxy: from PATH, else from the cache, else built from the Go module that `toolchain/oauth2-proxy` pins
 * (a minute, once). Not part of the sandbox's own toolchain: its start does not wait for it.
 * @throws ToolchainError that names what is missing and how to get it.
 */
export async function ensureOauth2Proxy(options: ToolchainOptions = {}): Promise<string> {
  const tool = describeOauth2Proxy(modulesFolder(options));
  const { file } = await provide(startRun(options), [tool], []);
  return file(tool.name);
}
