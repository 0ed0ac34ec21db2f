import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { policyConfig } from "../../policies/config.ts";
import { line, WrongUse } from "../output.ts";
import { checkExceptions, policyFacts } from "../policy-pack.ts";
import { loadSettings, projectRoot, stackFile } from "../project.ts";

/**
 * Writes what the rules need to know of a stack's settings, as `pulumi … --policy-pack-config` takes it. Nothing needs to run
 * for it.
 * @param out file to write; absent: to the standard output
 * @throws WrongUse for a file that would stand in the pack's way
 */
export function policies({ stack, out }: { stack: string; out?: string }): void {
  // Pulumi's starter asks Node for the pack by its folder's path, and Node looks for a file `policies.json` first.
  if (out !== undefined && resolve(out) === join(projectRoot, "policies.json")) {
    throw new WrongUse(
      [
        `--out ${out}: Pulumi would load that file in place of the folder policies. Give another name, such as policy-settings.json.`,
      ],
      "policies",
    );
  }
  checkExceptions(stack);
  const text = JSON.stringify(policyConfig(policyFacts(loadSettings(stackFile(stack)))), undefined, 2);
  if (out === undefined) line(text);
  else writeFileSync(out, `${text}\n`, { mode: 0o600 });
}
