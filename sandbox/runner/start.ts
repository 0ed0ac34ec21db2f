import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Background, startInBackground } from "../background.ts";
import type { SandboxLayout } from "../layout.ts";
import type { SupervisorRecord } from "../supervisor/record.ts";
import { softwareOf } from "../supervisor/software.ts";
import { type RunnerRecord, readRunner, runningRunner } from "./record.ts";
import { writeRunnerRequest } from "./request.ts";
import { stopRunner } from "./stop.ts";

/** Bubblewrap may have to be installed first. */
const START_TIMEOUT_MS = 300_000;

/** Makes sure that a runner of this code runs. @param report gets what the start is waiting for */
export async function ensureRunner(
  layout: SandboxLayout,
  { sandbox, keyVault }: { readonly sandbox: SupervisorRecord; readonly keyVault: string },
  report: (text: string) => void,
): Promise<RunnerRecord> {
  const software = softwareOf(sandbox.process);
  const running = runningRunner(layout);
  if (running?.software === software) return running;
  if (running) report("the sandbox or its code is another one since the runner was started: starting it again");
  await stopRunner(layout);
  const request = { layout, sandbox, software, keyVault };
  return startInBackground(background(layout, report), writeRunnerRequest(request));
}

function background(layout: SandboxLayout, report: (text: string) => void): Background<RunnerRecord> {
  return {
    name: "The runner",
    main: fileURLToPath(new URL("./main.ts", import.meta.url)),
    logFile: join(layout.logs, "runner.log"),
    read: () => readRunner(layout),
    timeoutMs: START_TIMEOUT_MS,
    report,
  };
}
