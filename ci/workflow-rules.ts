import { parse } from "yaml";

/** A job as far as the rules look. */
interface WorkflowJob {
  readonly uses?: string;
  readonly if?: string;
  readonly permissions?: Readonly<Record<string, string>> | string;
  readonly "timeout-minutes"?: unknown;
  readonly environment?: string | { readonly name: string };
  readonly concurrency?: { readonly group?: string; readonly "cancel-in-progress"?: boolean } | string;
  readonly "continue-on-error"?: unknown;
  readonly secrets?: unknown;
  readonly steps?: readonly WorkflowStep[];
}

interface WorkflowStep {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

interface Workflow {
  readonly on: Readonly<Record<string, unknown>> | string | readonly string[];
  readonly permissions?: unknown;
  readonly jobs: Readonly<Record<string, WorkflowJob>>;
}

/** What a workflow's token may write, and in which workflows of ours. Everything else is read. */
const WRITES: Readonly<Record<string, readonly string[]>> = {
  "id-token": ["pull-request", "deploy", "deploy-environment", "drift"],
  "pull-requests": ["pull-request"],
  issues: ["drift"],
};
const OWN_REPOSITORY = "github.event.pull_request.head.repo.full_name == github.repository";
/** Text that whoever opens a pull request or an issue chooses. */
const UNTRUSTED =
  /github\.head_ref|github\.event\.(pull_request\.(title|body|head\.(ref|label)|user)|issue|comment|review|commits|head_commit|pages)/;

/**
 * What a workflow of ours must not do, beyond what actionlint finds.
 * @param name the file's name without its ending
 * @returns one sentence for each problem, naming job and step
 */
export function workflowProblems(name: string, text: string): string[] {
  const workflow = parse(text) as Workflow;
  const events =
    typeof workflow.on === "object" && !Array.isArray(workflow.on) ? Object.keys(workflow.on) : [workflow.on];
  const jobs = Object.entries(workflow.jobs);
  return [
    ...events
      .flat()
      .flatMap((event) =>
        event === "pull_request_target" || event === "workflow_run"
          ? [`It starts by ${event}: a stranger's code would run with this repository's rights.`]
          : [],
      ),
    ...(JSON.stringify(workflow.permissions) === "{}"
      ? []
      : ["The workflow's own `permissions` have to be {}: each job asks for its own."]),
    ...textProblems(text),
    ...jobs.flatMap(([id, job]) =>
      jobProblems(name, job, events.flat().includes("pull_request")).map((problem) => `Job ${id}: ${problem}`),
    ),
  ];
}

/** What shows in the text better than in what it means. */
function textProblems(text: string): string[] {
  const problems: string[] = [];
  for (const [index, line] of text.split("\n").entries()) {
    const at = `Line ${index + 1}`;
    const uses = /^\s*(?:- )?uses:\s*(.*)$/.exec(line)?.[1];
    if (uses !== undefined && !/^(\.\/.+|[\w.-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+)$/.test(uses)) {
      problems.push(`${at}: an action is pinned by its full commit, with its version behind it: "@<40 hex> # v1.2.3".`);
    }
    const expressions = line.match(/\$\{\{.*?\}\}/g) ?? [];
    if (expressions.some((expression) => /\bsecrets\b/.test(expression)) || /^\s*secrets:/.test(line)) {
      problems.push(`${at}: there is no stored credential; a job signs in with its own identity token.`);
    }
    if (UNTRUSTED.test(line)) problems.push(`${at}: a stranger chooses that text.`);
  }
  return problems;
}

function jobProblems(name: string, job: WorkflowJob, onPullRequest: boolean): string[] {
  const environment = typeof job.environment === "object" ? job.environment.name : job.environment;
  const asked = typeof job.permissions === "object" ? job.permissions : undefined;
  const writes = Object.entries(asked ?? {}).flatMap(([scope, level]) => (level === "write" ? [scope] : []));
  const called = job.uses !== undefined;
  return [
    ...(asked === undefined ? ["it has to name its `permissions`, one by one."] : []),
    ...writes
      .filter((scope) => !WRITES[scope]?.includes(name))
      .map((scope) => `it may not write ${scope}; see WRITES in ci/workflow-rules.ts.`),
    ...(called || typeof job["timeout-minutes"] === "number" ? [] : ["it needs `timeout-minutes`."]),
    ...(writes.includes("id-token") && !called && environment === undefined
      ? ["an identity belongs to an environment, so that its subject names it."]
      : []),
    ...(writes.includes("id-token") && onPullRequest && !job.if?.includes(OWN_REPOSITORY)
      ? [`an identity is for this repository's own branches: \`if: ${OWN_REPOSITORY}\`.`]
      : []),
    ...(writes.includes("id-token") && onPullRequest && !environment?.endsWith("-preview")
      ? ["a pull request gets the reading identity alone, so its environment ends in -preview."]
      : []),
    ...(deploys(job) ? deployProblems(job, environment) : []),
    ...(job["continue-on-error"] === undefined ? [] : ["`continue-on-error` hides a failure."]),
    ...(job.steps ?? []).flatMap(stepProblems),
  ];
}

const deploys = (job: WorkflowJob) => (job.steps ?? []).some(({ run }) => run?.endsWith("ci/main.ts deploy"));

function deployProblems({ concurrency }: WorkflowJob, environment: string | undefined): string[] {
  const told = typeof concurrency === "object" ? concurrency : {};
  return [
    ...(environment === undefined ? ["what deploys has an `environment`, which asks its reviewers."] : []),
    ...(told.group !== undefined && environment !== undefined && told.group.endsWith(environment)
      ? []
      : ["deployments of one environment share a `concurrency` group that ends in its name."]),
    ...(told["cancel-in-progress"] === false ? [] : ["a deployment is never cut off: `cancel-in-progress: false`."]),
  ];
}

function stepProblems(step: WorkflowStep, index: number): string[] {
  const at = `step ${index + 1}`;
  const run = step.run ?? "";
  return [
    ...(run.includes("${{") ? [`${at}: values reach a command by \`env\`, never as a part of its text.`] : []),
    ...(run.trim().includes("\n") ? [`${at}: more than one line belongs into ci/, where it is tested.`] : []),
    ...(step.uses?.startsWith("actions/checkout@") && step.with?.["persist-credentials"] !== false
      ? [`${at}: \`persist-credentials: false\`, or the token stays in the checkout.`]
      : []),
  ];
}
