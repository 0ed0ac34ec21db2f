import { execFile } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { engineEnvironment, type StackRequest } from "./environment.ts";

/** A stack's deployment as the engine keeps it: secrets stay ciphertext. */
export interface StackState {
  export(): Promise<Record<string, unknown>>;
  import(state: Record<string, unknown>): Promise<void>;
}

/**
 * Reads and replaces a stack's state by the engine's own `stack export` and `stack import`. The Automation API's methods
 * of these names decrypt every secret, and pass the plain text through a file in the system's temporary folder.
 */
export function stackState(request: StackRequest): StackState {
  const { layout, pulumi, stack } = request;
  const run = (...args: string[]) =>
    promisify(execFile)(pulumi, ["stack", ...args, "--stack", stack, "--non-interactive"], {
      cwd: layout.workspace,
      env: { ...process.env, ...engineEnvironment(request), PULUMI_HOME: layout.pulumiHome },
      maxBuffer: 1024 * 1024 * 1024,
    });
  return {
    export: async () => JSON.parse((await run("export")).stdout) as Record<string, unknown>,
    import: async (state) => {
      const file = join(layout.run, "state-to-import.json");
      writeFileSync(file, JSON.stringify(state), { mode: 0o600 });
      try {
        await run("import", "--file", file);
      } finally {
        rmSync(file);
      }
    },
  };
}
