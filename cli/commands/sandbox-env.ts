import type { ProviderKind } from "../../sandbox/engine/official.ts";
import { shellLines } from "../../sandbox/engine/shell.ts";
import { usedPulumi } from "../../sandbox/engine/workspace.ts";
import { runningSandbox } from "../../sandbox/supervisor/record.ts";
import { line, Refusal } from "../output.ts";
import { checkoutLayout } from "../project.ts";
import { chosenPlugins } from "../sandbox-session.ts";

/**
 * Prints what makes a shell meet the running sandbox, for `eval "$(npx entrada sandbox env)"`. Starts nothing.
 * @throws Refusal when no sandbox runs, or a plugin that was asked for is not installed; nothing is printed then, and so the shell stays as it is
 */
export function sandboxEnv({ providers }: { providers: ProviderKind }): void {
  const layout = checkoutLayout();
  const sandbox = runningSandbox(layout);
  const pulumi = usedPulumi(layout);
  if (sandbox === undefined || pulumi === undefined) {
    throw new Refusal(
      "The sandbox is not running, so there is nothing to point a shell to. Start it as the environment that you want to try, for example with `npx entrada sandbox preview --stack prod`, and run this again.",
    );
  }
  const request = { layout, sandbox, pulumi, path: process.env.PATH ?? "", official: chosenPlugins(providers) };
  line(`# The sandbox of ${layout.root}, as its deployer. For this shell only: a new one is as before.`);
  for (const text of shellLines(request)) line(text);
}
