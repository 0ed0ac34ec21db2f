import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { GitHub } from "./github.ts";
import { type Job, LIST, NUMBER, PREVIEWS, REPOSITORY, RESULTS, required, setOutput, summarise } from "./job.ts";

const MARKER = "<!-- entrada: what this pull request changes -->";
const NOTHING = "This pull request no longer changes an environment.";
/** The checkout is the merge commit; this is what it is merged into. */
const BASE = "HEAD^1";

/**
 * Step: keeps the pull request's one comment up to date with what its previews say. Fails, after it has written the
 * comment, where the pull request must not be merged as it is or a preview is missing. Its output `privileged` tells
 * whether somebody gains an admin role, which asks for a further review.
 */
export async function commentOnPullRequest(job: Job): Promise<void> {
  const told = required(job, { GITHUB_REPOSITORY: REPOSITORY, PULL_REQUEST: NUMBER, ENVIRONMENTS: LIST });
  const environments = JSON.parse(told.ENVIRONMENTS) as string[];
  const { text, mayMerge } = environments.length === 0 ? { mayMerge: true } : await write(job, environments);
  await new GitHub(job, told.GITHUB_REPOSITORY).keepComment(told.PULL_REQUEST, MARKER, text, NOTHING);
  summarise(job, text ?? NOTHING);
  setOutput(job, "privileged", String(await anyPrivileged(job, environments)));
  const missing = environments.filter((name) => !existsSync(join(job.root, PREVIEWS, `${name}.json`)));
  if (missing.length > 0) throw new Error(`There is no preview of ${missing.join(", ")}: its job ended before.`);
  if (!mayMerge) throw new Error("The pull request must not be merged as it is; the comment tells why.");
}

interface Comment {
  readonly text?: string;
  readonly mayMerge: boolean;
}

async function write(job: Job, environments: readonly string[]): Promise<Comment> {
  const file = join(RESULTS, "comment.md");
  const folder = existsSync(join(job.root, PREVIEWS)) ? ["--previews", PREVIEWS] : [];
  const stacks = environments.flatMap((environment) => ["--stack", environment]);
  const args = ["access", "comment", "--from", BASE, ...folder, "--out", file, ...stacks];
  const { code } = await job.run("npx", ["--no-install", "entrada", ...args], { show: true });
  if (code > 1) throw new Error(`entrada access comment ended with ${code}; its message is above.`);
  return { text: readFileSync(join(job.root, file), "utf8"), mayMerge: code === 0 };
}

/** By its exit code: settings that cannot be read ask for a further review as well. */
async function anyPrivileged(job: Job, environments: readonly string[]): Promise<boolean> {
  let privileged = false;
  for (const environment of environments) {
    const args = ["access", "diff", "--from", BASE, "--stack", environment];
    const { code } = await job.run("npx", ["--no-install", "entrada", ...args], { show: true });
    if (code > 1) throw new Error(`entrada access diff of ${environment} ended with ${code}; its message is above.`);
    privileged ||= code === 1;
  }
  return privileged;
}
