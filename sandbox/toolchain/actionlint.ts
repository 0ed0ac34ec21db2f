import { join } from "node:path";
import { modulesFolder, provide, startRun, type ToolchainOptions } from "./index.ts";
import { describeActionlint } from "./tools.ts";

/**
 * The path of actionlint, which checks the workflows of `.github/`: from PATH, else from the cache, else built from the Go
 * module that `toolchain/actionlint` pins (20 s, once). Not part of the sandbox's own toolchain.
 * @throws ToolchainError that names what is missing and how to get it.
 */
export async function ensureActionlint(options: ToolchainOptions = {}): Promise<string> {
  const tool = describeActionlint(join(modulesFolder(options), "actionlint"));
  const { file } = await provide(startRun(options), [tool], []);
  return file(tool.name);
}
