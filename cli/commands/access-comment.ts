import { writeFileSync } from "node:fs";
import { renderComment } from "../comment/comment.ts";
import { mustNotMerge } from "../comment/report.ts";
import { type CommentSources, environmentReports } from "../comment/reports.ts";
import { line, WrongUse } from "../output.ts";
import { projectRoot } from "../project.ts";

export interface AccessCommentOptions extends Omit<CommentSources, "now" | "stacks"> {
  readonly stack?: readonly string[];
  /** File to write to instead of standard output. */
  readonly out?: string;
  readonly now?: Date;
}

/**
 * Writes the one comment on a pull request. The exit code is 1 where the pull request must not be merged as it is; the comment is
 * written then too.
 * @param root the checkout whose files and revisions are compared
 * @throws WrongUse for sides that are not there
 */
export function accessComment(
  { stack, out, now = new Date(), ...sources }: AccessCommentOptions,
  root = projectRoot,
): void {
  const problems: string[] = [];
  const reports = environmentReports(
    { ...sources, now, ...(stack === undefined ? {} : { stacks: stack }) },
    root,
    problems,
  );
  if (problems.length > 0) throw new WrongUse([...new Set(problems)], "access comment");
  const comment = renderComment(reports);
  if (out === undefined) line(comment.trimEnd());
  else writeFileSync(out, comment);
  process.exitCode = reports.some(mustNotMerge) ? 1 : 0;
}
