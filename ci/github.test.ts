import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { commentOnPullRequest } from "./comment.ts";
import type { DriftResult } from "./drift.ts";
import { describeDrift, reportDrift } from "./drift-issue.ts";
import { fitting } from "./github.ts";
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

/** A pull request whose environments were previewed; `entrada` writes a comment and ends as told. */
function pullRequest(environments: readonly string[], { comment = 0, diff = 0, previewed = environments } = {}) {
  const variables = {
    GITHUB_REPOSITORY: "contoso/data",
    PULL_REQUEST: "7",
    ENVIRONMENTS: JSON.stringify(environments),
  };
  const job = testJob(variables);
  mkdirSync(join(job.root, "ci-results/previews"), { recursive: true });
  for (const environment of previewed) writeFileSync(join(job.root, `ci-results/previews/${environment}.json`), "{}");
  job.program(
    "npx",
    `if (args[3] === "diff") process.exit(args.at(-1) === "prod" ? ${diff} : 0);
     if (${comment} < 2) fs.writeFileSync(args[args.indexOf("--out") + 1], "${COMMENT}\\n## Text");
     process.exit(${comment});`,
  );
  return job;
}

describe("the comment", () => {
  it("is written once for all environments, from the command's text", async () => {
    const job = pullRequest(["dev", "prod"]);
    gh(job, []);
    await commentOnPullRequest(job);
    expect(job.calls("npx").map(({ args }) => args.slice(2).join(" "))).toEqual([
      "access comment --from HEAD^1 --previews ci-results/previews --out ci-results/comment.md --stack dev --stack prod",
      "access diff --from HEAD^1 --stack dev",
      "access diff --from HEAD^1 --stack prod",
    ]);
    expect(sent(job)).toEqual([
      { method: "POST", path: "repos/contoso/data/issues/7/comments", body: { body: `${COMMENT}\n## Text` } },
    ]);
    expect(job.written("GITHUB_OUTPUT")).toBe("privileged=false");
    expect(job.written("GITHUB_STEP_SUMMARY")).toContain("## Text");
  });

  it("is written anew where it stands already, on any page, and nobody else's is touched", async () => {
    const job = pullRequest(["dev"]);
    const others = [
      { id: 1, user: { login: "somebody" }, body: COMMENT },
      { id: 2, user: BOT, body: "Other" },
      { id: 3, user: null, body: null },
    ];
    gh(job, others, [{ id: 4, user: BOT, body: `${COMMENT}\nold` }]);
    await commentOnPullRequest(job);
    const calls = sent(job).map(({ method, path }) => `${method} ${path}`);
    expect(calls).toEqual(["PATCH repos/contoso/data/issues/comments/4"]);
  });

  it("is not written where nothing changes, and says so where it was written before", async () => {
    const never = pullRequest([]);
    gh(never, []);
    await commentOnPullRequest(never);
    expect(sent(never)).toEqual([]);
    expect(never.calls("npx")).toEqual([]);
    const before = pullRequest([]);
    gh(before, [{ id: 4, user: BOT, body: `${COMMENT}\nold` }]);
    await commentOnPullRequest(before);
    expect(sent(before)[0]?.body.body).toBe(`${COMMENT}\nThis pull request no longer changes an environment.`);
  });

  it("asks for a further review where somebody gains an admin role in any environment", async () => {
    const job = pullRequest(["dev", "prod", "staging"], { diff: 1 });
    gh(job, []);
    await commentOnPullRequest(job);
    expect(job.written("GITHUB_OUTPUT")).toBe("privileged=true");
  });

  it("is written for what must not be merged, and the step fails then", async () => {
    const job = pullRequest(["dev", "prod"], { comment: 1, diff: 1 });
    gh(job, []);
    await expect(commentOnPullRequest(job)).rejects.toThrow("must not be merged as it is");
    expect(sent(job)).toHaveLength(1);
    expect(job.written("GITHUB_OUTPUT")).toBe("privileged=true");
  });

  it("is written where a preview never ended, and the step fails then", async () => {
    const job = pullRequest(["dev", "prod"], { previewed: ["dev"] });
    gh(job, []);
    await expect(commentOnPullRequest(job)).rejects.toThrow("There is no preview of prod");
    expect(sent(job)).toHaveLength(1);
  });

  it.each([{ comment: 2 }, { diff: 2 }])("takes no other end for an answer: %j", async (ends) => {
    const job = pullRequest(["prod"], ends);
    gh(job, []);
    await expect(commentOnPullRequest(job)).rejects.toThrow(/entrada access (comment|diff of prod) ended with 2/);
    expect(job.written("GITHUB_OUTPUT")).toBe("");
  });

  it("names every variable that is missing or wrong", async () => {
    const job = testJob({ GITHUB_REPOSITORY: "contoso", PULL_REQUEST: "7; x", ENVIRONMENTS: '["../etc"]' });
    await expect(commentOnPullRequest(job)).rejects.toThrow(
      /GITHUB_REPOSITORY is "contoso".*\nPULL_REQUEST is "7; x".*\nENVIRONMENTS is "\[\\"\.\.\/etc\\"\]"/,
    );
  });
});

it("a text stays below what GitHub takes, and says that it was cut", () => {
  const text = `${"x".repeat(99)}\n`.repeat(1000);
  const cut = fitting(text, "the rest is elsewhere");
  expect(cut.length).toBeLessThan(61_000);
  expect(cut).toMatch(/x\n\n\*Cut here: the rest is elsewhere\.\*$/);
  expect(fitting("short", "")).toBe("short");
});

describe("the issue", () => {
  const clean: DriftResult = { environment: "dev", state: "clean", changes: [], undeclared: [], errors: [] };
  const drifted: DriftResult = {
    environment: "prod",
    state: "drifted",
    changes: [
      { op: "update", resource: "Group analysts", properties: ["members"] },
      { op: "create", resource: "Group sales", properties: [] },
    ],
    undeclared: [],
    errors: [],
  };

  function night(...results: DriftResult[]): TestJob {
    const job = testJob({ GITHUB_REPOSITORY: "contoso/data" });
    for (const result of results) {
      const folder = join(job.root, "ci-results/drift");
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, `${result.environment}.json`), JSON.stringify(result));
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

  it("tells of what nothing declares, whose names format nothing and notify nobody", () => {
    const undeclared = ["Superset: a role for the user <b>@jon_b</b>\n# [x](y)"];
    const text = describeDrift([{ ...clean, state: "drifted", undeclared }]) ?? "";
    expect(text).toContain("Nothing declares this, and an `up` leaves it there:\n\n- Superset: a role for the user");
    expect(text).toContain("\\<b>@\u200bjon\\_b\\</b> # \\[x\\](y)\n");
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
