import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, inject, it, vi } from "vitest";
import { projectRoot } from "../../cli/project.ts";
import { OFFICIAL } from "../../sandbox/engine/official.ts";
import { TestSandbox } from "./harness.ts";

// Pulumi's own plugins are in no package registry: executables of their names stand in, and the engine starts those as plugins.
const sandbox = new TestSandbox(inject("sharedSandbox"));
const folder = mkdtempSync(join(tmpdir(), "entrada-official-"));
const started = join(folder, "started");

beforeAll(() => {
  mkdirSync(join(folder, "bin"));
  const loader = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;
  for (const name of OFFICIAL) {
    const call = [
      process.execPath,
      "--import",
      loader,
      join(projectRoot, "tests", "sandbox", "played-plugin.ts"),
      name,
    ];
    const script = `#!/bin/sh\nexec ${call.map((word) => `'${word}'`).join(" ")}\n`;
    writeFileSync(join(folder, "bin", `pulumi-resource-${name}`), script, { mode: 0o755 });
  }
  vi.stubEnv("PATH", [join(folder, "bin"), process.env.PATH].join(delimiter));
  vi.stubEnv("PLAYED_PLUGINS", started);
});
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

it("previews with the plugins that are installed, against the same emulator", async () => {
  const printed = await sandbox.ok("sandbox", "preview", "--providers", "official");
  expect(printed).toContain("Nothing would change.");
  expect([...new Set(readFileSync(started, "utf8").trim().split("\n"))].sort()).toEqual([...OFFICIAL].sort());
});
