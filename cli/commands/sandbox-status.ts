import { contracts } from "../../components/tools/registry.ts";
import { declaredTools, toolUrl } from "../../model/index.ts";
import { runningRunner } from "../../sandbox/runner/record.ts";
import type { RunnerStatus } from "../../sandbox/runner/request.ts";
import { control } from "../../sandbox/supervisor/control-client.ts";
import { runningSandbox } from "../../sandbox/supervisor/record.ts";
import { json, line } from "../output.ts";
import { checkoutLayout, loadSettings, stackFile } from "../project.ts";

/** What `status --json` prints; scripts rely on the keys. */
export interface SandboxStatus {
  readonly running: boolean;
  /** `http://127.0.0.1:port`, or null when nothing runs. */
  readonly proxy: string | null;
  readonly caFile: string | null;
  readonly kubeconfig: string | null;
  readonly tenantId: string;
  readonly stack: string;
  /** `running`: whether the tool's own processes run on this machine (`entrada sandbox run`), and are ready. */
  readonly tools: Readonly<Record<string, { url: string; running: boolean }>>;
}

export async function sandboxStatus({ json: asJson }: { json?: boolean }): Promise<void> {
  const status = await readStatus();
  if (asJson) json(status);
  else describe(status);
}

function describe({ running, tenantId, proxy, caFile, kubeconfig, tools }: SandboxStatus): void {
  if (!running) {
    line("The sandbox is not running. Start it with `npm run sandbox`.");
    return;
  }
  line(`The sandbox runs as tenant ${tenantId}.`);
  line(`  proxy       ${proxy}`);
  line(`  CA          ${caFile}`);
  line(`  kubeconfig  ${kubeconfig}`);
  for (const [id, { url, running }] of Object.entries(tools)) {
    line(`  ${id.padEnd(11)} ${url}${running ? " (runs on this machine)" : ""}`);
  }
}

async function readStatus(): Promise<SandboxStatus> {
  const stack = "sandbox";
  const settings = loadSettings(stackFile(stack));
  const layout = checkoutLayout();
  const record = runningSandbox(layout);
  const runner = runningRunner(layout);
  const real = runner === undefined ? {} : (await control<RunnerStatus>(runner, "GET", "/status")).tools;
  return {
    running: record !== undefined,
    proxy: record?.proxy ?? null,
    caFile: record?.caFile ?? null,
    kubeconfig: record?.kubeconfig ?? null,
    tenantId: settings.tenantId,
    stack,
    tools: Object.fromEntries(
      // A tool that is declared and not started is played by the stand-in node.
      declaredTools(settings, contracts).map(({ id, tool }) => [
        id,
        { url: toolUrl(tool), running: real[id]?.phase === "ready" },
      ]),
    ),
  };
}
