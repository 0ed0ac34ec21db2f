import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { commentOnPullRequest } from "./comment.ts";
import type { DriftResult } from "./drift.ts";
import { describeDrift, reportDrift } from "./drift-issue.ts";
import { fitting } from "./github.ts";
import type { PreviewResult } from "./preview.ts";
import { type TestJob, testJob } from "./testing.ts";

const BOT = { login: "github-actions[bot]" };
const COMMENT = "<!-- entrada: what this pull request changes -->";
const DRIFT = "<!-- entrada: drift -->";

/** A `gh` that lists these pages and takes everything else. */
const gh = (job: TestJob, ...pages: object[][]) =>
  job.program("gh", `if (args.includes("--slurp")) process.stdout.write(${JSON.stringify(JSON.stringify(pages))});`);

/** What was sent: method, path and body. */
const sent = (job: TestJob) =>
  job
    .calls("gh")
    .filter(({ args }) => args.includes("--method"))
    .map(({ args, input }) => ({ method: args[2], path: args[3], body: JSON.parse(input) }));

function pullRequest(results: Record<string, Partial<PreviewResult>>, comment = "process.stdout.write('## text');") {
  const environments = JSON.stringify(Object.keys(results));
  const job = testJob({ GITHUB_REPOSITORY: "contoso/data", PULL_REQUEST: "7", ENVIRONMENTS: environments });
  for (const [environment, result] of Object.entries(results)) {
    const folder = join(job.root, "ci-results", `preview-${environment}`);
    mkdirSync(folder, { recursive: true });
    const whole = { environment, ok: true, seconds: 12, policies: [], errors: [], ...result };
    writeFileSync(join(folder, "result.json"), JSON.stringify(whole));
  }
  job.program("npx", comment);
  return job;
}

describe("the comment", () => {
  it("is written once for all environments, from the command's text", async () => {
    const job = pullRequest(
      { dev: {}, prod: {} },
      `process.stdout.write("## " + args[args.indexOf("--environment") + 1]);`,
    );
    gh(job, []);
    await commentOnPullRequest(job);
    expect(job.calls("npx")[0]?.args).toEqual([
      ...["--no-install", "entrada", "comment", "--environment", "dev"],
      ...["--preview", "ci-results/preview-dev/preview.json", "--base", "HEAD^1"],
    ]);
    const [posted, ...others] = sent(job);
    expect(others).toEqual([]);
    expect(posted).toMatchObject({ method: "POST", path: "repos/contoso/data/issues/7/comments" });
    expect(posted?.body.body).toMatch(/^<!-- entrada: .* -->\n## dev\n\n.*Previewed in 12 s\.\n\n## prod\n/s);
    expect(job.written("GITHUB_OUTPUT")).toBe("privileged=false");
  });

  it("is written anew where it stands already, on any page, and nobody else's is touched", async () => {
    const job = pullRequest({ dev: {} });
    const somebody = { id: 1, user: { login: "somebody" }, body: COMMENT };
    gh(
      job,
      [somebody, { id: 2, user: BOT, body: "Other" }, { id: 3, user: null, body: null }],
      [{ id: 4, user: BOT, body: `${COMMENT}\nold` }],
    );
    await commentOnPullRequest(job);
    expect(sent(job).map(({ method, path }) => `${method} ${path}`)).toEqual([
      "PATCH repos/contoso/data/issues/comments/4",
    ]);
  });

  it("is not written where nothing changes, and says so where it was written before", async () => {
    const never = pullRequest({});
    gh(never, []);
    await commentOnPullRequest(never);
    expect(sent(never)).toEqual([]);
    const before = pullRequest({});
    gh(before, [{ id: 4, user: BOT, body: `${COMMENT}\nold` }]);
    await commentOnPullRequest(before);
    expect(sent(before)[0]?.body.body).toBe(`${COMMENT}\nThis pull request no longer changes an environment.`);
  });

  it("asks for a further review when the command ends with 1, and takes no other end for an answer", async () => {
    const gained = pullRequest({ dev: {} }, "process.stdout.write('## text'); process.exitCode = 1;");
    gh(gained, []);
    await commentOnPullRequest(gained);
    expect(gained.written("GITHUB_OUTPUT")).toBe("privileged=true");
    const wrong = pullRequest({ dev: {} }, "process.exitCode = 2;");
    gh(wrong, []);
    await expect(commentOnPullRequest(wrong)).rejects.toThrow("entrada comment for dev ended with 2");
    expect(sent(wrong)).toEqual([]);
  });

  it("tells what the rules said, so that it notifies nobody and breaks no layout", async () => {
    const finding = { urn: "urn:pulumi:dev::entrada::x:y:Z::vault", message: "Ask @octocat\n# about <b>it</b>" };
    const policies = [
      { ...finding, policy: "kv-guarded", level: "mandatory" },
      { policy: "quiet", level: "advisory", urn: "", message: "Fine" },
    ];
    const job = pullRequest({ dev: { policies } });
    gh(job, []);
    await commentOnPullRequest(job);
    const { body } = sent(job)[0]?.body ?? {};
    expect(body).toContain(
      "- **stops** `kv-guarded` at `vault`: Ask @\u200boctocat # about &lt;b>it&lt;/b>\n- advisory `quiet`: Fine",
    );
  });

  it("is written for a preview that failed or never ended, and the step fails then", async () => {
    const job = pullRequest({ dev: { ok: false, errors: ["cannot sign in"] } });
    gh(job, []);
    await expect(commentOnPullRequest(job)).rejects.toThrow("A preview failed");
    expect(sent(job)[0]?.body.body).toContain("**The preview of dev failed.**\n\n- cannot sign in");
    const lost = testJob({ GITHUB_REPOSITORY: "contoso/data", PULL_REQUEST: "7", ENVIRONMENTS: '["prod"]' });
    gh(lost, []);
    await expect(commentOnPullRequest(lost)).rejects.toThrow("A preview failed");
    expect(sent(lost)[0]?.body.body).toContain("job ended before it had a result");
  });

  it("names every variable that is missing or wrong", async () => {
    const job = testJob({ GITHUB_REPOSITORY: "contoso", PULL_REQUEST: "7; x", ENVIRONMENTS: '["../etc"]' });
    await expect(commentOnPullRequest(job)).rejects.toThrow(
      /GITHUB_REPOSITORY is "contoso".*\nPULL_REQUEST is "7; x".*\nENVIRONMENTS is "\[\\"\.\.\/etc\\"\]"/,
    );
  });

  it("stays below what GitHub takes, and says that it was cut", () => {
    const text = `${"x".repeat(99)}\n`.repeat(1000);
    const cut = fitting(text, "the rest is elsewhere");
    expect(cut.length).toBeLessThan(61_000);
    expect(cut).toMatch(/x\n\n\*Cut here: the rest is elsewhere\.\*$/);
    expect(fitting("short", "")).toBe("short");
  });
});

describe("the issue", () => {
  const clean: DriftResult = { environment: "dev", state: "clean", changes: [], errors: [] };
  const drifted: DriftResult = {
    environment: "prod",
    state: "drifted",
    changes: [
      { op: "update", resource: "Group analysts", properties: ["members"] },
      { op: "create", resource: "Group sales", properties: [] },
    ],
    errors: [],
  };

  function night(...results: DriftResult[]): TestJob {
    const job = testJob({ GITHUB_REPOSITORY: "contoso/data" });
    for (const result of results) {
      const folder = join(job.root, "ci-results", `drift-${result.environment}`);
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, "drift.json"), JSON.stringify(result));
    }
    return job;
  }
  const every = (state: DriftResult) => ["dev", "staging", "prod"].map((environment) => ({ ...state, environment }));

  it("tells of those environments alone that differ", () => {
    expect(describeDrift([clean])).toBeUndefined();
    const text = describeDrift([clean, drifted]) ?? "";
    expect(text).toMatch(
      /^## prod\n\nAn `up` would put right:\n\n- update `Group analysts` \(members\)\n- create `Group sales`\n/,
    );
    expect(text).not.toContain("dev");
  });

  it("is opened once, with its label", async () => {
    const job = night({ ...clean }, { ...clean, environment: "staging" }, drifted);
    gh(job, [{ id: 1, number: 1, user: BOT, body: DRIFT, pull_request: {} }]);
    await reportDrift(job);
    expect(sent(job)).toEqual([
      {
        method: "POST",
        path: "repos/contoso/data/issues",
        body: { title: expect.any(String), body: expect.stringContaining(`${DRIFT}\n## prod`), labels: ["drift"] },
      },
    ]);
  });

  it("is rewritten where it is open, and closed when all is well", async () => {
    const open = [{ id: 9, number: 12, user: BOT, body: `${DRIFT}\nold` }];
    const still = night(...every(drifted));
    gh(still, open);
    await reportDrift(still);
    expect(sent(still).map(({ method, path }) => `${method} ${path}`)).toEqual(["PATCH repos/contoso/data/issues/12"]);
    const well = night(...every(clean));
    gh(well, open);
    await reportDrift(well);
    expect(sent(well)[0]).toMatchObject({ method: "PATCH", body: { state: "closed" } });
  });

  it("does not take an environment that nobody looked at for a clean one", async () => {
    const job = night(clean);
    gh(job, []);
    await reportDrift(job);
    expect(sent(job)[0]?.body.body).toContain("## staging\n\nThe check failed, so nobody knows:");
  });
});
