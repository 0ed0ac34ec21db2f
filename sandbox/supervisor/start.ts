import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Background, startInBackground, waitForBackground } from "../background.ts";
import type { SandboxLayout } from "../layout.ts";
import { isRunning } from "../processes.ts";
import { control } from "./control-client.ts";
import { readRecord, runningSandbox, type SupervisorRecord } from "./record.ts";
import { type SandboxRequest, writeRequest } from "./request.ts";
import { softwareOf } from "./software.ts";
import { stopSandbox } from "./stop.ts";

/** Long enough for a control plane on a busy machine; a start that takes longer has failed. */
const startTimeoutMs = 180_000;

/**
 * Makes sure that the sandbox runs and knows the company's people: joins a running one, waits for one that a killed command
 * left starting, starts it otherwise.
 * @param report gets what the start is waiting for.
 */
export async function ensureSandbox(
  layout: SandboxLayout,
  request: SandboxRequest,
  report: (text: string) => void,
): Promise<{ sandbox: SupervisorRecord; started: boolean }> {
  const running = runningSandbox(layout) ?? (await joinStarting(layout, report));
  if (running) {
    if (running.tenantId !== request.tenantId) {
      throw new Error(
        `This sandbox is tenant ${running.tenantId}, the settings say ${request.tenantId}. Set the tenant back, or wipe the sandbox with "entrada sandbox reset".`,
      );
    }
    if (running.software === softwareOf(request.toolchain)) {
      await control(running, "POST", "/seed", request);
      return { sandbox: running, started: false };
    }
    report("the sandbox's own code has changed since it was started: starting it again");
  }
  await stopSandbox(layout);
  const sandbox = await startInBackground(background(layout, report), writeRequest(layout, request));
  return { sandbox, started: true };
}

function background(layout: SandboxLayout, report: (text: string) => void): Background<SupervisorRecord> {
  return {
    name: "The sandbox",
    main: fileURLToPath(new URL("./main.ts", import.meta.url)),
    logFile: join(layout.logs, "supervisor.log"),
    read: () => readRecord(layout),
    timeoutMs: startTimeoutMs,
    report,
  };
}

async function joinStarting(
  layout: SandboxLayout,
  report: (text: string) => void,
): Promise<SupervisorRecord | undefined> {
  const record = readRecord(layout);
  if (record?.phase !== "starting" || !isRunning(record.process)) return undefined;
  const ready = await waitForBackground(background(layout, report), () => !isRunning(record.process));
  return ready?.phase === "ready" ? ready : undefined;
}
