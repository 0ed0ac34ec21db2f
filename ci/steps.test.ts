import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { environmentNames } from "../cli/stack-files.ts";
import { changedEnvironments, findChangedEnvironments } from "./changed-environments.ts";
import { accessCluster } from "./cluster-access.ts";
import { deployEnvironment } from "./deploy.ts";
import { type Ask, openDirectory } from "./directory.ts";
import { findDrift, policiesElsewhere } from "./drift.ts";
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
function pulumi(job: TestJob, { output = "", events = [] as object[], code = 0 }, state = "") {
  const log = events.map((event) => JSON.stringify(event)).join("\n");
  job.program(
    "pulumi",
    `if (args[0] === "stack") return process.stdout.write(${JSON.stringify(state)});
     if (env.PULUMI_DEBUG_COMMANDS !== "true") process.exit(9);
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
    expect(environmentNames(job.root)).toEqual(["dev", "analytics", "staging", "prod"]);
  });
});

describe("a preview", () => {
  it("asks the engine, under the policies and with their settings, and keeps what it said", async () => {
    const job = testJob({ ENVIRONMENT: "dev" });
    pulumi(job, { output: '{"steps":[]}' });
    await previewEnvironment(job);
    const folder = join(job.root, "ci-results/previews");
    expect(job.calls("pulumi")).toHaveLength(1);
    expect(job.calls("pulumi")[0]?.args).toEqual([
      ...["preview", "--json", "--stack", "dev", "--non-interactive", "--color", "never"],
      ...["--policy-pack", "policies", "--policy-pack-config", join(folder, "dev.policies.json")],
      ...["--event-log", join(folder, "dev.events.jsonl")],
    ]);
    const config = results(job, "previews/dev.policies.json");
    expect(JSON.stringify(config)).toContain("data.dev.contoso.com");
    expect(statSync(join(folder, "dev.policies.json")).mode & 0o777).toBe(0o600);
    expect(results(job, "previews/dev.json")).toEqual({ steps: [] });
    expect(readFileSync(join(folder, "dev.events.jsonl"), "utf8")).toBe("");
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
    expect(job.lines.join("\n")).toBe("mandatory: kv-guarded: Purge protection is off\nerror: stopped");
    expect(readFileSync(join(job.root, "ci-results/previews/prod.events.jsonl"), "utf8")).toContain("kv-guarded");
    expect(readFileSync(join(job.root, "ci-results/previews/prod.json"), "utf8")).toBe("");
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
  const PRINCIPAL = { type: "azuread:index/servicePrincipal:ServicePrincipal", outputs: { objectId: "sp" } };

  /** A stack with one enterprise application, to which Entra has these assigned. */
  function night(environment: string, engine: Parameters<typeof pulumi>[1], assigned: object[] = []) {
    const job = testJob({ ENVIRONMENT: environment });
    pulumi(job, engine, JSON.stringify({ deployment: { resources: [PRINCIPAL] } }));
    job.program("az", 'process.stdout.write("token-of-az\\n");');
    const asked: string[] = [];
    const ask: Ask = async (url, token) => {
      asked.push(`${token} ${url}`);
      return { status: 200, body: { value: assigned } };
    };
    return { job, ask, asked };
  }

  it("finds nothing where everything is as declared", async () => {
    const { job, ask, asked } = night("dev", { events: [change("same", GROUP, "a"), change("refresh", GROUP, "a")] });
    await findDrift(job, ask);
    const [preview, exported] = job.calls("pulumi");
    expect(preview?.args.slice(0, 4)).toEqual(["preview", "--refresh", "--expect-no-changes", "--json"]);
    expect(exported?.args).toEqual(["stack", "export", "--stack", "dev"]);
    expect(asked).toEqual(["token-of-az https://graph.microsoft.com/v1.0/servicePrincipals/sp/appRoleAssignedTo"]);
    const clean = { environment: "dev", state: "clean", changes: [], undeclared: [], errors: [] };
    expect(results(job, "drift/dev.json")).toEqual(clean);
    expect(job.lines.join()).not.toContain("token-of-az");
  });

  it("tells what an up would put right, and does not fail for it", async () => {
    const changes = [change("update", GROUP, "analysts", ["members"]), change("create", GROUP, "sales")];
    const { job, ask } = night("prod", { events: changes, code: 1 });
    await findDrift(job, ask);
    expect(results(job, "drift/prod.json")).toMatchObject({
      state: "drifted",
      changes: [
        { op: "update", resource: "Group analysts", properties: ["members"] },
        { op: "create", resource: "Group sales", properties: [] },
      ],
    });
  });

  it("tells what stands beside what is declared", async () => {
    const somebody = { id: "x", principalDisplayName: "Jon", principalType: "User", resourceDisplayName: "Superset" };
    const { job, ask } = night("prod", {}, [somebody]);
    await findDrift(job, ask);
    const undeclared = ["Superset: a role for the user Jon"];
    expect(results(job, "drift/prod.json")).toMatchObject({ state: "drifted", changes: [], undeclared });
  });

  it("does not take a failed preview, or a refusal by Graph, for a clean one", async () => {
    const events = [{ diagnosticEvent: { severity: "error", message: "no access" } }];
    const { job, ask, asked } = night("prod", { events, code: 255 });
    await expect(findDrift(job, ask)).rejects.toThrow("The preview of prod failed");
    expect(results(job, "drift/prod.json")).toMatchObject({ state: "failed", errors: ["no access"] });
    expect(asked).toEqual([]);
    const refused = night("dev", {}).job;
    await expect(findDrift(refused, async () => ({ status: 403, body: {} }))).rejects.toThrow(
      "Microsoft Graph answered 403 to GET /v1.0/servicePrincipals/sp/appRoleAssignedTo.",
    );
  });

  it("knows the policies of other environments in the same tenant, and of those alone", () => {
    const job = testJob();
    const names = [...policiesElsewhere(job, "dev")];
    expect(names.length).toBeGreaterThan(5);
    expect(names.filter((name) => /\bdev\b/.test(name))).toEqual([]);
    const file = join(job.root, "stacks/Pulumi.dev.yaml");
    const elsewhere = "entrada:tenantId: 11111111-1111-4111-8111-111111111111";
    writeFileSync(file, readFileSync(file, "utf8").replace(/entrada:tenantId: .*/, elsewhere));
    expect([...policiesElsewhere(job, "dev")]).toEqual([]);
  });

  it("reads every page", async () => {
    const job = testJob();
    job.program("az", 'process.stdout.write("t");');
    const directory = await openDirectory(job, async (url) => {
      const more = url.endsWith("/all") ? { "@odata.nextLink": "https://graph.microsoft.com/v1.0/all?page=2" } : {};
      return { status: 200, body: { value: [{ url }], ...more } };
    });
    expect(await directory.list("/all")).toHaveLength(2);
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

  it("needs kubelogin alone where the stack makes its cluster, and refuses a name without its group", async () => {
    const own = testJob({ ...variables, AKS_NAME: "" });
    own.program("go");
    own.program("az");
    await accessCluster(own);
    expect(own.calls("go")).toHaveLength(1);
    expect(own.calls("az")).toEqual([]);
    await expect(accessCluster(testJob({ ...variables, AKS_RESOURCE_GROUP: "" }))).rejects.toThrow(
      /AKS_RESOURCE_GROUP/,
    );
  });
});
