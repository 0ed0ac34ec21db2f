import { rmSync } from "node:fs";
import { identify } from "../processes.ts";
import { startControlServer } from "../supervisor/control-server.ts";
import { onEnd } from "../supervisor/on-end.ts";
import { startRunnerParts } from "./parts.ts";
import { type RunnerRecord, removeRunner, writeRunner } from "./record.ts";
import { type RunnerRequest, type RunRequest, readRunnerRequest } from "./request.ts";
import { removeRuntimeFolder } from "./runtime-folder.ts";

/**
 * The runner: kubelet of the sandbox's second node, where tools run as processes of this machine, with the data stores and the
 * gateway that they need. Commands find it by its record; SIGTERM ends it with everything that it started. When it is killed,
 * the kernel ends what it started.
 */
const [requestFile] = process.argv.slice(2);
if (requestFile === undefined) throw new Error("The runner is started by `entrada sandbox run`, with a request file.");
const request = readRunnerRequest(requestFile);
rmSync(requestFile);
await run(request);

async function run(asked: RunnerRequest): Promise<void> {
  const { layout } = asked;
  const own = identify(process.pid);
  if (own === undefined) throw new Error("This process cannot see itself in the process table.");
  const log = (text: string) => console.log(`${new Date().toISOString()} ${text}`);
  const base: RunnerRecord = {
    process: own,
    phase: "starting",
    control: { url: "", token: "" },
    software: asked.software,
  };
  writeRunner(layout, base);
  // A runner that ends takes every pod along, so a mistake somewhere in it is written down and not its end.
  process.on("unhandledRejection", (error) => log(`a mistake: ${(error as Error)?.stack ?? String(error)}`));
  try {
    const parts = await startRunnerParts(asked, log);
    const control = await startControlServer({
      "GET /status": () => parts.tools.status(),
      "POST /run": (body) => parts.tools.run(body as RunRequest),
      "POST /stop": async (body) => {
        const left = await parts.tools.stop((body as { tools: string[] }).tools);
        // After the answer: without a tool there is nothing to be there for.
        if (!left) setImmediate(() => process.kill(process.pid, "SIGTERM"));
        return { left };
      },
    });
    onEnd(async () => {
      await control.close();
      await parts.stop();
      removeRuntimeFolder(layout);
      removeRunner(layout);
    }, log);
    writeRunner(layout, { ...base, phase: "ready", control: { url: control.url, token: control.token } });
    log("ready");
  } catch (error) {
    log((error as Error).stack ?? String(error));
    writeRunner(layout, { ...base, phase: "failed", failure: (error as Error).message });
    removeRuntimeFolder(layout);
    process.exit(1);
  }
}
