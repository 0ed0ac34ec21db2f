import { OperationFailed, previewStack, refreshStack, upStack } from "../sandbox/engine/operations.ts";
import { line, Refusal, step } from "./output.ts";
import { describeDrift, describeFailure, summarise } from "./sandbox-report.ts";
import type { OpenSandbox } from "./sandbox-session.ts";

/**
 * Brings the stack to what the program says: with `refresh`, after reading what really is there. The preview comes first
 * and is what the policies stop: during an `up` they could stop only what they had not seen pass.
 * @returns whether anything had to change, and how many resources the stack has.
 */
export async function applyStack(
  session: OpenSandbox,
  refresh: boolean,
): Promise<{ readonly changed: boolean; readonly resources: number }> {
  const { stack, policies } = session;
  if (refresh) {
    const drift = await step("Reading what really is there", () => refusing(refreshStack(stack)));
    for (const text of describeDrift(drift)) line(`    ${text}`);
  }
  const preview = await step("Previewing with policies", () => refusing(previewStack(stack, { policies })));
  for (const violation of preview.violations) line(`    advice: ${violation.policy}: ${violation.message}`);
  // A run that was killed after its last resource has not written the stack's outputs, and no preview shows that.
  const { resources } = preview;
  if (preview.changes.length === 0 && session.complete) return { changed: false, resources };
  const result = await step(`Applying ${preview.changes.length} changes`, (progress) => {
    let told = Date.now();
    const onProgress = (finished: number) => {
      if (Date.now() - told < 5_000) return;
      told = Date.now();
      progress(`… ${finished} resources done`);
    };
    return refusing(upStack(stack, { policies, onProgress }));
  });
  line(`    ${summarise(result.counts, "nothing")}`);
  return { changed: true, resources };
}

/** Turns the engine's failure into one that a person can act on. */
export async function refusing<T>(operation: Promise<T>): Promise<T> {
  try {
    return await operation;
  } catch (error) {
    if (error instanceof OperationFailed) throw new Refusal(describeFailure(error));
    throw error;
  }
}
