import type { ProviderKind } from "../../sandbox/engine/official.ts";
import { destroyStack, OperationFailed } from "../../sandbox/engine/operations.ts";
import { dim, line, Refusal, step } from "../output.ts";
import { loadSettings, stackFile } from "../project.ts";
import { describeFailure, describeRecovery, summarise } from "../sandbox-report.ts";
import { openSandbox } from "../sandbox-session.ts";

/** Removes everything that the stack declares. The people, who are not the stack's, stay. */
export async function sandboxDestroy({
  stack: name,
  providers,
}: {
  stack: string;
  providers?: ProviderKind;
}): Promise<void> {
  const file = stackFile(name);
  const settings = loadSettings(file);
  const session = await openSandbox({ stack: name, stackFile: file, settings, providers });
  try {
    for (const text of describeRecovery(session)) line(`    ${text}`);
    const removed = await step("Removing the stack", () => destroyStack(session.stack));
    line(summarise(removed.counts, "There was nothing to remove."));
    const { name: vault, retentionDays } = settings.keyVault;
    line(dim(`The vault's name ${vault} stays taken for ${retentionDays} days, as in Azure (purge protection).`));
    line(
      dim("To bring the stack up again give it another `keyVault.name`, or wipe it with `npx entrada sandbox reset`."),
    );
  } catch (error) {
    if (error instanceof OperationFailed) throw new Refusal(describeFailure(error));
    throw error;
  } finally {
    session.close();
  }
}
