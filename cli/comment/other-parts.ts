import { changeWords, wideChanges } from "../../model/conditional-access/change-words.ts";
import { type Change, plural, type ToolSecrets } from "../../model/index.ts";
import { blocks, code, sentence, text } from "./markdown.ts";
import type { PolicyResults, PolicyViolation } from "./policies.ts";
import type { EnvironmentReport } from "./report.ts";
import { type Room, withinRoom } from "./room.ts";

/** Days before the end of a secret from which the comment speaks of it. */
const SOON = 30;

/** Whom Conditional Access newly blocks, challenges or lets through, a sentence each. */
export function signInsMarkdown({ signIns }: EnvironmentReport, room: Room): string {
  if (signIns === undefined) return "";
  const { comparison, teams } = signIns;
  const list = (changes: readonly Change[]) => {
    const { shown, left } = withinRoom(wideChanges(changes, comparison), room.lines);
    const lines = shown.map((change) => `- ${sentence(changeWords(change, comparison, teams))}`);
    return [
      ...lines,
      ...(left === 0 ? [] : [`- ${plural(left, "more change", "more changes")} in \`entrada what-if --compare\`.`]),
    ].join("\n");
  };
  const { enforced, reportOnly } = comparison;
  return blocks(
    list(enforced),
    reportOnly.length === 0 ? "" : "Once report-only policies are enforced:",
    reportOnly.length === 0 ? "" : list(reportOnly),
  );
}

/** Client secrets whose calendar has a date within the next weeks. */
export function secretsMarkdown(secrets: readonly ToolSecrets[]): string {
  return secrets
    .filter(({ days }) => days <= SOON)
    .map(({ tool, next, days, windows, lastDay }) => {
      const inUse = next === "a" ? "b" : "a";
      return `- ${text(tool)}: secret \`${next}\` ends in ${plural(days, "day", "days")} (${day(windows.nextRotation)}); the first deployment from then on replaces it. Secret \`${inUse}\` is in use and ends on ${day(lastDay)}.`;
    })
    .join("\n");
}

function day(instant: string): string {
  return instant.slice(0, 10);
}

/** Violations, mandatory ones first and all of them. */
export function policiesMarkdown({ violations }: PolicyResults, room: Room): string {
  const stopping = violations.filter(({ level }) => level === "mandatory");
  const { shown, left } = withinRoom(
    violations.filter((violation) => !stopping.includes(violation)),
    room.lines,
  );
  const rest = left === 0 ? [] : [`- ${plural(left, "more warning", "more warnings")} in the preview's log.`];
  return [...[...stopping, ...shown].map(violationLine), ...rest].join("\n");
}

function violationLine({ policy, level, resource, message }: PolicyViolation): string {
  const where = resource === undefined ? "" : ` ${text(resource)}:`;
  return `- **${text(level)}** ${code(policy)}:${where} ${sentence(message)}`;
}
