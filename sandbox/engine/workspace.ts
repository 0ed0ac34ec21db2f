import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { LocalWorkspace, PulumiCommand, type PulumiFn, type Stack } from "@pulumi/pulumi/automation/index.js";
import { parse, parseDocument } from "yaml";
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

/**
 * Opens (or makes) the stack in the sandbox's own backend. The engine works on copies of Pulumi.yaml and the stack file:
 * the passphrase provider writes its salt into the stack file at the first operation, and the checkout has to stay clean.
 */
export async function openStack(request: StackRequest): Promise<Stack> {
  const project = prepareWorkspace(request);
  return LocalWorkspace.createOrSelectStack(
    { stackName: request.stack, projectName: project, program: request.program },
    {
      workDir: request.layout.workspace,
      pulumiCommand: await pulumiCommand(request),
      pulumiHome: request.layout.pulumiHome,
      envVars: engineEnvironment(request),
    },
  );
}

/** The environment that the engine gets beside this process's own. */
export function engineEnvironment(request: StackRequest): Record<string, string> {
  const { layout, sandbox } = request;
  return {
    PATH: [...(request.path ?? []), process.env.PATH ?? ""].join(delimiter),
    PULUMI_BACKEND_URL: `file://${layout.state}`,
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

/** Copies the project's and the stack's file into the workspace; answers the project's name. */
function prepareWorkspace({ layout, projectFile, stackFile, stack }: StackRequest): string {
  const project = parse(readFileSync(projectFile, "utf8")) as { name: string; runtime: unknown };
  const copiedStackFile = join(layout.workspace, `Pulumi.${stack}.yaml`);
  // The inline program has no files of its own, so neither `main` nor the stack files' folder is carried over.
  writeFileSync(join(layout.workspace, "Pulumi.yaml"), `name: ${project.name}\nruntime: nodejs\n`);
  const document = parseDocument(readFileSync(stackFile, "utf8"));
  const salt = existsSync(copiedStackFile)
    ? (parse(readFileSync(copiedStackFile, "utf8")) as { encryptionsalt?: string } | null)?.encryptionsalt
    : undefined;
  if (salt) document.set("encryptionsalt", salt);
  writeFileSync(copiedStackFile, document.toString(), { mode: 0o600 });
  return project.name;
}

async function pulumiCommand({ layout, pulumi }: StackRequest): Promise<PulumiCommand> {
  // PulumiCommand looks for <root>/bin/pulumi.
  const root = join(layout.run, "pulumi");
  mkdirSync(join(root, "bin"), { recursive: true });
  const link = join(root, "bin", "pulumi");
  rmSync(link, { force: true });
  symlinkSync(pulumi, link);
  return PulumiCommand.get({ root, skipVersionCheck: true });
}
