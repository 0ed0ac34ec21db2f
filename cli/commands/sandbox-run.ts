import { setTimeout as delay } from "node:timers/promises";
import { contracts } from "../../components/tools/registry.ts";
import { declaredTools, type Settings, toolUrl } from "../../model/index.ts";
import { type RunnerRecord, runningRunner } from "../../sandbox/runner/record.ts";
import type { RunnerStatus, RunTool } from "../../sandbox/runner/request.ts";
import { ensureRunner } from "../../sandbox/runner/start.ts";
import { stopRunner } from "../../sandbox/runner/stop.ts";
import { control } from "../../sandbox/supervisor/control-client.ts";
import { runningSandbox } from "../../sandbox/supervisor/record.ts";
import { bold, dim, green, line, Refusal, step, WrongUse } from "../output.ts";
import { checkoutLayout, loadSettings, stackFile } from "../project.ts";
import { refuseWhatCannotRun } from "../runnable.ts";
import { type DeployedStack, deployedStack } from "../sign-in/deployed.ts";
import { storesOf } from "../stores.ts";

export interface RunOptions {
  readonly stack: string;
  readonly stackFile?: string;
  /** Whether background workers run too, and not only what people can connect to. */
  readonly all?: boolean;
  /** Whether the command stays until it is interrupted, and takes the tools down then. */
  readonly attach?: boolean;
}

const POLL_MS = 250;

/** Starts the tools' pods as processes of this machine, and says where to open them. */
export async function sandboxRun(ids: readonly string[], options: RunOptions): Promise<void> {
  if (process.platform !== "linux") {
    throw new Refusal(
      `Tools run in Linux namespaces, which ${process.platform} has not: use a Linux machine or WSL 2. All else of the sandbox works here.`,
    );
  }
  const layout = checkoutLayout();
  const settings = loadSettings(options.stackFile ?? stackFile(options.stack));
  const sandbox = runningSandbox(layout);
  if (sandbox === undefined) throw new Refusal("The sandbox is not running. Start it with `npm run sandbox`.");
  const { tools, keyVault } = runnable(ids, settings, deployedStack(layout, options.stack));
  const extent = options.all === true ? "all" : "reachable";
  await refuseWhatCannotRun(sandbox.kubeconfig, tools, extent);

  const interrupted = new AbortController();
  const onSignal = () => interrupted.abort();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, onSignal);
  const runner = await step("Runner", (report) => ensureRunner(layout, { sandbox, keyVault }, report));
  const before = (await control<RunnerStatus>(runner, "GET", "/status")).tools;
  try {
    await control(runner, "POST", "/run", { tools, stores: storesOf(settings, ids), extent });
    await untilReady(runner, ids, interrupted.signal);
  } catch (error) {
    // What ran before goes on.
    await takeDown(
      runner,
      ids.filter((id) => before[id] === undefined),
    );
    throw error;
  }
  line();
  for (const { id, url } of tools) line(`${green(id)}: ${bold(url)}`);
  line();
  line(`Open one:  ${bold(`npx entrada sandbox browse ${ids[0]}`)}`);
  line(dim(`Another browser needs the proxy ${sandbox.proxy}, and has to trust ${sandbox.caFile}.`));
  if (options.attach !== true) {
    line(`Their logs: ${layout.logs}/pods. ${bold(`npx entrada sandbox stop ${ids.join(" ")}`)} ends them.`);
    return;
  }
  line(`Their logs: ${layout.logs}/pods. Ctrl-C ends them.`);
  await interruption(interrupted.signal);
  await takeDown(runner, ids);
}

/** What of the deployed stack the tools need. @throws WrongUse for tools that nobody knows, Refusal for those without pods */
function runnable(
  ids: readonly string[],
  settings: Settings,
  { tools: deployed, keyVault }: DeployedStack,
): { tools: RunTool[]; keyVault: string } {
  const declared = declaredTools(settings, contracts);
  const unknown = ids.filter((id) => !declared.some((tool) => tool.id === id));
  if (unknown.length > 0) {
    const known = declared.map(({ id }) => id).join(", ");
    throw new WrongUse(
      unknown.map((id) => `The settings have no tool "${id}". They have: ${known}.`),
      "sandbox run",
    );
  }
  const missing = ids.filter((id) => deployed[id]?.namespace === undefined);
  if (missing.length > 0 || keyVault === undefined) {
    throw new Refusal(
      `${missing.join(", ") || "The vault"}: not up in this sandbox. Run \`npx entrada sandbox up\` first.`,
    );
  }
  const tools = declared
    .filter(({ id }) => ids.includes(id))
    .map(({ id, tool }) => ({ id, namespace: deployed[id]?.namespace ?? "", url: toolUrl(tool) }));
  return { tools, keyVault };
}

/** Ends the tools' pods; without names all that run. */
export async function sandboxStop(ids: readonly string[]): Promise<void> {
  const layout = checkoutLayout();
  const runner = runningRunner(layout);
  if (runner === undefined) {
    // One that was killed may have left something.
    await stopRunner(layout);
    return line("No tool runs on this machine: nothing to stop.");
  }
  const { tools } = await control<RunnerStatus>(runner, "GET", "/status");
  const wanted = ids.length > 0 ? ids : Object.keys(tools);
  const strangers = wanted.filter((id) => tools[id] === undefined);
  if (strangers.length > 0) {
    throw new Refusal(
      `${strangers.join(", ")}: not running. What runs: ${Object.keys(tools).join(", ") || "nothing"}.`,
    );
  }
  await takeDown(runner, wanted);
}

async function takeDown(runner: RunnerRecord, ids: readonly string[]): Promise<void> {
  await step(`Stopping ${ids.join(", ")}`, async () => {
    const { left } = await control<{ left: boolean }>(runner, "POST", "/stop", { tools: ids });
    if (!left) await stopRunner(checkoutLayout());
  });
}

/** Waits until every tool is ready, and says what is being done. @throws Refusal with the reasons of those that failed */
async function untilReady(runner: RunnerRecord, ids: readonly string[], signal: AbortSignal): Promise<void> {
  await step("Starting", async (report) => {
    let said = "";
    for (;;) {
      if (signal.aborted) throw new Refusal("Interrupted: what had started is ended.");
      const { tools } = await control<RunnerStatus>(runner, "GET", "/status");
      const states = ids.map((id) => [id, tools[id]] as const);
      const failed = states.filter(([, state]) => state?.phase === "failed");
      if (failed.length > 0) {
        throw new Refusal(failed.map(([id, state]) => `${id} did not start: ${state?.failure}`).join("\n"));
      }
      if (states.every(([, state]) => state?.phase === "ready")) return;
      const now = states.map(([id, state]) => `${id}: ${state?.step}`).join(", ");
      if (now !== said) report(now);
      said = now;
      await delay(POLL_MS);
    }
  });
}

function interruption(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    // The timer keeps the process there.
    const timer = setInterval(() => {}, 60_000);
    signal.addEventListener("abort", () => {
      clearInterval(timer);
      resolve();
    });
  });
}
