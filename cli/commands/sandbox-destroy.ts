import { destroyStack, OperationFailed } from "../../sandbox/engine/operations.ts";
import { line, Refusal, step } from "../output.ts";
import { loadSettings, stackFile } from "../project.ts";
import { describeFailure, describeRecovery, summarise } from "../sandbox-report.ts";
import { openSandbox } from "../sandbox-session.ts";

/** Removes everything that the stack declares. The people, who are not the stack's, stay. */
export async function sandboxDestroy({ stack: name }: { stack: string }): Promise<void> {
  const file = stackFile(name);
  const session = await openSandbox({ stack: name, stackFile: file, settings: loadSettings(file) });
  try {
    for (const text of describeRecovery(session)) line(`    ${text}`);
    const removed = await step("Removing the stack", () => destroyStack(session.stack));
    line(summarise(removed.counts, "There was nothing to remove."));
  } catch (error) {
    if (error instanceof OperationFailed) throw new Refusal(describeFailure(error));
    throw error;
  } finally {
    session.close();
  }
}
