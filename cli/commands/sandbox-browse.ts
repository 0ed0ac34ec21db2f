import { spawn } from "node:child_process";
import { join } from "node:path";
import { prepareBrowser } from "../../sandbox/browser.ts";
import { runningRunner } from "../../sandbox/runner/record.ts";
import type { RunnerStatus } from "../../sandbox/runner/request.ts";
import { control } from "../../sandbox/supervisor/control-client.ts";
import { runningSandbox } from "../../sandbox/supervisor/record.ts";
import { dim, line, Refusal, WrongUse } from "../output.ts";
import { checkoutLayout } from "../project.ts";

export interface BrowseOptions {
  /** Name of the browser's profile. */
  readonly as: string;
}

/** Opens a running tool in a Chromium of its own, and stays until it is closed. */
export async function sandboxBrowse(tool: string, options: BrowseOptions): Promise<void> {
  if (!/^[\w.@-]{1,64}$/.test(options.as)) {
    throw new WrongUse([`--as takes letters, digits, dots, hyphens and @, found "${options.as}".`], "sandbox browse");
  }
  const layout = checkoutLayout();
  const sandbox = runningSandbox(layout);
  const runner = runningRunner(layout);
  const url =
    runner === undefined ? undefined : (await control<RunnerStatus>(runner, "GET", "/status")).tools[tool]?.url;
  if (sandbox === undefined || url === undefined) {
    throw new Refusal(`${tool} does not run on this machine. Start it with \`npx entrada sandbox run ${tool}\`.`);
  }
  const home = join(layout.root, "browser", options.as);
  const { proxy, caFile } = sandbox;
  const { executable, args, env } = await prepareBrowser({ proxy, caFile, home, log: line });
  if (env.DISPLAY === undefined && env.WAYLAND_DISPLAY === undefined) {
    throw new Refusal(
      `There is no screen here (neither DISPLAY nor WAYLAND_DISPLAY is set). Elsewhere on this machine: HOME=${home} ${executable} --proxy-server=${proxy} ${url}`,
    );
  }
  line(dim(`${url} in a browser of its own; it keeps its cookies in ${home}. Ctrl-C or closing it ends it.`));
  const unprotected = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  const child = spawn(executable, [...args, ...unprotected, `--user-data-dir=${join(home, "profile")}`, url], {
    env: { ...env },
    stdio: "ignore",
  });
  await new Promise<void>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", () => resolve());
  });
}
