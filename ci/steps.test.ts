import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { changedEnvironments, findChangedEnvironments } from "./changed-environments.ts";
import { accessCluster } from "./cluster-access.ts";
import { deployEnvironment } from "./deploy.ts";
import { findDrift } from "./drift.ts";
import { environments } from "./job.ts";
import { previewEnvironment } from "./preview.ts";
import { type TestJob, testJob } from "./testing.ts";

const urn = (type: string, name: string) => `urn:pulumi:dev::entrada::${type}::${name}`;
const change = (op: string, type: string, name: string, properties: string[] = []) => ({
  resOutputsEvent: {
    metadata: { op, urn: urn(type, name), type, detailedDiff: Object.fromEntries(properties.map((key) => [key, {}])) },
  },
});
const GROUP = "azuread:index/group:Group";

/** A `pulumi` that prints, logs events and ends as told. */
function pulumi(job: TestJob, { output = "", events = [] as object[], code = 0 }) {
  const log = events.map((event) => JSON.stringify(event)).join("\n");
  job.program(
    "pulumi",
    `if (env.PULUMI_DEBUG_COMMANDS !== "true") process.exit(9);
     fs.writeFileSync(args[args.indexOf("--event-log") + 1], ${JSON.stringify(log)});
     process.stdout.write(${JSON.stringify(output)});
     process.exit(${code});`,
  );
}

const results = (job: TestJob, path: string) => JSON.parse(readFileSync(join(job.root, "ci-results", path), "utf8"));

describe("which environments a change touches", () => {
  const all = ["dev", "staging", "prod"];
  it.each([
    [["README.md", "docs/ci.md"], []],
    [["stacks/Pulumi.sandbox.yaml"], []],
    [
      ["stacks/Pulumi.prod.yaml", "stacks/Pulumi.dev.yaml"],
      ["dev", "prod"],
    ],
    [["components/entra/teams.ts"], all],
    [["components/entra/teams.test.ts", "components/testing/mocks.ts"], []],
    [["policies/README.md"], []],
    [["package-lock.json"], all],
    [[".github/workflows/pull-request.yml"], all],
    [["sandbox/engine/state.ts"], []],
    [[], []],
  ])("%j: %j", (files, expected) => {
    expect(changedEnvironments(files, all)).toEqual(expected);
  });

  it("is asked of git for the merge commit, and handed on as a matrix", async () => {
    const job = testJob();
    job.program("git", `process.stdout.write("stacks/Pulumi.prod.yaml\\0docs/a b.md\\0");`);
    await findChangedEnvironments(job);
    expect(job.calls("git")[0]?.args).toEqual(["diff", "--name-only", "--no-renames", "-z", "HEAD^1", "HEAD"]);
    expect(job.written("GITHUB_OUTPUT")).toBe('environments=["prod"]');
  });

  it("fails where git does", async () => {
    const job = testJob();
    job.program("git", "process.exit(128);");
    await expect(findChangedEnvironments(job)).rejects.toThrow(
      "git diff --name-only --no-renames -z HEAD^1 HEAD ended with 128",
    );
  });

  it("takes every stack file but the sandbox's, in the order of promotion", () => {
    const job = testJob();
    writeFileSync(join(job.root, "stacks/Pulumi.analytics.yaml"), "config: {}");
    expect(environments(job.root)).toEqual(["dev", "staging", "prod", "analytics"]);
  });
});

describe("a preview", () => {
  it("asks the engine, under the policies and with their settings, and keeps what it said", async () => {
    const job = testJob({ ENVIRONMENT: "dev" });
    pulumi(job, { output: '{"steps":[]}' });
    await previewEnvironment(job);
    const folder = join(job.root, "ci-results/preview-dev");
    expect(job.calls("pulumi")).toHaveLength(1);
    expect(job.calls("pulumi")[0]?.args).toEqual([
      ...["preview", "--json", "--stack", "dev", "--non-interactive", "--color", "never"],
      ...["--policy-pack", "policies", "--policy-pack-config", join(folder, "policies.json")],
      ...["--event-log", join(folder, "events.jsonl")],
    ]);
    const config = results(job, "preview-dev/policies.json");
    expect(JSON.stringify(config)).toContain("data.dev.contoso.com");
    expect(statSync(join(folder, "policies.json")).mode & 0o777).toBe(0o600);
    expect(results(job, "preview-dev/preview.json")).toEqual({ steps: [] });
    expect(results(job, "preview-dev/result.json")).toMatchObject({
      environment: "dev",
      ok: true,
      policies: [],
      errors: [],
    });
  });

  it("that a rule stops fails, and tells which rule at which resource", async () => {
    const job = testJob({ ENVIRONMENT: "prod" });
    const broken = { policyName: "kv-guarded", enforcementLevel: "mandatory", resourceUrn: urn("x:y:Vault", "vault") };
    const diagnostic = { severity: "error", message: "<{%fg 1%}>stopped<{%reset%}>" };
    pulumi(job, {
      events: [{ policyEvent: { ...broken, message: "Purge protection is off" } }, { diagnosticEvent: diagnostic }],
      code: 255,
    });
    await expect(previewEnvironment(job)).rejects.toThrow("The preview of prod failed");
    expect(results(job, "preview-prod/result.json")).toMatchObject({
      ok: false,
      policies: [
        { policy: "kv-guarded", level: "mandatory", message: "Purge protection is off", urn: broken.resourceUrn },
      ],
      errors: ["stopped"],
    });
    expect(job.lines.join("\n")).toContain("mandatory: kv-guarded: Purge protection is off");
  });

  it.each(["", "sandbox", "dev; rm -rf /"])("is refused for the environment %j", async (ENVIRONMENT) => {
    const job = testJob({ ENVIRONMENT });
    pulumi(job, {});
    await expect(previewEnvironment(job)).rejects.toThrow(/has to be one of dev, staging, prod/);
    expect(job.calls("pulumi")).toEqual([]);
  });

  it("fails where there is no pulumi", async () => {
    const job = testJob({ ENVIRONMENT: "dev" });
    await expect(
      previewEnvironment({ ...job, run: async () => Promise.reject(new Error("pulumi cannot be started")) }),
    ).rejects.toThrow("pulumi cannot be started");
  });
});

describe("a deployment", () => {
  it("brings the stack up under the policies, without a question, and tells what it did", async () => {
    const job = testJob({ ENVIRONMENT: "staging", GITHUB_SHA: "abc123" });
    pulumi(job, { events: [change("create", GROUP, "a"), change("create", GROUP, "b"), change("update", GROUP, "c")] });
    await deployEnvironment(job);
    const { args } = job.calls("pulumi")[0] ?? { args: [] };
    expect(args.slice(0, 7)).toEqual([
      "up",
      "--yes",
      "--suppress-outputs",
      "--message",
      "abc123",
      "--stack",
      "staging",
    ]);
    expect(args).toContain("--policy-pack");
    expect(args).not.toContain("--skip-preview");
    expect(job.written("GITHUB_STEP_SUMMARY")).toMatch(/\*\*staging\*\*: 2 create, 1 update in \d+ s$/);
  });

  it("fails as the engine does", async () => {
    const job = testJob({ ENVIRONMENT: "dev" });
    pulumi(job, { code: 1 });
    await expect(deployEnvironment(job)).rejects.toThrow("pulumi up of dev failed");
    expect(job.written("GITHUB_STEP_SUMMARY")).toMatch(/failed/);
  });
});

describe("the nightly look", () => {
  it("finds nothing where everything is as declared", async () => {
    const job = testJob({ ENVIRONMENT: "dev" });
    pulumi(job, { events: [change("same", GROUP, "a"), change("refresh", GROUP, "a")] });
    await findDrift(job);
    expect(job.calls("pulumi")[0]?.args.slice(0, 4)).toEqual(["preview", "--refresh", "--expect-no-changes", "--json"]);
    expect(results(job, "drift-dev/drift.json")).toEqual({
      environment: "dev",
      state: "clean",
      changes: [],
      errors: [],
    });
  });

  it("tells what an up would put right, and does not fail for it", async () => {
    const job = testJob({ ENVIRONMENT: "prod" });
    pulumi(job, {
      events: [change("update", GROUP, "analysts", ["members"]), change("create", GROUP, "sales")],
      code: 1,
    });
    await findDrift(job);
    expect(results(job, "drift-prod/drift.json")).toMatchObject({
      state: "drifted",
      changes: [
        { op: "update", resource: "Group analysts", properties: ["members"] },
        { op: "create", resource: "Group sales", properties: [] },
      ],
    });
  });

  it("does not take a failed preview for a clean one", async () => {
    const job = testJob({ ENVIRONMENT: "prod" });
    pulumi(job, { events: [{ diagnosticEvent: { severity: "error", message: "no access" } }], code: 255 });
    await expect(findDrift(job)).rejects.toThrow("The preview of prod failed");
    expect(results(job, "drift-prod/drift.json")).toMatchObject({ state: "failed", errors: ["no access"] });
  });
});

describe("access to the cluster", () => {
  const variables = { ENVIRONMENT: "dev", AKS_NAME: "aks-dev", AKS_RESOURCE_GROUP: "rg-dev" };

  it("is a kubeconfig in the settings' context, with tokens of the job's own sign-in", async () => {
    const job = testJob(variables);
    job.program("az");
    mkdirSync(join(job.root, "temp/kubelogin"), { recursive: true });
    // As `go install` leaves it.
    job.program("kubelogin");
    job.program("go", `fs.symlinkSync(${JSON.stringify(join(job.root, "bin/kubelogin"))}, env.GOBIN + "/kubelogin");`);
    await accessCluster(job);
    expect(job.calls("go")[0]?.args).toEqual(["install", "github.com/Azure/kubelogin@v0.2.22"]);
    expect(job.calls("az")[0]?.args).toEqual([
      ...["aks", "get-credentials", "--resource-group", "rg-dev", "--name", "aks-dev"],
      ...["--context", "contoso-dev", "--overwrite-existing"],
    ]);
    expect(job.calls("kubelogin")[0]?.args).toEqual(["convert-kubeconfig", "--login", "azurecli"]);
    expect(job.written("GITHUB_PATH")).toBe(join(job.root, "temp/kubelogin"));
  });

  it("is left alone without a cluster's name, and refused without its group", async () => {
    const without = testJob({ ...variables, AKS_NAME: "" });
    without.program("az");
    await accessCluster(without);
    expect(without.calls("az")).toEqual([]);
    await expect(accessCluster(testJob({ ...variables, AKS_RESOURCE_GROUP: "" }))).rejects.toThrow(
      /AKS_RESOURCE_GROUP/,
    );
  });
});
