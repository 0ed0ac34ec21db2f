import { readFileSync } from "node:fs";
import { delimiter } from "node:path";
import type { PulumiFn } from "@pulumi/pulumi/automation/index.js";
import type { SandboxLayout } from "../layout.ts";
import { localSecret } from "../secrets.ts";
import type { SupervisorRecord } from "../supervisor/record.ts";
import { attachedProviders } from "./attached.ts";
import { type OfficialPlugin, officialVariables, pluginFolders, type Variable } from "./official.ts";

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
  /** Plugins that the engine starts in place of the sandbox's stand-ins. Default: none. */
  readonly official?: readonly OfficialPlugin[];
}

/** The environment that the engine gets beside this process's own. */
export function engineEnvironment(request: StackRequest): Record<string, string> {
  const { layout, sandbox, official = [] } = request;
  return {
    ...(official.length === 0 ? {} : variablesOf(officialVariables(layout, sandbox))),
    PATH: [...pluginFolders(official), ...(request.path ?? []), process.env.PATH ?? ""].join(delimiter),
    // Beside each file the backend would keep its attributes, written in place: a kill in the middle of that leaves an empty
    // one, and then the state cannot be read ("failed to load checkpoint: EOF"). The files themselves are replaced in one step.
    PULUMI_BACKEND_URL: `file://${layout.state}?metadata=skip`,
    PULUMI_CONFIG_PASSPHRASE_FILE: localSecret(layout, "passphrase").file,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    PULUMI_DEBUG_PROVIDERS: attachedProviders(sandbox, official),
    // A backup of the whole state before each write costs more than the write itself; the checkpoint stays.
    PULUMI_DIY_BACKEND_DISABLE_CHECKPOINT_BACKUPS: "true",
    KUBECONFIG: sandbox.kubeconfig,
  };
}

function variablesOf(variables: readonly Variable[]): Record<string, string> {
  return Object.fromEntries(
    variables.map((variable) => [
      variable.name,
      "file" in variable ? readFileSync(variable.file, "utf8") : variable.value,
    ]),
  );
}
