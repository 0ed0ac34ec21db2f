import { existsSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import { isRunning } from "../../sandbox/processes.ts";
import { writeRecord } from "../../sandbox/supervisor/record.ts";
import { TestSandbox } from "./harness.ts";
import { clusterObjects, directoryObjects } from "./live.ts";

const sandbox = new TestSandbox();
afterAll(() => sandbox.dispose());

interface Status {
  running: boolean;
  proxy: string | null;
  caFile: string | null;
  kubeconfig: string | null;
  tenantId: string;
  stack: string;
  tools: Record<string, { url: string; running: boolean }>;
}
const status = async () => JSON.parse(await sandbox.ok("sandbox", "status", "--json")) as Status;

describe("the life of a sandbox", () => {
  it("is not running before its first up, and says so", async () => {
    expect(await status()).toMatchObject({ running: false, proxy: null, caFile: null, kubeconfig: null });
  });

  it("comes up with the access matrix and the time of each step", async () => {
    const output = await sandbox.ok("sandbox", "up");
    for (const step of ["Toolchain", "Sandbox", "Opening the stack", "Previewing with policies", "Applying"]) {
      expect(output).toMatch(new RegExp(`${step}.*\\(\\d+(\\.\\d)? (s|min)`));
    }
    expect(output).toContain("https://superset.data.contoso.com");
    expect(output).toMatch(/\d+ resources up in/);
  });

  it("says at the second up that nothing changed", async () => {
    expect(await sandbox.ok("sandbox", "up")).toMatch(/Nothing changed/);
  });

  it("tells scripts where everything is", async () => {
    expect(await status()).toMatchObject({
      running: true,
      proxy: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      stack: "sandbox",
      tools: { superset: { url: "https://superset.data.contoso.com", running: false } },
    });
  });

  it("stops every process at down, keeps its state, and comes back unchanged", async () => {
    const { process: supervisor, children } = sandbox.record;
    const before = directoryObjects(sandbox);
    await sandbox.ok("sandbox", "down");
    expect([supervisor, ...children].filter(isRunning)).toEqual([]);
    expect(await sandbox.ok("sandbox", "up")).toMatch(/Nothing changed/);
    expect(directoryObjects(sandbox)).toEqual(before);
  });

  it("is started again when it runs other code than the checkout's", async () => {
    const old = sandbox.record;
    writeRecord(sandbox.layout, { ...old, software: "of an older checkout" });
    expect(await sandbox.ok("sandbox", "up")).toMatch(/code has changed[\s\S]*Nothing changed/);
    expect(isRunning(old.process)).toBe(false);
    expect(sandbox.record.process.pid).not.toBe(old.process.pid);
  });

  it("leaves nothing of the stack at destroy", async () => {
    await sandbox.ok("sandbox", "destroy");
    const left = directoryObjects(sandbox);
    expect(left.groups).toEqual([]);
    expect(left.applications).toEqual(["Entrada deployer"]);
    expect(left.appRoleAssignmentsToTools).toBe(0);
    expect(left.armResources).toEqual([]);
    expect(await clusterObjects(sandbox, "deployments")).toEqual([]);
    expect(await clusterObjects(sandbox, "namespaces")).not.toContain("superset");
  });

  it("forgets everything at reset", async () => {
    await sandbox.ok("sandbox", "reset");
    expect(existsSync(sandbox.layout.root)).toBe(false);
  });
});
