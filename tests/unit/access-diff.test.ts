import { execFileSync, spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { type AccessDiffOptions, accessDiff } from "../../cli/commands/access-diff.ts";
import { projectRoot, readConfig, stackFile } from "../../cli/project.ts";
import { gitIn, printedBy, problemsOfUse } from "./checkout.ts";

/** A checkout of its own: `main` with the sample company, and a branch `more-admins` that is checked out. */
let root: string;
const git = (...args: string[]) => gitIn(root, ...args);
const sample = readFileSync(stackFile("sandbox"), "utf8");
const stack = () => join(root, "stacks", "Pulumi.sandbox.yaml");
const edited = (from: string, to: string) => {
  if (!sample.includes(from)) throw new Error(`The sample has no ${from}.`);
  return sample.replace(from, to);
};
const ADMINS = "members: [ana.lima, jon.berg]";

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "entrada-access-diff-"));
  mkdirSync(join(root, "stacks"));
  execFileSync("git", ["init", "-q", "-b", "main"], { cwd: root });
  copyFileSync(stackFile("sandbox"), stack());
  git("add", ".");
  git("commit", "-qm", "Start");
  git("checkout", "-q", "-b", "more-admins");
  writeFileSync(stack(), edited(ADMINS, "members: [ana.lima, jon.berg, mei.tanaka]"));
  git("commit", "-qam", "More");
  // Main goes on: what it gained since is no part of the branch.
  git("checkout", "-q", "main");
  writeFileSync(stack(), edited("members: [zoe.martin]", "members: [zoe.martin, omar.haddad]"));
  git("commit", "-qam", "Main goes on");
  git("checkout", "-q", "more-admins");
});
afterAll(() => rmSync(root, { recursive: true, force: true }));
afterEach(() => {
  process.exitCode = undefined;
  vi.restoreAllMocks();
});

const run = (options: Partial<AccessDiffOptions> = {}) =>
  printedBy(() => accessDiff({ stack: "sandbox", ...options }, root));
const problemsOf = (options: Partial<AccessDiffOptions>) =>
  problemsOfUse(() => accessDiff({ stack: "sandbox", ...options }, root));

describe("entrada access diff", () => {
  it("compares the working tree with where the branch parted from main, and ends with 1 where an admin is made", () => {
    const { text, code } = run();
    const [head, ...rest] = text.split("\n");
    expect(head).toMatch(/^From where the branch parted from main \([0-9a-f]{8}\) to stacks\/Pulumi\.sandbox\.yaml:$/);
    expect(rest.join("\n")).toBe(`1 person gains 5 admin roles; nobody loses any.

CHANGE         WHO         ROLES                                WHY
gains (admin)  mei.tanaka  airflow Admin, databricks admin,     joins bi-admins
                           metabase admin, openmetadata Admin,
                           superset Admin
`);
    expect(code).toBe(1);
  });

  it("ends with 0 where admin roles are only taken away, or nothing changes", () => {
    expect(run({ from: "more-admins", to: "main" }).code).toBe(0);
    expect(run({ from: "main", to: "main" })).toMatchObject({ code: 0, text: expect.stringContaining("Nobody gains") });
  });

  it("reads a revision's file by its path, and any file", () => {
    writeFileSync(join(root, "other.yaml"), sample);
    const { text } = run({ from: "main:stacks/Pulumi.sandbox.yaml", to: "other.yaml" });
    expect(text).toContain("From stacks/Pulumi.sandbox.yaml of main (");
    expect(text).toContain("Nobody gains or loses a role.");
  });

  it("takes the settings with which a preview ran from the preview's JSON", () => {
    const file = join(root, "prod.json");
    writeFileSync(file, JSON.stringify({ config: readConfig(stack()), steps: [], duration: 1 }));
    expect(run({ from: "main", to: "prod.json" }).text).toContain("gains (admin)  mei.tanaka");
    writeFileSync(file, "{ no");
    expect(() => run({ to: "prod.json" })).toThrow("prod.json is not JSON");
  });

  it("has a shape for scripts", () => {
    const printed = JSON.parse(run({ json: true }).text);
    expect(Object.keys(printed)).toEqual([
      "from",
      "to",
      "privileged",
      "summary",
      "gained",
      "lost",
      "groups",
      "via",
      "owners",
      "tools",
      "teams",
      "people",
    ]);
    expect(printed.privileged).toBe(true);
    expect(printed.summary).toEqual({
      gained: { people: 1, roles: 5, adminPeople: 1, adminRoles: 5, groups: 0 },
      lost: { people: 0, roles: 0, adminPeople: 0, adminRoles: 0, groups: 0 },
    });
    expect(printed.gained[0]).toEqual({
      person: "mei.tanaka",
      displayName: "Mei Tanaka",
      tool: "airflow",
      role: "Admin",
      admin: true,
      via: ["bi-admins"],
      guest: false,
      because: [{ kind: "membership", team: "bi-admins" }],
    });
  });

  it("prints the comment's markdown", () => {
    expect(run({ markdown: true }).text).toContain("| **gains admin** | Mei Tanaka (`mei.tanaka`) | airflow `Admin`, ");
  });

  it("takes an environment that one side does not have as one without access", () => {
    writeFileSync(join(root, "stacks", "Pulumi.lab.yaml"), sample);
    const { text } = run({ stack: "lab" });
    expect(text).toContain(", where this environment is not, to stacks/Pulumi.lab.yaml:");
    expect(text).toContain("nobody loses any.");
    rmSync(join(root, "stacks", "Pulumi.lab.yaml"));
    expect(problemsOf({ stack: "lab", from: "main" })).toEqual([
      expect.stringMatching(
        /^Neither main \([0-9a-f]{8}\) nor the working tree has a file stacks\/Pulumi\.lab\.yaml\.$/,
      ),
    ]);
  });

  it("hears of every wrong side at once, and lets git take none for an option", () => {
    expect(problemsOf({ from: "--output=/tmp/x", to: "nowhere", json: true, markdown: true })).toEqual([
      "--json and --markdown are two forms of the same; choose one.",
      '"--output=/tmp/x" is neither a stack file nor a git revision of this checkout.',
      '"nowhere" is neither a stack file nor a git revision of this checkout.',
    ]);
    expect(problemsOf({ from: "main:stacks/Pulumi.moon.yaml" })).toEqual([
      'The revision "main" has no stacks/Pulumi.moon.yaml.',
    ]);
  });

  it("ends with 2 for wrong usage, and takes its own --stack", () => {
    const entrada = (...args: string[]) =>
      spawnSync(process.execPath, ["cli/entrada.js", "access", "diff", ...args], {
        cwd: projectRoot,
        encoding: "utf8",
      });
    const { status, stderr } = entrada("--from", "--output=/tmp/x", "--stack", "prod");
    expect([status, stderr]).toEqual([2, expect.stringContaining("(entrada access diff --help shows the options)")]);
    const files = ["--from", "stacks/Pulumi.prod.yaml", "--to", "stacks/Pulumi.prod.yaml"];
    expect(entrada("--stack", "moon", ...files).status).toBe(0);
  });
});
