import { execFile } from "node:child_process";
import { accessSync, constants, statSync } from "node:fs";
import { delimiter, isAbsolute, join } from "node:path";
import { promisify } from "node:util";
import type { Tool } from "./tools.ts";
import { describeRange, inRange, parseVersion } from "./versions.ts";

const run = promisify(execFile);

/** The first executable file of that name on a PATH; undefined when there is none. Relative entries are not trusted. */
export function findOnPath(name: string, path: string): string | undefined {
  return path
    .split(delimiter)
    .filter((folder) => isAbsolute(folder))
    .map((folder) => join(folder, name))
    .find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/** A tool of the right version on PATH; says why one that is there will not do. */
export async function usableOnPath(
  tool: Tool,
  env: NodeJS.ProcessEnv,
  log: (line: string) => void,
): Promise<string | undefined> {
  const file = findOnPath(tool.name, env.PATH ?? "");
  if (!file) return undefined;
  const version = await printedVersion(file, tool.versionArguments, env);
  if (!version) {
    log(`${file} does not say its version: passed over`);
    return undefined;
  }
  if (inRange(version, tool.range)) return file;
  log(`${file} is ${version.join(".")}, but ${describeRange(tool.range)} is needed: passed over`);
  return undefined;
}

async function printedVersion(file: string, args: readonly string[], env: NodeJS.ProcessEnv) {
  try {
    const { stdout, stderr } = await run(file, [...args], {
      env: { ...env, PULUMI_SKIP_UPDATE_CHECK: "true" },
      timeout: 15_000,
    });
    return parseVersion(stdout) ?? parseVersion(stderr);
  } catch {
    return undefined;
  }
}
