import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { environmentNames } from "../cli/stack-files.ts";
import { steps } from "./main.ts";
import { workflowProblems } from "./workflow-rules.ts";

const root = join(import.meta.dirname, "..");
const folder = join(root, ".github/workflows");
const files = readdirSync(folder);
const read = (file: string) => readFileSync(join(folder, file), "utf8");
const named = (file: string) => file.replace(/\.yml$/, "");

/** An expression, as workflow files write it. */
const ex = (inner: string) => `\${{ ${inner} }}`;

/** The file with one place changed; the place has to be there. */
function changed(file: string, from: string | RegExp, to: string): string[] {
  const text = read(file);
  const result = text.replace(from, to);
  if (result === text) throw new Error(`${file} has no ${from}.`);
  return workflowProblems(named(file), result);
}

describe("the workflows", () => {
  it.each(files)("%s keeps our rules", (file) => {
    expect(workflowProblems(named(file), read(file))).toEqual([]);
  });

  it("are those that docs/ci.md tells of", () => {
    const page = readFileSync(join(root, "docs/ci.md"), "utf8");
    expect(files.toSorted()).toEqual(["deploy-environment.yml", "deploy.yml", "drift.yml", "pull-request.yml"]);
    for (const file of files) expect(page).toContain(`.github/workflows/${file}`);
  });

  it("call steps that there are, and every step is called", () => {
    const called = files.flatMap((file) => [...read(file).matchAll(/ci\/main\.ts ([\w-]+)/g)].map(([, step]) => step));
    expect([...new Set(called)].sort()).toEqual(Object.keys(steps).sort());
  });

  it("install the CLI in the version of the SDK", () => {
    const { dependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
    const versions = files.flatMap((file) =>
      [...read(file).matchAll(/pulumi-version: (.*)/g)].map(([, found]) => found),
    );
    expect(versions).toHaveLength(3);
    expect(new Set(versions)).toEqual(new Set([dependencies["@pulumi/pulumi"]]));
  });

  it("pin each action to one commit in all files", () => {
    const pins = files.flatMap((file) => read(file).match(/[\w-]+\/[\w-]+@[0-9a-f]{40} # v.*/g) ?? []);
    const actions = new Set(pins.map((pin) => pin.split("@")[0]));
    expect(new Set(pins).size).toBe(actions.size);
    expect(actions.size).toBe(6);
  });

  it("deploy and watch every environment that has a stack file, in the order of promotion", () => {
    const { jobs } = parse(read("deploy.yml"));
    expect(Object.keys(jobs)).toEqual(environmentNames(root));
    expect(Object.values(jobs).map((job) => (job as { needs?: string }).needs)).toEqual([undefined, "dev", "staging"]);
    for (const [name, job] of Object.entries(jobs)) expect(job).toMatchObject({ with: { environment: name } });
    expect(parse(read("drift.yml")).jobs.look.strategy.matrix.environment).toEqual(environmentNames(root));
  });
});

describe("the command line of the steps", () => {
  const start = (...args: string[]) =>
    spawnSync(process.execPath, ["--import", "tsx", join(root, "ci/main.ts"), ...args], {
      cwd: root,
      encoding: "utf8",
      env: { PATH: process.env.PATH },
    });

  it("fails with the step's own sentence", () => {
    const { status, stderr } = start("preview");
    expect(status).toBe(1);
    expect(stderr).toBe("ENVIRONMENT is not set; it has to be one of dev, staging, prod.\n");
  });
});

describe("the rules find", () => {
  it.each([
    [
      "a trigger that runs strangers' code with rights",
      "pull-request.yml",
      "pull_request:",
      "pull_request_target:",
      /pull_request_target/,
    ],
    ["a trigger after another workflow", "drift.yml", "workflow_dispatch:", "workflow_run:", /workflow_run/],
    ["rights for every job", "drift.yml", "permissions: {}", "permissions: read-all", /have to be \{\}/],
    [
      "a job without named rights",
      "deploy-environment.yml",
      / {4}permissions:\n {6}contents: read\n {6}id-token: write\n/,
      "",
      /name its `permissions`/,
    ],
    [
      "a right to write that is not on the list",
      "pull-request.yml",
      "contents: read",
      "contents: write",
      /may not write contents/,
    ],
    [
      "a right that belongs to another workflow",
      "pull-request.yml",
      "pull-requests: write",
      "issues: write",
      /may not write issues/,
    ],
    ["a job without an end", "drift.yml", /\n {4}timeout-minutes: 10/, "", /Job issue: it needs `timeout-minutes`/],
    ["an action by its tag", "drift.yml", /checkout@\w{40} # v6.0.2/, "checkout@v6", /full commit/],
    ["an action whose version is not told", "drift.yml", / # v6\.0\.2/, "", /full commit/],
    ["a stored credential", "drift.yml", `${ex("github.token")}`, `${ex("secrets.TOKEN")}`, /no stored credential/],
    ["secrets handed on", "deploy.yml", "    with:\n", "    secrets: inherit\n    with:\n", /no stored credential/],
    [
      "a value in a command's text",
      "drift.yml",
      "ci/main.ts drift\n",
      `ci/main.ts drift ${ex("matrix.environment")}\n`,
      /by `env`/,
    ],
    [
      "a script within the file",
      "drift.yml",
      "run: node cli/setup.js install",
      "run: |\n          a\n          b",
      /more than one line/,
    ],
    [
      "a title that a stranger chose",
      "pull-request.yml",
      "github.event.pull_request.number }}\n  cancel",
      "github.event.pull_request.title }}\n  cancel",
      /stranger chooses/,
    ],
    [
      "a branch name that a stranger chose",
      "pull-request.yml",
      `pull-request-${ex("github.event.pull_request.number")}`,
      `${ex("github.head_ref")}`,
      /stranger chooses/,
    ],
    ["an identity without an environment", "drift.yml", / {4}environment: .*-drift\n/, "", /subject names it/],
    [
      "an identity for forks",
      "pull-request.yml",
      /head\.repo\.full_name == github\.repository\n {6}&&/,
      "number > 0 &&",
      /own branches/,
    ],
    [
      "the deploying identity in a pull request",
      "pull-request.yml",
      "}}-preview\n    env",
      "}}\n    env",
      /reading identity alone/,
    ],
    [
      "a deployment that can be cut off",
      "deploy-environment.yml",
      "progress: false",
      "progress: true",
      /never cut off/,
    ],
    [
      "deployments side by side",
      "deploy-environment.yml",
      `deploy-${ex("inputs.environment")}\n      c`,
      `deploy-${ex("github.run_id")}\n      c`,
      /share a `concurrency` group/,
    ],
    [
      "a deployment that nobody approves",
      "deploy-environment.yml",
      / {4}environment: .*\n {4}#/,
      "    #",
      /asks its reviewers/,
    ],
    ["a token left in the checkout", "drift.yml", "persist-credentials: false", "clean: true", /stays in the checkout/],
    [
      "a failure that is hidden",
      "drift.yml",
      "    name: Issue\n",
      "    name: Issue\n    continue-on-error: true\n",
      /hides a failure/,
    ],
  ])("%s", (_, file, from, to, problem) => {
    const problems = changed(file, from, to);
    expect(problems.filter((found) => problem.test(found))).not.toEqual([]);
  });
});
