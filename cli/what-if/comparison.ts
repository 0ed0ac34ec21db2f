import {
  changeWords,
  ignoredBy,
  type Teams,
  toolWords,
  wideChanges,
} from "../../model/conditional-access/change-words.ts";
import { peopleWords } from "../../model/conditional-access/people-words.ts";
import { verdictWords } from "../../model/conditional-access/words.ts";
import { CHANGE_KINDS, type Change, type ChangeKind, type Comparison, peopleByKind } from "../../model/index.ts";
import { painter, type TableOptions, table, wrap } from "../table.ts";
import { conditionList } from "./everybody.ts";

const KINDS: Readonly<Record<ChangeKind, string>> = {
  "newly-blocked": "newly blocked",
  "newly-challenged": "newly challenged",
  "newly-let-through": "newly let through",
  "other-demands": "asked for something else",
  "other-session": "with another session",
};

/** A comparison as text: how many people are concerned, a sentence for each change, and the table. */
export function renderComparison(
  comparison: Comparison,
  teams: Teams,
  { width = 120, color = false }: TableOptions = {},
): string {
  const { enforced, reportOnly, access } = comparison;
  const later = reportOnly.length === 0 ? [] : section(comparison, reportOnly, teams, width, color);
  const moved = [...access.gained, ...access.lost].length;
  return [
    ...(enforced.length === 0
      ? ["No sign-in is answered otherwise."]
      : section(comparison, enforced, teams, width, color)),
    ...(later.length === 0 ? [] : ["Once report-only policies are enforced:", ...later]),
    ...(moved === 0
      ? []
      : [
          wrap(
            `Not compared, because the tool is open to the person on one side only: ${moved} of people and tools. entrada access diff says which.`,
            width,
          ).join("\n"),
        ]),
  ].join("\n\n");
}

function section(
  comparison: Comparison,
  changes: readonly Change[],
  teams: Teams,
  width: number,
  color: boolean,
): string[] {
  const wide = wideChanges(changes, comparison);
  const people = [...comparison.compared.keys()];
  const tools = [...new Set([...comparison.compared.values()].flat())];
  const rows = wide.map((change) => [
    KINDS[change.kind],
    peopleWords(change.people, people, teams).text,
    toolWords(change, tools),
    conditionList(change.conditions, comparison.grid, ignoredBy(change, comparison)),
    effect(change),
  ]);
  const sentences = wide.map((change) => capital(changeWords(change, comparison, teams)));
  const headings = ["CHANGE", "PEOPLE", "TOOLS", "CONDITIONS", "BEFORE → NOW"];
  return [
    `${headline(changes)}\n${sentences.flatMap((sentence) => wrapped(sentence, width)).join("\n")}`,
    table(headings, rows, width, painter(color), [17, 22, 16, 30]),
  ];
}

/** Those who are newly blocked stand together, whatever they were asked for before. */
function effect({ kind, before, after }: Change): string {
  return kind === "newly-blocked" ? verdictWords(after) : `${verdictWords(before)} → ${verdictWords(after)}`;
}

/** @example "2 people newly challenged, 1 person newly let through." */
export function headline(changes: readonly Change[]): string {
  const byKind = peopleByKind(changes);
  const parts = CHANGE_KINDS.filter((kind) => byKind[kind].length > 0).map((kind) => {
    const { length } = byKind[kind];
    return `${length} ${length === 1 ? "person" : "people"} ${KINDS[kind]}`;
  });
  return `${parts.join(", ")}.`;
}

function wrapped(sentence: string, width: number): string[] {
  return wrap(sentence, width - 2).map((text, index) => `${index === 0 ? "- " : "  "}${text}`);
}

/** A person's key stays as it is written. */
function capital(sentence: string): string {
  return sentence.startsWith("everybody") ? `E${sentence.slice(1)}` : sentence;
}

/** What `what-if --compare --json` prints; each change with its exact people, tools and conditions. */
export function comparisonJson({ grid, enforced, reportOnly, access }: Comparison) {
  return {
    summary: { enforced: peopleByKind(enforced), reportOnly: peopleByKind(reportOnly) },
    changes: enforced,
    reportOnlyChanges: reportOnly,
    access,
    conditions: grid,
  };
}
