import {
  existsSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { LocalWorkspace, PulumiCommand, type Stack } from "@pulumi/pulumi/automation/index.js";
import { parse, parseDocument } from "yaml";
import type { SandboxLayout } from "../layout.ts";
import { engineEnvironment, type StackRequest } from "./environment.ts";

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
  // In one step: a kill in the middle of the writing would lose the salt, and with it every secret of the state.
  writeFileSync(`${copiedStackFile}.next`, document.toString(), { mode: 0o600 });
  renameSync(`${copiedStackFile}.next`, copiedStackFile);
  return project.name;
}

async function pulumiCommand({ layout, pulumi }: StackRequest): Promise<PulumiCommand> {
  const link = pulumiLink(layout);
  mkdirSync(dirname(link), { recursive: true });
  rmSync(link, { force: true });
  symlinkSync(pulumi, link);
  return PulumiCommand.get({ root: pulumiRoot(layout), skipVersionCheck: true });
}

/** The Pulumi CLI that the sandbox was last used with; undefined before its first use. */
export function usedPulumi(layout: SandboxLayout): string | undefined {
  try {
    return readlinkSync(pulumiLink(layout));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

const pulumiRoot = (layout: SandboxLayout) => join(layout.run, "pulumi");
/** PulumiCommand looks for <root>/bin/pulumi. */
const pulumiLink = (layout: SandboxLayout) => join(pulumiRoot(layout), "bin", "pulumi");
