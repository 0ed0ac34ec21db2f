import { delimiter } from "node:path";
import type { PulumiFn } from "@pulumi/pulumi/automation/index.js";
import type { SandboxLayout } from "../layout.ts";
import { localSecret } from "../secrets.ts";
import type { SupervisorRecord } from "../supervisor/record.ts";

/** What the engine needs to run a program against a sandbox. */
export interface StackRequest {
  readonly layout: SandboxLayout;
  readonly sandbox: SupervisorRecord;
  /** The Pulumi CLI's executable. */
  readonly pulumi: string;
  /** The project's Pulumi.yaml. */
  readonly projectFile: string;
  /** The environment's stack file; copied, never written to. */
  readonly stackFile: string;
  readonly stack: string;
  /** Runs inside this process: no language host is needed, the same stack file applies. */
  readonly program: PulumiFn;
  /** Folders that come first on the engine's PATH (the policy pack's analyzer). */
  readonly path?: readonly string[];
}

/** The environment that the engine gets beside this process's own. */
export function engineEnvironment(request: StackRequest): Record<string, string> {
  const { layout, sandbox } = request;
  return {
    PATH: [...(request.path ?? []), process.env.PATH ?? ""].join(delimiter),
    // Beside each file the backend would keep its attributes, written in place: a kill in the middle of that leaves an empty
    // one, and then the state cannot be read ("failed to load checkpoint: EOF"). The files themselves are replaced in one step.
    PULUMI_BACKEND_URL: `file://${layout.state}?metadata=skip`,
    PULUMI_CONFIG_PASSPHRASE_FILE: localSecret(layout, "passphrase").file,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    PULUMI_DEBUG_PROVIDERS: Object.entries(sandbox.providers)
      .map(([name, port]) => `${name}:${port}`)
      .join(","),
    // A backup of the whole state before each write costs more than the write itself; the checkpoint stays.
    PULUMI_DIY_BACKEND_DISABLE_CHECKPOINT_BACKUPS: "true",
    KUBECONFIG: sandbox.kubeconfig,
  };
}
