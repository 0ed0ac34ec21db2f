import { loadSettings, stackFile } from "../../cli/project.ts";
import { sandboxRequest } from "../../cli/sandbox-request.ts";
import { control } from "../../sandbox/supervisor/control-client.ts";
import { ensureToolchain } from "../../sandbox/toolchain/index.ts";
import type { TestSandbox } from "./harness.ts";

/** Disables or enables somebody's account, as a change of `people` in the settings does. Other people stay as they are. */
export async function setEnabled(sandbox: TestSandbox, person: string, enabled: boolean): Promise<void> {
  const settings = loadSettings(stackFile("sandbox"));
  const asked = sandboxRequest(sandbox.layout, await ensureToolchain(), settings);
  const people = asked.people.map((one) => (one.key === person ? { ...one, enabled } : one));
  await control(sandbox.record, "POST", "/seed", { ...asked, people });
}
