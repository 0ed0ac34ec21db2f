import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it, vi } from "vitest";
import { policies } from "../../cli/commands/policies.ts";
import { WrongUse } from "../../cli/output.ts";
import { projectRoot } from "../../cli/project.ts";
import { checkPolicyConfig } from "../../policies/config.ts";

const folder = mkdtempSync(join(tmpdir(), "entrada-policies-"));
afterAll(() => rmSync(folder, { recursive: true }));

it("writes a configuration that the pack takes, from the stack's settings", () => {
  const out = join(folder, "policies.json");
  policies({ stack: "prod", out });
  const config = JSON.parse(readFileSync(out, "utf8"));
  expect(checkPolicyConfig(config)).toEqual([]);
  expect(config).toMatchObject({
    "redirect-exact": { domains: ["data.contoso.com"] },
    "image-pinned": { registries: ["contoso.azurecr.io"], requireDigest: true },
  });
});

it("prints it where no file is named", () => {
  const written = vi.spyOn(process.stdout, "write").mockReturnValue(true);
  policies({ stack: "dev" });
  const text = written.mock.calls.map(([part]) => String(part)).join("");
  written.mockRestore();
  expect(JSON.parse(text)["kv-guarded"]).toMatchObject({ enforcementLevel: "advisory" });
});

it("writes no policies.json beside the pack: Node would load that in its place", () => {
  const out = join(projectRoot, "policies.json");
  expect(() => policies({ stack: "dev", out })).toThrow(WrongUse);
  expect(existsSync(out)).toBe(false);
});
