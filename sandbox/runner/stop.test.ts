import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { writeKubeconfig } from "../cluster/kubeconfig.ts";
import type { SandboxLayout } from "../layout.ts";
import { identify, isRunning, type ProcessIdentity } from "../processes.ts";
import { type SupervisorRecord, writeRecord } from "../supervisor/record.ts";
import { readRunner, runningRunner, writeRunner } from "./record.ts";
import { makeRuntimeFolder, runtimeFolder } from "./runtime-folder.ts";
import { stopRunner } from "./stop.ts";

let layout: SandboxLayout;
beforeEach(() => {
  const root = mkdtempSync(join(tmpdir(), "entrada-stop-"));
  layout = { root, run: join(root, "run"), logs: join(root, "logs") } as SandboxLayout;
  mkdirSync(layout.run);
});
afterEach(() => {
  rmSync(runtimeFolder(layout), { recursive: true, force: true });
  rmSync(layout.root, { recursive: true, force: true });
});

/** A process that would run for long. */
function sleeper(): ProcessIdentity {
  const identity = identify(spawn("sleep", ["60"], { stdio: "ignore" }).pid ?? 0);
  if (!identity) throw new Error("No process was started.");
  return identity;
}
/** The identity of a process that has ended. */
async function ended(): Promise<ProcessIdentity> {
  const child = spawn("true", { stdio: "ignore" });
  await once(child, "exit");
  return { pid: child.pid ?? 0, startTime: "1" };
}
function record(process: ProcessIdentity): void {
  writeRunner(layout, { process, phase: "ready", control: { url: "", token: "" }, software: "x" });
  writeFileSync(join(makeRuntimeFolder(layout), "secret"), "left");
  mkdirSync(join(layout.root, "pods", "u-1"), { recursive: true });
}
const files = () =>
  [runtimeFolder(layout), join(layout.root, "pods"), join(layout.run, "runner.json")].filter(existsSync);

test("a runner that runs is ended, and nothing of it stays", async () => {
  const process = sleeper();
  record(process);
  expect(runningRunner(layout)?.process).toEqual(process);
  expect(await stopRunner(layout)).toBe(true);
  expect(isRunning(process)).toBe(false);
  expect(files()).toEqual([]);
});

test("what a killed runner has left goes: folders, record, and the pods of its node", async () => {
  record(await ended());
  expect(runningRunner(layout)).toBeUndefined();
  const asked: string[] = [];
  const api = createServer((request, response) => {
    const path = request.url?.split("?")[0] ?? "";
    asked.push(`${request.method} ${path}`);
    const items = path === "/api/v1/pods" ? [{ metadata: { name: "web-1", namespace: "bi", uid: "u-1" } }] : [];
    const found = request.method !== "GET" || /(pods|jobs)$/.test(path);
    response.writeHead(found ? 200 : 404, { "content-type": "application/json" }).end(JSON.stringify({ items }));
  });
  await new Promise<void>((resolve) => api.listen(0, "127.0.0.1", resolve));
  await sandboxWith(`http://127.0.0.1:${(api.address() as AddressInfo).port}`, async () => {
    expect(await stopRunner(layout)).toBe(false);
  });
  expect(asked).toContain("DELETE /api/v1/namespaces/bi/pods/web-1");
  expect(asked).toContain("DELETE /api/v1/nodes/sandbox-node-2");
  expect(files()).toEqual([]);
  api.closeAllConnections();
  api.close();
});

test("an API server that is gone keeps nothing from being taken away", async () => {
  record(await ended());
  await sandboxWith("http://127.0.0.1:1", async () => {
    expect(await stopRunner(layout)).toBe(false);
  });
  expect(files()).toEqual([]);
});

test("without a record there is nothing to do", async () => {
  expect(await stopRunner(layout)).toBe(false);
  expect(readRunner(layout)).toBeUndefined();
});

/** As if a sandbox ran, with this API server. */
async function sandboxWith(server: string, work: () => Promise<void>): Promise<void> {
  const kubeconfig = join(layout.root, "kubeconfig");
  writeKubeconfig(kubeconfig, { server });
  const supervisor = sleeper();
  writeRecord(layout, { process: supervisor, phase: "ready", kubeconfig } as SupervisorRecord);
  try {
    await work();
  } finally {
    process.kill(supervisor.pid, "SIGKILL");
  }
}
