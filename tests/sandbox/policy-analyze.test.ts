import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { policyFacts } from "../../cli/policy-pack.ts";
import { loadSettings, projectRoot, stackFile } from "../../cli/project.ts";
import { policyConfig } from "../../policies/config.ts";
import { ensureToolchain } from "../../sandbox/toolchain/index.ts";
import { TestSandbox } from "./harness.ts";
import type { StateResource } from "./live.ts";

// What an auditor does at night: the rules over an exported state, without the program, the providers or the state's key.
const sandbox = new TestSandbox(inject("sharedSandbox"));
const folder = mkdtempSync(join(tmpdir(), "entrada-analyze-"));
const policies = join(projectRoot, "policies");
let pulumi: string;

interface Deployment {
  readonly resources: readonly StateResource[];
}

beforeAll(async () => {
  pulumi = (await ensureToolchain({ log: () => undefined })).pulumi;
  mkdirSync(join(folder, "backend"));
  const facts = policyFacts(loadSettings(stackFile("sandbox")));
  writeFileSync(join(folder, "policies.json"), JSON.stringify(policyConfig(facts)));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Exit code, and the rules that found something, of the sandbox's state after a change to it. */
async function analyze(change: (resources: readonly StateResource[]) => readonly StateResource[]) {
  const checkpoint = join(sandbox.layout.state, ".pulumi", "stacks", "entrada", "sandbox.json");
  const deployment = JSON.parse(readFileSync(checkpoint, "utf8")).checkpoint.latest as Deployment;
  const file = join(folder, "state.json");
  writeFileSync(
    file,
    JSON.stringify({ version: 3, deployment: { ...deployment, resources: change(deployment.resources) } }),
  );
  const args = ["policy", "analyze", "--policy-pack", policies, "--policy-pack-config", join(folder, "policies.json")];
  const env = {
    ...process.env,
    PATH: [join(policies, "bin"), process.env.PATH].join(delimiter),
    PULUMI_BACKEND_URL: `file://${join(folder, "backend")}`,
    PULUMI_HOME: join(folder, "home"),
    PULUMI_CONFIG_PASSPHRASE: "another",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
  };
  return await new Promise<{ code: number; rules: readonly string[] }>((resolve) => {
    execFile(
      pulumi,
      [...args, "--file", file, "--non-interactive", "--json"],
      { cwd: folder, env, maxBuffer: 2 ** 26 },
      (error, stdout) => {
        const events = stdout.split("\n").filter((text) => text.startsWith("{"));
        const found = events.flatMap((text) => JSON.parse(text).policyEvent?.policyName ?? []);
        resolve({ code: error === null ? 0 : Number(error.code), rules: [...new Set<string>(found)].sort() });
      },
    );
  });
}

it("finds nothing in the state of the sample company", async () => {
  expect(await analyze((resources) => resources)).toEqual({ code: 0, rules: [] });
});

it("finds what somebody made worse: in one resource, and in how resources go together", async () => {
  const result = await analyze((resources) =>
    resources
      .filter(({ type }) => type !== "azure-native:monitor:DiagnosticSetting")
      .map((resource) => {
        if (resource.type !== "azure-native:keyvault:Vault") return resource;
        const properties = { ...Object(resource.inputs?.properties), enablePurgeProtection: undefined };
        return { ...resource, inputs: { ...resource.inputs, properties } };
      }),
  );
  expect(result.code).not.toBe(0);
  expect(result.rules).toEqual(expect.arrayContaining(["databricks-closed", "kv-guarded"]));
});
