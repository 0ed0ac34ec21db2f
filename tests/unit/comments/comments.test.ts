import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { accessComment } from "../../../cli/commands/access-comment.ts";
import { COMMENT_MARKER, LONGEST_COMMENT } from "../../../cli/comment/comment.ts";
import { stackFile } from "../../../cli/project.ts";
import type { Run } from "../../../components/testing/mocks.ts";
import { EXAMPLES } from "./examples.ts";
import { playedPreview, policyEvents, registered } from "./played-preview.ts";

/**
 * The comments for the example pull requests, each in a checkout of its own, with previews played under mocks. They are kept as
 * files to be read: `tests/unit/comments/*.md`.
 */
const sample = readFileSync(stackFile("sandbox"), "utf8");
const now = new Date("2026-11-23T12:00:00Z");
let root: string;
let base: Run;
const stack = () => join(root, "stacks", "Pulumi.sandbox.yaml");
const git = (...args: string[]) =>
  execFileSync("git", ["-c", "user.name=Test", "-c", "user.email=test@contoso.com", ...args], {
    cwd: root,
    stdio: "ignore",
  });

beforeAll(async () => {
  vi.useFakeTimers({ toFake: ["Date"], now });
  root = mkdtempSync(join(tmpdir(), "entrada-comments-"));
  mkdirSync(join(root, "stacks"));
  mkdirSync(join(root, "previews"));
  execFileSync("git", ["init", "-q", "-b", "main"], { cwd: root });
  writeFileSync(stack(), sample);
  git("add", "stacks");
  git("commit", "-qm", "Start");
  base = await registered(stack());
}, 120_000);
afterAll(() => {
  vi.useRealTimers();
  process.exitCode = undefined;
  rmSync(root, { recursive: true, force: true });
});

describe.each(EXAMPLES)("a pull request to $name", ({ name, before, change, stopped }) => {
  it("has a comment that a reviewer can decide by", async () => {
    const start = before?.(sample) ?? sample;
    writeFileSync(stack(), start);
    if (before !== undefined) git("commit", "-qam", name);
    const old = before === undefined ? base : await registered(stack());
    writeFileSync(stack(), change(start));
    const run = await registered(stack());
    writeFileSync(join(root, "previews", "sandbox.json"), JSON.stringify(await playedPreview(old, run)));
    writeFileSync(join(root, "previews", "sandbox.events.jsonl"), policyEvents(run, stack()));

    const out = join(root, "comment.md");
    accessComment({ previews: join(root, "previews"), out, now }, root);
    if (before !== undefined) git("reset", "-q", "--hard", "HEAD~1");
    const comment = readFileSync(out, "utf8");
    expect(comment.startsWith(`${COMMENT_MARKER}\n`)).toBe(true);
    expect(comment.length).toBeLessThan(LONGEST_COMMENT);
    expect(process.exitCode).toBe(stopped ? 1 : 0);
    await expect(comment).toMatchFileSnapshot(`${name}.md`);
  }, 60_000);
});
