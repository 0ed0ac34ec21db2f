import { type ChildProcess, spawn } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import type * as rpc from "@pulumi/pulumi/proto/language_pb.js";
import { type NodeOptions, readOptions } from "./options.ts";

/** Exit code by which the SDK says that it has told the user everything already (@pulumi/pulumi/cmd/run). */
const ALREADY_TOLD = 32;

/** A Node process to be started. */
export interface NodeCommand {
  readonly args: readonly string[];
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
}

/** How a program ended: `bail` where the user has been told why already. */
export interface Outcome {
  readonly error: string;
  readonly bail: boolean;
}

/** The program of a stack, run by the SDK's own starter with the arguments that the official language host gives it. */
export function programCommand(request: rpc.RunRequest, engine: string): NodeCommand {
  const info = infoOf(request);
  const { nodeargs, variables } = optionsOf(info);
  const named = {
    monitor: request.getMonitorAddress(),
    engine,
    organization: request.getOrganization(),
    project: request.getProject(),
    "root-directory": info.getRootDirectory(),
    stack: request.getStack(),
    pwd: request.getPwd(),
    parallel: String(request.getParallel()),
  };
  const config = Object.fromEntries(request.getConfigMap().toArray());
  return {
    args: [
      ...nodeargs,
      starter("run", info),
      ...Object.entries(named).flatMap(([name, value]) => (value === "" ? [] : [`--${name}`, value])),
      ...(request.getDryrun() ? ["--dry-run"] : []),
      info.getEntryPoint(),
      ...request.getArgsList(),
    ],
    folder: request.getPwd(),
    env: {
      ...process.env,
      ...variables,
      PULUMI_CONFIG: JSON.stringify(config),
      PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
    },
  };
}

/**
 * A policy pack, or another plugin written for Node. The pack's JavaScript `main` is loaded by the SDK's starter, whose own
 * TypeScript compiler is not needed for it.
 */
export function pluginCommand(request: rpc.RunPluginRequest): NodeCommand {
  const info = infoOf(request);
  const { nodeargs, variables } = optionsOf(info);
  const analyzer = request.getKind() === "analyzer";
  const given = request.getEnvList().map((pair) => {
    const at = pair.indexOf("=");
    return [pair.slice(0, at), pair.slice(at + 1)] as const;
  });
  return {
    args: [
      ...nodeargs,
      starter(analyzer ? "run-policy-pack" : "run-plugin", info),
      ...request.getArgsList(),
      info.getProgramDirectory(),
    ],
    folder: analyzer ? info.getProgramDirectory() : request.getPwd(),
    env: { ...Object.fromEntries(given), ...variables },
  };
}

/** Starts a command; its standard output and error are pipes. */
export function start({ args, folder, env }: NodeCommand): ChildProcess & { stdout: NodeJS.ReadableStream } {
  return spawn(process.execPath, [...args], { cwd: folder, env, stdio: ["ignore", "pipe", "pipe"] });
}

/** What a program's end means for the engine. */
export function outcomeOf(code: number | null, signal: NodeJS.Signals | null): Outcome {
  if (code === 0) return { error: "", bail: false };
  if (code === ALREADY_TOLD) return { error: "", bail: true };
  const how = signal === null ? `with the exit code ${code}` : `by ${signal}`;
  return { error: `The program ended ${how}; what it printed says why.`, bail: false };
}

function infoOf(request: { getInfo(): rpc.ProgramInfo | undefined }): rpc.ProgramInfo {
  const info = request.getInfo();
  if (info === undefined)
    throw new Error("The engine says nothing of the program: it is too old for this language host.");
  return info;
}

function optionsOf(info: rpc.ProgramInfo): NodeOptions {
  return readOptions((info.getOptions()?.toJavaScript() ?? {}) as Record<string, unknown>);
}

/** The SDK's own starter, as the program's folder finds it. */
function starter(name: "run" | "run-policy-pack" | "run-plugin", info: rpc.ProgramInfo): string {
  const folder = info.getProgramDirectory();
  const module = `@pulumi/pulumi/cmd/${name}`;
  try {
    return createRequire(join(folder, "package.json")).resolve(module);
  } catch {
    // In these words the engine knows the case, and says itself what to do.
    throw new Error(`Cannot find module '${module}' from ${folder}. Run \`npm ci\` in the project's folder.`);
  }
}
