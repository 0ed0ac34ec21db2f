import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { onTestFinished } from "vitest";
import { projectRoot } from "../cli/project.ts";
import type { Job } from "./job.ts";
import { runner } from "./process.ts";

/** How a program was called. */
export interface Call {
  readonly args: readonly string[];
  readonly input: string;
}

/** A job in a temporary checkout, whose programs are stand-ins that write down how they were called. */
export interface TestJob extends Job {
  readonly lines: string[];
  /**
   * Puts a program on PATH, as the body of a Node script.
   * @param body may use `args`, `input` and `env`
   */
  program(name: string, body?: string): void;
  calls(name: string): Call[];
  /** What the step handed on, or showed on the run's page. */
  written(file: "GITHUB_OUTPUT" | "GITHUB_STEP_SUMMARY" | "GITHUB_PATH"): string;
}

export function testJob(variables: Record<string, string> = {}): TestJob {
  const root = mkdtempSync(join(tmpdir(), "entrada-ci-"));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const bin = join(root, "bin");
  mkdirSync(bin);
  cpSync(join(projectRoot, "stacks"), join(root, "stacks"), { recursive: true });
  const files = {
    GITHUB_OUTPUT: join(root, "output"),
    GITHUB_STEP_SUMMARY: join(root, "summary"),
    GITHUB_PATH: join(root, "path"),
  };
  const all = {
    PATH: [bin, process.env.PATH].join(delimiter),
    RUNNER_TEMP: join(root, "temp"),
    ...files,
    ...variables,
  };
  const lines: string[] = [];
  return {
    variables: all,
    root,
    lines,
    run: runner(all, root),
    log: (line) => void lines.push(line),
    program: (name, body = "") => {
      const file = join(bin, name);
      writeFileSync(file, program(join(root, `${name}.calls`), body));
      chmodSync(file, 0o755);
    },
    calls: (name) => readLines(join(root, `${name}.calls`)).map((line) => JSON.parse(line) as Call),
    written: (file) => readLines(files[file]).join("\n"),
  };
}

const program = (record: string, body: string) => `#!${process.execPath}
const fs = require("node:fs");
const args = process.argv.slice(2);
const input = fs.readFileSync(0, "utf8");
const env = process.env;
fs.appendFileSync(${JSON.stringify(record)}, JSON.stringify({ args, input }) + "\\n");
${body}
`;

function readLines(file: string): string[] {
  try {
    return readFileSync(file, "utf8").split("\n").filter(Boolean);
  } catch {
    return [];
  }
}
