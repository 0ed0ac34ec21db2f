import { existsSync } from "node:fs";
import { connect } from "node:net";
import { CoreV1Api } from "@kubernetes/client-node";
import { describe, expect, it, vi } from "vitest";
import { identify, isRunning } from "../../sandbox/processes.ts";
import { readRunner } from "../../sandbox/runner/record.ts";
import { runtimeFolder } from "../../sandbox/runner/runtime-folder.ts";
import { kubeConfig } from "../sandbox/live.ts";
import { runnerProcesses } from "./processes.ts";
import { useCompany } from "./shared.ts";

const { company } = useCompany();
const { sandbox } = company;
const { layout } = sandbox;

/** Identities of the runner and of everything that it started. */
const started = () => runnerProcesses(layout).flatMap(({ pid }) => identify(pid) ?? []);

async function podsHere(): Promise<string[]> {
  const { items } = await kubeConfig(sandbox).makeApiClient(CoreV1Api).listPodForAllNamespaces();
  return items.filter(({ spec }) => spec?.nodeName === "sandbox-node-2").map(({ metadata }) => metadata?.name ?? "");
}

function isOpen(url: string): Promise<boolean> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname);
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });
}

/** The last file of the suite: it ends what the others used. */
describe("the end of what runs", () => {
  it("comes with `stop`, tool by tool", async () => {
    await sandbox.ok("sandbox", "stop", "reports");
    expect((await podsHere()).filter((name) => name.startsWith("reports"))).toEqual([]);
    expect(await podsHere()).not.toEqual([]);
    expect(JSON.parse(await sandbox.ok("sandbox", "status", "--json")).tools).toMatchObject({
      reports: { running: false },
      superset: { running: true },
    });
    const again = await sandbox.run("sandbox", "stop", "reports");
    expect(again.code).toBe(1);
    expect(again.stderr).toContain("reports: not running");
  });

  it("comes with the runner's own, also when it is killed; `down` leaves no process, port or secret", async () => {
    const all = started();
    expect(all.length).toBeGreaterThan(10);
    const runner = readRunner(layout);
    if (!runner) throw new Error("No runner runs.");
    process.kill(runner.process.pid, "SIGKILL");
    await vi.waitFor(() => expect(all.filter(isRunning)).toEqual([]), 10_000);
    expect(existsSync(runtimeFolder(layout))).toBe(true);

    const { proxy } = sandbox.record;
    await sandbox.ok("sandbox", "down");
    expect(existsSync(runtimeFolder(layout))).toBe(false);
    expect(await isOpen(runner.control.url)).toBe(false);
    expect(await isOpen(proxy)).toBe(false);
    expect(readRunner(layout)).toBeUndefined();
  });

  it("leaves pods to the stand-in node when the sandbox comes up again", async () => {
    await sandbox.ok("sandbox", "up", "--stack-file", company.file);
    expect(await podsHere()).toEqual([]);
  });

  it("comes with Ctrl-C while a tool's database is being made", async () => {
    const running = sandbox.start(["sandbox", "run", "superset", "--stack-file", company.file]);
    await vi.waitFor(() => expect(running.output()).toMatch(/running superset-migrate/), 60_000);
    const all = started();
    process.kill(-running.pid, "SIGINT");
    const { code, stderr } = await running.finished;
    expect(code).toBe(1);
    expect(stderr).toContain("Interrupted: what had started is ended");
    expect(all.filter(isRunning)).toEqual([]);
    expect(existsSync(runtimeFolder(layout))).toBe(false);
    expect(await podsHere()).toEqual([]);
  });
});
