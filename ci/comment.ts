import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fitting, GitHub } from "./github.ts";
import { type Job, LIST, NUMBER, REPOSITORY, RESULTS, required, setOutput, summarise } from "./job.ts";
import type { PreviewResult } from "./preview.ts";

const MARKER = "<!-- entrada: what this pull request changes -->";
const NOTHING = "This pull request no longer changes an environment.";

/**
 * Step: keeps the pull request's one comment up to date with what each changed environment's preview says. Fails, after
 * it has written the comment, where a preview failed. Its output `privileged` tells whether somebody gains a privileged
 * role, which asks for a further review.
 */
export async function commentOnPullRequest(job: Job): Promise<void> {
  const told = required(job, { GITHUB_REPOSITORY: REPOSITORY, PULL_REQUEST: NUMBER, ENVIRONMENTS: LIST });
  const sections: Section[] = [];
  for (const environment of JSON.parse(told.ENVIRONMENTS) as string[]) sections.push(await sectionOf(job, environment));
  const text = sections.map((section) => section.text).join("\n\n");
  const body = sections.length === 0 ? undefined : fitting(text, "the whole is on the run's page");
  await new GitHub(job, told.GITHUB_REPOSITORY).keepComment(told.PULL_REQUEST, MARKER, body, NOTHING);
  summarise(job, text || NOTHING);
  setOutput(job, "privileged", String(sections.some(({ privileged }) => privileged)));
  if (sections.some(({ ok }) => !ok)) throw new Error("A preview failed; the comment tells which.");
}

interface Section {
  readonly text: string;
  readonly privileged: boolean;
  readonly ok: boolean;
}

async function sectionOf(job: Job, environment: string): Promise<Section> {
  const folder = join(RESULTS, `preview-${environment}`);
  const file = join(job.root, folder, "result.json");
  if (!existsSync(file)) {
    const text = `## ${environment}\n\n**The preview's job ended before it had a result.**`;
    return { text, privileged: false, ok: false };
  }
  const result = JSON.parse(readFileSync(file, "utf8")) as PreviewResult;
  const args = ["--environment", environment, "--preview", join(folder, "preview.json"), "--base", "HEAD^1"];
  const { code, output } = await job.run("npx", ["--no-install", "entrada", "comment", ...args]);
  // 0: nobody gains a privileged role, 1: somebody does. Everything else is no answer.
  if (code > 1 || output.trim() === "") throw new Error(`entrada comment for ${environment} ended with ${code}.`);
  return { text: `${output.trim()}\n\n${remarks(result)}`, privileged: code === 1, ok: result.ok };
}

/** What the policies said, how long it took, and why a preview failed. */
function remarks({ environment, ok, seconds, policies, errors }: PreviewResult): string {
  const broken = policies.map(({ policy, level, urn, message }) => {
    const resource = urn.split("::").at(-1) ?? "";
    return `- ${level === "mandatory" ? "**stops**" : level} ${code(policy)}${resource === "" ? "" : ` at ${code(resource)}`}: ${oneLine(message)}`;
  });
  return [
    broken.length === 0 ? "Policies: nothing to say." : `Policies:\n${broken.join("\n")}`,
    ...(ok ? [] : [`**The preview of ${environment} failed.**`, ...errors.map((error) => `- ${oneLine(error)}`)]),
    `Previewed in ${seconds} s.`,
  ].join("\n\n");
}

const code = (text: string) => `\`${text.replaceAll("`", "'")}\``;

/** Text of resources and rules: no line of its own, no markup, and nobody is notified by it. */
const oneLine = (text: string) =>
  text.replaceAll(/\s+/g, " ").replaceAll("<", "&lt;").replaceAll("@", "@\u200b").trim();
