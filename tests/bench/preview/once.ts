import { readFileSync, writeFileSync } from "node:fs";
import type { EngineEvent, PulumiFn } from "@pulumi/pulumi/automation/index.js";
import { checkoutLayout, loadSettings } from "../../../cli/project.ts";
import { openSandbox } from "../../../cli/sandbox-session.ts";
import project from "../../../infra/index.ts";
import { ChangeCollector } from "../../../sandbox/engine/changes.ts";
import { OperationFailed, previewStack } from "../../../sandbox/engine/operations.ts";
import { stopSandbox } from "../../../sandbox/supervisor/stop.ts";
import { flatProgram, type RecordedResource } from "../flat.ts";
import { ChildProcesses } from "./processes.ts";

/** What one preview took. */
export interface Preview {
  readonly milliseconds: number;
  /** Processor time of this process (the program), the engine and the policy pack. The sandbox's own processes are not in it. */
  readonly seconds: number;
  /** What providers would make. */
  readonly resources: number;
  /** Everything that the program registers: components and providers too. */
  readonly registered: number;
  /** Peak memory in MiB: of this process, and of what it starts by the programs' names. */
  readonly mebibytes: { readonly program: number; readonly [child: string]: number };
}

/**
 * One preview of a whole stack as new, in a process of its own; prints a `Preview` as the last line. `record` previews the project and writes down
 * what it registers, for `flat`; `dispose` stops the sandbox.
 */
const [what = "", stackFile = "", recording = ""] = process.argv.slice(2);

async function open(program: PulumiFn) {
  return openSandbox({ stack: "prod", stackFile, settings: loadSettings(stackFile), program });
}

async function preview(): Promise<Preview> {
  const session = await open(what === "flat" ? flatProgram(recorded()) : project);
  const children = new ChildProcesses();
  try {
    const begin = process.cpuUsage();
    const started = performance.now();
    const result = await previewStack(session.stack, what === "policies" ? { policies: session.policies } : {});
    const milliseconds = performance.now() - started;
    const { user, system } = process.cpuUsage(begin);
    children.close();
    const { create: registered = 0, ...other } = result.counts;
    if (Object.keys(other).length > 0) throw new Error(`Not everything is new: ${JSON.stringify(other)}`);
    const program = process.resourceUsage().maxRSS / 1024;
    return {
      milliseconds,
      seconds: (user + system) / 1e6 + children.seconds,
      resources: result.resources,
      registered,
      mebibytes: { ...children.peaks, program },
    };
  } catch (error) {
    if (!(error instanceof OperationFailed)) throw error;
    const { errors, mandatory } = error.collected;
    throw new Error([error.message, ...errors, ...mandatory.map(({ message }) => message)].join("\n"));
  } finally {
    children.close();
    session.close();
  }
}

/** Inputs as the providers checked them. What a preview does not know stands there in the engine's own word for it, which goes in again as it is. */
async function record(): Promise<object> {
  const session = await open(project);
  const resources: RecordedResource[] = [];
  const listener = new ChangeCollector();
  try {
    await session.stack.preview({
      suppressProgress: true,
      onEvent: (event: EngineEvent) => {
        listener.onEvent(event);
        const made = event.resourcePreEvent?.metadata;
        if (made?.new === undefined || made.op !== "create") return;
        const { type, inputs, custom = true } = { ...made.new, custom: isCustom(made.new.type) };
        resources.push({ urn: made.urn, type, custom, inputs, provider: made.provider });
      },
    });
  } finally {
    session.close();
  }
  writeFileSync(recording, JSON.stringify(resources));
  return { resources: listener.resources };
}

function isCustom(type: string): boolean {
  return !type.startsWith("entrada:") && type !== "pulumi:pulumi:Stack";
}

/** What is a component in the project is left out: the flat program has none. */
function recorded(): RecordedResource[] {
  return (JSON.parse(readFileSync(recording, "utf8")) as RecordedResource[]).filter(({ custom }) => custom);
}

async function run(): Promise<object> {
  if (what === "record") return record();
  if (what !== "dispose") return preview();
  await stopSandbox(checkoutLayout());
  return {};
}

process.stdout.write(`\n${JSON.stringify(await run())}\n`);
process.exit();
