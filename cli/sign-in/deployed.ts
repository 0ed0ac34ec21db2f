import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { SandboxLayout } from "../../sandbox/layout.ts";
import { Refusal } from "../output.ts";

/** What the stack's outputs say of a deployed tool. */
export interface DeployedTool {
  readonly url: string;
  readonly clientId: string;
  readonly tenantId: string;
  readonly namespace: string;
  readonly serviceAccount: string;
}

interface Checkpoint {
  readonly checkpoint?: {
    readonly latest?: {
      readonly resources?: readonly {
        readonly type: string;
        readonly outputs?: { readonly tools?: Record<string, DeployedTool> };
      }[];
    };
  };
}

/** Reads the stack's outputs from the sandbox's state file: nothing in them is secret, and the engine need not start for it. */
export function deployedTools(layout: SandboxLayout, stack: string): Readonly<Record<string, DeployedTool>> {
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
  return root?.outputs?.tools ?? {};
}
