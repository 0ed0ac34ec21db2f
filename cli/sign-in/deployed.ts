import type { Unwrap } from "@pulumi/pulumi";
import type { ToolOutputs } from "../../components/tools/tool.ts";
import type { SandboxLayout } from "../../sandbox/layout.ts";
import { deployedResources } from "../deployed-state.ts";
import { Refusal } from "../output.ts";

/** What the stack's outputs say of a deployed tool. */
export type DeployedTool = Unwrap<ToolOutputs>;

/** What the stack's outputs say. */
export interface DeployedStack {
  readonly tools: Readonly<Record<string, DeployedTool>>;
  /** Name of the environment's vault. */
  readonly keyVault?: string;
}

/** Reads the stack's outputs from the sandbox's state file: nothing in them is secret, and the engine need not start for it. */
export function deployedStack(layout: SandboxLayout, stack: string): DeployedStack {
  const resources = deployedResources(layout, stack);
  if (resources === undefined) throw new Refusal(`Stack ${stack} is not up in this sandbox. Run \`npm run sandbox\`.`);
  const root = resources.find(({ type }) => type === "pulumi:pulumi:Stack");
  return { tools: {}, ...(root?.outputs as Partial<DeployedStack> | undefined) };
}

/** The deployed tools alone, by id. */
export function deployedTools(layout: SandboxLayout, stack: string): DeployedStack["tools"] {
  return deployedStack(layout, stack).tools;
}
