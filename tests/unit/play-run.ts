import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import setup from "../run/global-setup.ts";

/** A run of tests that leaves a folder, a file and a process: says which, then ends when its input does, or waits to be killed. */
const teardown = setup();
mkdirSync(join(tmpdir(), "entrada-store-1"));
writeFileSync(join(tmpdir(), "left"), "");
// By a process that has ended, as a test's worker has.
const worker = `const left = require("node:child_process").spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], {
  detached: true, stdio: "ignore" });
left.unref();
process.stdout.write(String(left.pid));`;
const pid = Number(execFileSync(process.execPath, ["-e", worker], { encoding: "utf8" }));
process.stdout.write(`${JSON.stringify({ folder: tmpdir(), pid })}\n`);
process.stdin.resume().once("end", async () => {
  await teardown();
  process.exit();
});
