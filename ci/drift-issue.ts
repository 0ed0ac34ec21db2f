import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { DriftResult } from "./drift.ts";
import { fitting, GitHub } from "./github.ts";
import { environments, type Job, REPOSITORY, RESULTS, required, summarise } from "./job.ts";

const MARKER = "<!-- entrada: drift -->";
const TITLE = "What is there differs from what is declared";

/** Step: opens, rewrites or closes the one issue that tells of drift in any environment. */
export async function reportDrift(job: Job): Promise<void> {
  const { GITHUB_REPOSITORY } = required(job, { GITHUB_REPOSITORY: REPOSITORY });
  const text = describeDrift(environments(job.root).map((environment) => resultOf(job, environment)));
  await new GitHub(job, GITHUB_REPOSITORY).keepIssue(
    MARKER,
    TITLE,
    text && fitting(text, "the rest is in the run's log"),
  );
  summarise(job, text ?? "Everything is as declared.");
}

/** An environment whose job left no result is one that nobody looked at: that is told, not passed over. */
function resultOf({ root }: Job, environment: string): DriftResult {
  const file = join(root, RESULTS, `drift-${environment}`, "drift.json");
  if (existsSync(file)) return JSON.parse(readFileSync(file, "utf8")) as DriftResult;
  return { environment, state: "failed", changes: [], errors: ["Its job ended before it had a result."] };
}

/** The issue's text; undefined when every environment is as declared. */
export function describeDrift(results: readonly DriftResult[]): string | undefined {
  const telling = results.filter(({ state }) => state !== "clean");
  if (telling.length === 0) return undefined;
  return [...telling.map(describe), HOW_ON].join("\n\n");
}

function describe({ environment, state, changes, errors }: DriftResult): string {
  const lines = changes.map(({ op, resource, properties }) => {
    const what = properties.length === 0 ? "" : ` (${properties.join(", ")})`;
    return `- ${op} \`${resource}\`${what}`;
  });
  return [
    `## ${environment}`,
    state === "failed" ? "The check failed, so nobody knows:" : "An `up` would put right:",
    [...lines, ...errors.map((error) => `- ${error.replaceAll(/\s+/g, " ").replaceAll("@", "@\u200b")}`)].join("\n"),
  ].join("\n\n");
}

const HOW_ON = [
  "Declare what was right, or run the workflow *Deploy* again to put it back. A new credential at the beginning of a window",
  "is expected, and is deployed the same way. This issue is rewritten every night, and closed when everything is as declared.",
].join("\n");
