import { contracts } from "../../components/tools/registry.ts";
import { declaredTools, toolUrl } from "../../model/index.ts";
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
  /** `running`: whether the tool's own processes run on this machine. */
  readonly tools: Readonly<Record<string, { url: string; running: boolean }>>;
}

export function sandboxStatus({ json: asJson }: { json?: boolean }): void {
  const status = readStatus();
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
  for (const [id, { url }] of Object.entries(tools)) line(`  ${id.padEnd(11)} ${url}`);
}

function readStatus(): SandboxStatus {
  const stack = "sandbox";
  const settings = loadSettings(stackFile(stack));
  const record = runningSandbox(checkoutLayout());
  return {
    running: record !== undefined,
    proxy: record?.proxy ?? null,
    caFile: record?.caFile ?? null,
    kubeconfig: record?.kubeconfig ?? null,
    tenantId: settings.tenantId,
    stack,
    tools: Object.fromEntries(
      // Tools are declared, not started: what runs in the cluster are its stand-in node's pods.
      declaredTools(settings, contracts).map(({ id, tool }) => [id, { url: toolUrl(tool), running: false }]),
    ),
  };
}
