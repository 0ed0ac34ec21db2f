import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, expect, it } from "vitest";
import { endProcess, identify, isRunning } from "./processes.ts";

/** A process that lives until it is ended; `stubborn` ones ignore the polite signal. */
async function victim(stubborn = false) {
  const code = `${stubborn ? 'process.on("SIGTERM", () => {});' : ""} console.log("up"); setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ["-e", code], { stdio: ["ignore", "pipe", "ignore"] });
  await once(child.stdout, "data");
  const identity = identify(child.pid ?? 0);
  if (!identity) throw new Error("The child process is not there.");
  return { child, identity, gone: once(child, "exit") };
}

describe("process identities", () => {
  it("know this process", () => {
    const own = identify(process.pid);
    expect(own && isRunning(own)).toBe(true);
  });

  it("know nobody under a free id", () => expect(identify(2 ** 22 + 1)).toBeUndefined());

  it("tell a process from another that got its id", () => {
    expect(isRunning({ pid: process.pid, startTime: "0" })).toBe(false);
  });
});

describe("endProcess", () => {
  it("asks politely", async () => {
    const { identity, gone } = await victim();
    await endProcess(identity);
    expect((await gone)[1]).toBe("SIGTERM");
  });

  it("insists when that is ignored", async () => {
    const { identity, gone } = await victim(true);
    await endProcess(identity, 200);
    expect((await gone)[1]).toBe("SIGKILL");
  });

  it("leaves the successor of an id alone", async () => {
    const { child, identity, gone } = await victim();
    await endProcess({ ...identity, startTime: "0" });
    expect(child.exitCode).toBeNull();
    await endProcess(identity);
    await gone;
  });
});
