import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { projectRoot } from "../cli/project.ts";
import { ensureActionlint } from "../sandbox/toolchain/actionlint.ts";

const folder = join(projectRoot, ".github/workflows");

/** What actionlint says of a copy of the workflows, in which one file may be changed. */
async function lint(change: (file: string, text: string) => string = (_, text) => text) {
  const copy = mkdtempSync(join(tmpdir(), "entrada-actionlint-"));
  onTestFinished(() => rmSync(copy, { recursive: true, force: true }));
  const workflows = join(copy, ".github/workflows");
  mkdirSync(workflows, { recursive: true });
  // It takes the folder above for the repository, and so finds workflows that others call.
  mkdirSync(join(copy, ".git"));
  for (const file of readdirSync(folder)) {
    writeFileSync(join(workflows, file), change(file, readFileSync(join(folder, file), "utf8")));
  }
  const { status, stdout, stderr } = spawnSync(await ensureActionlint(), ["-no-color"], {
    cwd: copy,
    encoding: "utf8",
  });
  return { status, text: stdout + stderr };
}

it("finds nothing to say about the workflows", async () => {
  expect(await lint()).toEqual({ status: 0, text: "" });
});

it.each([
  ["an output that no step has", "steps.changed.outputs", "steps.change.outputs", /property "change" is not defined/],
  ["a job that there is not", "needs: environments", "needs: environment", /needs job "environment"/],
  ["a key that there is not", "timeout-minutes: 20", "timeout: 20", /unexpected key "timeout"/],
])("finds %s", async (_, from, to, problem) => {
  const { status, text } = await lint((file, content) => {
    const changed = file === "pull-request.yml" ? content.replace(from, to) : content;
    if (file === "pull-request.yml" && changed === content) throw new Error(`There is no ${from}.`);
    return changed;
  });
  expect(status).toBe(1);
  expect(text).toMatch(problem);
});
