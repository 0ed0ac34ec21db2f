import { writeFileSync } from "node:fs";
import { policyConfig } from "../../policies/config.ts";
import { line } from "../output.ts";
import { checkExceptions, policyFacts } from "../policy-pack.ts";
import { loadSettings, stackFile } from "../project.ts";

/**
 * Writes what the rules need to know of a stack's settings, as `pulumi … --policy-pack-config` takes it. Nothing needs to run
 * for it.
 * @param out file to write; absent: to the standard output
 */
export function policies({ stack, out }: { stack: string; out?: string }): void {
  checkExceptions(stack);
  const text = JSON.stringify(policyConfig(policyFacts(loadSettings(stackFile(stack)))), undefined, 2);
  if (out === undefined) line(text);
  else writeFileSync(out, `${text}\n`, { mode: 0o600 });
}
