import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Unwrap } from "@pulumi/pulumi";
import type { ToolOutputs } from "../../components/tools/tool.ts";
import type { SandboxLayout } from "../../sandbox/layout.ts";
import { Refusal } from "../output.ts";

/** What the stack's outputs say of a deployed tool. */
export type DeployedTool = Unwrap<ToolOutputs>;

/** What the stack's outputs say. */
export interface DeployedStack {
  readonly tools: Readonly<Record<string, DeployedTool>>;
  /** Name of the environment's vault. */
  readonly keyVault?: string;
}

interface Checkpoint {
  readonly checkpoint?: {
    readonly latest?: {
      readonly resources?: readonly { readonly type: string; readonly outputs?: Partial<DeployedStack> }[];
    };
  };
}

/** Reads the stack's outputs from the sandbox's state file: nothing in them is secret, and the engine need not start for it. */
export function deployedStack(layout: SandboxLayout, stack: string): DeployedStack {
  const file = join(layout.state, ".pulumi", "stacks", "entrada", `${stack}.json`);
  let state: Checkpoint;
  try {
    state = JSON.parse(readFileSync(file, "utf8")) as Checkpoint;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT")
      throw new Refusal(`Stack ${stack} is not up in this sandbox. Run \`npm run sandbox\`.`);
    throw error;
  }
  const root = state.checkpoint?.latest?.resources?.find(({ type }) => type === "pulumi:pulumi:Stack");
  return { tools: {}, ...root?.outputs };
}

/** The deployed tools alone, by id. */
export function deployedTools(layout: SandboxLayout, stack: string): DeployedStack["tools"] {
  return deployedStack(layout, stack).tools;
}
