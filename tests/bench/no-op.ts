import type { PulumiFn } from "@pulumi/pulumi/automation/index.js";
import { checkoutLayout, loadSettings, stackFile } from "../../cli/project.ts";
import { openSandbox } from "../../cli/sandbox-session.ts";
import project from "../../infra/index.ts";
import { upStack } from "../../sandbox/engine/operations.ts";
import { stopSandbox } from "../../sandbox/supervisor/stop.ts";
import { flatProgram, flatState, type RecordedResource } from "./flat.ts";

/**
 * One `up` in a process of its own; prints its time in milliseconds and this process's peak memory in MiB as the last line.
 * `prepare` brings the sample company up and gives the flat program's stack a copy of its state, so that both programs
 * manage the same live resources; `dispose` stops the sandbox.
 */
const [what, option] = process.argv.slice(2);
const file = stackFile("sandbox");
const settings = loadSettings(file);

interface Exported {
  deployment: { resources: RecordedResource[] };
}

async function open(stack: string, program: PulumiFn) {
  return openSandbox({ stack, stackFile: file, settings, program });
}

async function prepare(): Promise<void> {
  const ours = await open("sandbox", project);
  await upStack(ours.stack);
  const exported = (await ours.state.export()) as unknown as Exported;
  ours.close();
  const flat = await open("flat", flatProgram(await recorded()));
  const resources = flatState(exported.deployment.resources, "flat");
  await flat.state.import({
    ...exported,
    deployment: { ...exported.deployment, resources },
  });
  await upStack(flat.stack);
  flat.close();
}

async function noOp(): Promise<object> {
  const session = what === "flat" ? await open("flat", flatProgram(await recorded())) : await open("sandbox", project);
  try {
    const started = performance.now();
    const result = await upStack(session.stack, option === "policies" ? { policies: session.policies } : {});
    const milliseconds = performance.now() - started;
    if (result.changes.length > 0) throw new Error(`The up was no no-op: ${JSON.stringify(result.changes)}`);
    return { milliseconds, mebibytes: process.resourceUsage().maxRSS / 1024, resources: result.finished };
  } finally {
    session.close();
  }
}

/** What the project's stack holds, secrets in the clear: the flat program has to say the same. */
async function recorded(): Promise<RecordedResource[]> {
  const session = await open("sandbox", project);
  try {
    return ((await session.stack.exportStack()) as unknown as Exported).deployment.resources;
  } finally {
    session.close();
  }
}

const measured =
  what === "prepare" ? await prepare() : what === "dispose" ? await stopSandbox(checkoutLayout()) : await noOp();
process.stdout.write(
  `\n${JSON.stringify(typeof measured === "object" ? measured : { milliseconds: 0, mebibytes: 0 })}\n`,
);
process.exit();
