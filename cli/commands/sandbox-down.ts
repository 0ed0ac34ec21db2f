import { existsSync, rmSync } from "node:fs";
import { lockSandbox } from "../../sandbox/engine/up-lock.ts";
import { prepareLayout } from "../../sandbox/layout.ts";
import { stopSandbox } from "../../sandbox/supervisor/stop.ts";
import { line, step } from "../output.ts";
import { checkoutLayout } from "../project.ts";

/** Ends every process of the sandbox; what it knows stays on disk. */
export async function sandboxDown(): Promise<void> {
  const layout = checkoutLayout();
  if (!existsSync(layout.root)) return line("There is no sandbox here: nothing to stop.");
  prepareLayout(layout);
  const lock = lockSandbox(layout);
  try {
    const stopped = await step("Stopping the sandbox", () => stopSandbox(layout));
    line(
      stopped
        ? "The sandbox is down. `npx entrada sandbox up` brings it back as it was."
        : "The sandbox was not running.",
    );
  } finally {
    lock.release();
  }
}

/** Ends the sandbox and forgets everything it knew. */
export async function sandboxReset(): Promise<void> {
  const layout = checkoutLayout();
  await sandboxDown();
  rmSync(layout.root, { recursive: true, force: true });
  line("The sandbox's state is wiped.");
}
