import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { environmentNames } from "../cli/stack-files.ts";
import type { DriftResult } from "./drift.ts";
import { fitting, GitHub } from "./github.ts";
import { type Job, REPOSITORY, RESULTS, required, summarise } from "./job.ts";

const MARKER = "<!-- entrada: drift -->";
const TITLE = "What is there differs from what is declared";

/** Step: opens, rewrites or closes the one issue that tells of drift in any environment. */
export async function reportDrift(job: Job): Promise<void> {
  const { GITHUB_REPOSITORY } = required(job, { GITHUB_REPOSITORY: REPOSITORY });
  const text = describeDrift(environmentNames(job.root).map((environment) => resultOf(job, environment)));
  await new GitHub(job, GITHUB_REPOSITORY).keepIssue(
    MARKER,
    TITLE,
    text && fitting(text, "the rest is in the run's log"),
  );
  summarise(job, text ?? "Everything is as declared.");
}

/** An environment whose job left no result is one that nobody looked at: that is told, not passed over. */
function resultOf({ root }: Job, environment: string): DriftResult {
  const file = join(root, RESULTS, "drift", `${environment}.json`);
  if (existsSync(file)) return JSON.parse(readFileSync(file, "utf8")) as DriftResult;
  return {
    environment,
    state: "failed",
    changes: [],
    undeclared: [],
    errors: ["Its job ended before it had a result."],
  };
}

/** The issue's text; undefined when every environment is as declared. */
export function describeDrift(results: readonly DriftResult[]): string | undefined {
  const telling = results.filter(({ state }) => state !== "clean");
  if (telling.length === 0) return undefined;
  return [...telling.map(describe), HOW_ON].join("\n\n");
}

function describe({ environment, state, changes, undeclared, errors }: DriftResult): string {
  const lines = changes.map(({ op, resource, properties }) => {
    const what = properties.length === 0 ? "" : ` (${properties.join(", ")})`;
    return `- ${op} \`${resource}\`${what}`;
  });
  const told = errors.map((sentence) => `- ${quiet(sentence)}`);
  return [
    `## ${environment}`,
    ...(state === "failed" ? ["The check failed, so nobody knows:", told.join("\n")] : []),
    ...(lines.length > 0 ? ["An `up` would put right:", lines.join("\n")] : []),
    ...(state !== "failed" && undeclared.length > 0
      ? [
          "Nothing declares this, and an `up` leaves it there:",
          undeclared.map((sentence) => `- ${quiet(sentence)}`).join("\n"),
        ]
      : []),
  ].join("\n\n");
}

/** Names in Entra are chosen by many: they break no line, format nothing and notify nobody. */
const quiet = (text: string) =>
  text
    .replaceAll(/\s+/g, " ")
    .replaceAll(/[\\`*_[\]<]/g, "\\$&")
    .replaceAll("@", "@\u200b");

const HOW_ON = [
  "Declare what was right, or run the workflow *Deploy* again to put it back. A new credential at the beginning of a window",
  "is expected, and is deployed the same way. This issue is rewritten every night, and closed when everything is as declared.",
].join("\n");
