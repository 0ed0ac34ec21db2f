import { appendFileSync } from "node:fs";
import { projectRoot } from "../cli/project.ts";
import { environmentNames } from "../cli/stack-files.ts";
import { type Run, runner } from "./process.ts";

/** Where the steps of a job leave what the next job reads; uploaded as artifacts. Not kept in the repository. */
export const RESULTS = "ci-results";
/** Below it, of each environment that was previewed, what the comment is made from. */
export const PREVIEWS = `${RESULTS}/previews`;

/** One step of a workflow's job: what it is told, and what it works with. */
export interface Job {
  /** The job's environment variables. */
  readonly variables: NodeJS.ProcessEnv;
  /** The checkout. */
  readonly root: string;
  readonly run: Run;
  readonly log: (line: string) => void;
}

export function thisJob(variables: NodeJS.ProcessEnv = process.env): Job {
  return {
    variables,
    root: projectRoot,
    run: runner(variables, projectRoot),
    log: (line) => void process.stdout.write(`${line}\n`),
  };
}

/**
 * Variables that a step needs; values come from the workflow by `env:`, never as text in a command.
 * @param forms name → what the value has to look like, and how to say so
 * @throws with every missing or wrong variable
 */
export function required<Name extends string>(
  { variables }: Job,
  forms: Readonly<Record<Name, readonly [RegExp, string]>>,
): Record<Name, string> {
  const problems: string[] = [];
  const values: Partial<Record<Name, string>> = {};
  for (const name of Object.keys(forms) as Name[]) {
    const [form, words] = forms[name];
    const value = variables[name] ?? "";
    if (form.test(value)) values[name] = value;
    else problems.push(`${name} is ${value === "" ? "not set" : JSON.stringify(value)}; it has to be ${words}.`);
  }
  if (problems.length > 0) throw new Error(problems.join("\n"));
  return values as Record<Name, string>;
}

export const REPOSITORY = [/^[\w.-]+\/[\w.-]+$/, "owner/name"] as const;
export const NUMBER = [/^[1-9]\d*$/, "a number"] as const;
export const LIST = [/^\[("[\w-]+"(,"[\w-]+")*)?\]$/, "a list of environments as JSON"] as const;

/** The environment that the job is about, one that has a stack file. */
export function environmentOf(job: Job): string {
  const all = environmentNames(job.root);
  const form = new RegExp(`^(${all.join("|").replaceAll(".", "\\.")})$`);
  return required(job, { ENVIRONMENT: [form, `one of ${all.join(", ")}`] }).ENVIRONMENT;
}

/** Hands a value to later jobs (https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands). */
export function setOutput({ variables, log }: Job, name: string, value: string): void {
  if (value.includes("\n")) throw new Error(`The output ${name} has to be one line.`);
  if (variables.GITHUB_OUTPUT) appendFileSync(variables.GITHUB_OUTPUT, `${name}=${value}\n`);
  log(`${name}: ${value}`);
}

/** Shows Markdown on the run's page. */
export function summarise({ variables }: Job, markdown: string): void {
  if (variables.GITHUB_STEP_SUMMARY) appendFileSync(variables.GITHUB_STEP_SUMMARY, `${markdown}\n`);
}
