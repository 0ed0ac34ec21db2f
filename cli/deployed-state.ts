import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { SandboxLayout } from "../sandbox/layout.ts";

/** A resource as the state file keeps it; secret values are ciphertext. */
export interface StateResource {
  readonly urn: string;
  readonly type: string;
  /** Whether an interrupted run left it to be deleted. */
  readonly delete?: boolean;
  readonly outputs?: Readonly<Record<string, unknown>>;
}

interface Checkpoint {
  readonly checkpoint?: { readonly latest?: { readonly resources?: readonly StateResource[] } };
}

/**
 * The resources of a stack's last state, read from the sandbox's state file: the engine need not start for it.
 * @returns undefined for a stack that was never brought up
 */
export function deployedResources(layout: SandboxLayout, stack: string): readonly StateResource[] | undefined {
  const file = join(layout.state, ".pulumi", "stacks", "entrada", `${stack}.json`);
  try {
    return (JSON.parse(readFileSync(file, "utf8")) as Checkpoint).checkpoint?.latest?.resources ?? [];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
