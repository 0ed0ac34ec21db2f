import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { badSettings } from "../fixtures/bad-settings/load.ts";
import { TestSandbox } from "./harness.ts";

const cases = badSettings();
let sandbox: TestSandbox;
let files: string;

beforeAll(() => {
  files = mkdtempSync(join(tmpdir(), "entrada-settings-"));
  sandbox = new TestSandbox();
});
afterAll(() => {
  rmSync(files, { recursive: true, force: true });
  rmSync(sandbox.layout.root, { recursive: true, force: true });
});

// Side by side: each is a command that ends before anything starts, so they do not meet.
describe.concurrent("a bad settings file", () => {
  it("comes in at least thirty kinds", () => expect(cases.length).toBeGreaterThanOrEqual(30));

  it.each(cases.map((one) => [one.name, one] as const))(
    "%s is refused with place and fix, before anything starts",
    async (name, { stackFileText, expected }) => {
      const file = join(files, `Pulumi.${name}.yaml`);
      writeFileSync(file, stackFileText);
      const { code, stderr } = await sandbox.run("sandbox", "up", "--stack-file", file);
      expect(code).toBe(1);
      for (const { path } of expected) expect(stderr).toContain(path);
      expect(existsSync(sandbox.layout.run)).toBe(false);
    },
  );
});
