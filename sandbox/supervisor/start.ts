import { spawn } from "node:child_process";
import { openSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
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
  return { sandbox: await start(layout, request, report), started: true };
}

async function start(
  layout: SandboxLayout,
  request: SandboxRequest,
  report: (text: string) => void,
): Promise<SupervisorRecord> {
  const requestFile = writeRequest(layout, request);
  const logFile = join(layout.logs, "supervisor.log");
  writeFileSync(logFile, "", { mode: 0o600 });
  const log = openSync(logFile, "a");
  const main = fileURLToPath(new URL("./main.ts", import.meta.url));
  const child = spawn(process.execPath, ["--import", "tsx", main, requestFile], {
    cwd: fileURLToPath(new URL("../../", import.meta.url)),
    detached: true,
    stdio: ["ignore", log, log],
  });
  let exited = false;
  child.once("exit", () => {
    exited = true;
  });
  child.unref();
  const record = await waitForReady(layout, report, () => exited);
  if (record?.phase === "ready") return record;
  const lastLines = readFileSync(logFile, "utf8").trim().split("\n").slice(-15).join("\n");
  throw new Error(
    `The sandbox did not start: ${record?.failure ?? "its supervisor ended"}.\nThe last lines of ${logFile}:\n${lastLines}`,
  );
}

async function joinStarting(
  layout: SandboxLayout,
  report: (text: string) => void,
): Promise<SupervisorRecord | undefined> {
  const record = readRecord(layout);
  if (record?.phase !== "starting" || !isRunning(record.process)) return undefined;
  const ready = await waitForReady(layout, report, () => !isRunning(record.process));
  return ready?.phase === "ready" ? ready : undefined;
}

async function waitForReady(
  layout: SandboxLayout,
  report: (text: string) => void,
  gone: () => boolean,
): Promise<SupervisorRecord | undefined> {
  const started = Date.now();
  let reported = started;
  while (Date.now() - started < startTimeoutMs) {
    const record = readRecord(layout);
    if (record && record.phase !== "starting" && isRunning(record.process)) return record;
    if (gone()) return readRecord(layout);
    if (Date.now() - reported > 5_000) {
      report(`… ${Math.round((Date.now() - started) / 1000)} s`);
      reported = Date.now();
    }
    await delay(100);
  }
  throw new Error(
    `The sandbox was not ready after ${startTimeoutMs / 1000} s. Its log: ${join(layout.logs, "supervisor.log")}`,
  );
}
