import { accessHeadline, plural } from "../../model/index.ts";
import { headline } from "../what-if/comparison.ts";
import { accessMarkdown } from "./access-part.ts";
import { boxes } from "./boxes.ts";
import { blocks, code, markdownTable, text } from "./markdown.ts";
import { policiesMarkdown, secretsMarkdown, signInsMarkdown } from "./other-parts.ts";
import { type EnvironmentReport, isChanged, isEmpty, type ToolVersion } from "./report.ts";
import { operationCounts, resourcesMarkdown } from "./resources-part.ts";
import { ROOMS, type Room } from "./room.ts";

/** By this line the comment is found again, so that it is kept up to date and not written a second time. */
export const COMMENT_MARKER = "<!-- entrada: what this pull request changes -->";

/** GitHub refuses a longer body (422, "body is too long (maximum is 65536 characters)"). */
export const LONGEST_COMMENT = 65_536;

/**
 * The one comment on a pull request, as GitHub's markdown. Where it would be too long, lists are shortened and say by how much;
 * whoever gains an admin role, and what cannot be made again, always stand in it.
 */
export function renderComment(reports: readonly EnvironmentReport[], longest = LONGEST_COMMENT): string {
  const drafts = ROOMS.map((room) => () => draft(reports, room));
  for (const write of drafts) {
    const comment = write();
    if (comment.length <= longest) return comment;
  }
  return cut(drafts.at(-1)?.() ?? "", longest);
}

/** Only a great many different lines about admin roles or losses for good can be this long. */
function cut(comment: string, longest: number): string {
  const lines = comment.split("\n");
  const end = (left: number) =>
    `\n\n**${plural(left, "line", "lines")} did not fit; \`entrada access diff\` has them all.**\n`;
  const room = longest - end(lines.length).length;
  let [kept, used] = [0, 0];
  while (used + (lines[kept]?.length ?? 0) + 1 <= room) {
    used += (lines[kept]?.length ?? 0) + 1;
    kept++;
  }
  return `${lines.slice(0, kept).join("\n")}${end(lines.length - kept)}`;
}

function draft(reports: readonly EnvironmentReport[], room: Room): string {
  const changed = reports.filter(isChanged);
  return `${blocks(
    COMMENT_MARKER,
    "## What this pull request changes",
    ...boxes(reports, room.adminNames),
    markdownTable(
      ["Environment", "Access", "Sign-ins", "Resources", "Policies", "Preview took"],
      reports.map(overview),
    ),
    ...changed.map((report) => environment(report, room)),
    "<sub>Kept up to date with the branch. How to read it: `docs/pull-requests.md`.</sub>",
  )}\n`;
}

function overview(report: EnvironmentReport): string[] {
  const { name, access, signIns, preview, policies } = report;
  return [
    `**${text(name)}**`,
    access === undefined ? "not compared" : short(accessHeadline(access)),
    signIns === undefined ? "not compared" : signInsCell(signIns.comparison),
    preview === undefined ? "no preview" : preview.errors.length > 0 ? "**preview failed**" : operationCounts(preview),
    policies === undefined ? "not recorded" : policiesCell(policies),
    preview?.seconds === undefined ? "" : `${preview.seconds.toFixed(preview.seconds < 10 ? 1 : 0)} s`,
  ];
}

function short(words: string): string {
  return words.replace(/\.$/, "").replace(/; nobody loses any$/, "");
}

function signInsCell({ enforced, reportOnly }: NonNullable<EnvironmentReport["signIns"]>["comparison"]): string {
  if (enforced.length > 0) return short(headline(enforced));
  return reportOnly.length > 0 ? "as before; report-only policies would change some" : "as before";
}

function policiesCell({ rules, violations }: NonNullable<EnvironmentReport["policies"]>): string {
  const passed = rules === 0 ? "passed" : `${rules} rules passed`;
  if (violations.length === 0) return passed;
  const stopping = violations.filter(({ level }) => level === "mandatory").length;
  const warnings = violations.length - stopping;
  return [
    ...(stopping === 0 ? [] : [`**${plural(stopping, "violation", "violations")}**`]),
    ...(warnings === 0 ? [] : [plural(warnings, "warning", "warnings")]),
  ].join(", ");
}

function versionLine({ tool, from, to }: ToolVersion): string {
  return `- ${text(tool)}: ${code(from)} → ${code(to)}`;
}

/** One environment's part; what has nothing to say has no heading. */
function environment(report: EnvironmentReport, room: Room): string {
  const { name, access, versions = [], secrets = [], preview, policies } = report;
  const part = (heading: string, body: string) => (body === "" ? "" : `#### ${heading}\n\n${body}`);
  return blocks(
    `### ${text(name)}`,
    access === undefined || isEmpty(access) ? "" : part("Access", accessMarkdown(access, room)),
    part("Tools", versions.map(versionLine).join("\n")),
    part("Sign-ins, by Conditional Access", signInsMarkdown(report, room)),
    part("Client secrets", secretsMarkdown(secrets)),
    preview === undefined ? "" : part("Resources", resourcesMarkdown(preview, room)),
    policies === undefined ? "" : part("Policies", policiesMarkdown(policies, room)),
  );
}
