import { blocksOf, groupsBy, type WideBlock, widened } from "../../model/conditional-access/blocks.ts";
import { toolWords } from "../../model/conditional-access/change-words.ts";
import { entranceKey } from "../../model/conditional-access/compare.ts";
import { conditionTerms } from "../../model/conditional-access/condition-words.ts";
import { peopleWords } from "../../model/conditional-access/people-words.ts";
import { verdictWords } from "../../model/conditional-access/words.ts";
import type { Everybody, EverybodyRow, GridEntry, Scene } from "../../model/index.ts";
import { painter, type TableOptions, table, wrap } from "../table.ts";

/** The answers for people with access as text: a line for all whom, where and when the same is said to. */
export function renderEverybody(
  { rows, grid, notReached, teams }: Everybody,
  { width = 120, color = false }: TableOptions = {},
): string {
  const open = rows.filter(({ assigned }) => assigned);
  const access = accessIn(open);
  const tools = [...new Set(open.map(({ tool }) => tool))];
  const everybody = [...access.keys()];
  const blocked = blockedIn(open);
  const lines = groupsBy(open, answerText)
    .flatMap((same) => widened(blocksOf(same), access).map((block) => ({ block, row: same[0] })))
    .toSorted((one, other) => rank(one.block, everybody) - rank(other.block, everybody))
    .map(({ block, row }) => [
      peopleWords(block.people, everybody, teams).text,
      toolWords(block, tools),
      conditionList(block.conditions, grid, isBlocked(row) ? undefined : blockedFor(block, access, blocked)),
      answerText(row),
    ]);
  const closed = new Set(rows.map(({ person }) => person).filter((person) => !access.has(person)));
  const headings = ["PEOPLE", "TOOLS", "CONDITIONS", "ANSWER"];
  const nobody = rows.length === 0 ? [] : ["None of these people has access to any of these tools."];
  const blocks = lines.length === 0 ? nobody : [table(headings, lines, width, painter(color), [26, 20, 36])];
  const conditions = lines.length > 0 && grid.length > 1 ? [BLOCKED_APART] : [];
  return [...blocks, ...remarks(conditions, closed.size, notReached, width)].join("\n\n");
}

const BLOCKED_APART =
  "Conditions that are blocked are not told apart from others in the lines about what is asked; --json has each one.";

function remarks(
  first: readonly string[],
  closed: number,
  notReached: Everybody["notReached"],
  width: number,
): string[] {
  const lines = [
    ...first,
    ...(closed === 0
      ? []
      : [
          `${closed === 1 ? "1 person" : `${closed} people`} without access to these tools: left out here, not in --json.`,
        ]),
    ...groupsBy(notReached, ({ partner }) => partner).map(
      (people) =>
        `${people.map(({ id }) => id).join(", ")}: not reached by these policies, since ${people[0].partner}'s own provider signs them in.`,
    ),
  ];
  return lines.length === 0 ? [] : [lines.flatMap((line) => wrap(line, width)).join("\n")];
}

function answerText({ verdict, reportOnly }: EverybodyRow): string {
  const now = verdictWords(verdict);
  const later = reportOnly === null ? now : verdictWords(reportOnly);
  return later === now ? now : `${now} (report-only policies: ${later})`;
}

function accessIn(rows: readonly EverybodyRow[]): Map<string, string[]> {
  return new Map(
    groupsBy(rows, ({ person }) => person).map((same) => [same[0].person, [...new Set(same.map(({ tool }) => tool))]]),
  );
}

function isBlocked({ verdict, reportOnly }: EverybodyRow): boolean {
  return (reportOnly ?? verdict).outcome === "block";
}

/** Entrance → conditions under which it is blocked. */
function blockedIn(rows: readonly EverybodyRow[]): Map<string, Set<string>> {
  const shut = rows.filter(isBlocked);
  return new Map(
    groupsBy(shut, ({ person, tool }) => entranceKey(person, tool)).map((same) => [
      entranceKey(same[0].person, same[0].tool),
      new Set(same.map(({ condition }) => condition)),
    ]),
  );
}

/** Conditions that are blocked for everybody and every tool of a block; its line need not tell them apart. */
function blockedFor(
  { people, tools }: WideBlock,
  access: ReadonlyMap<string, readonly string[]>,
  blocked: ReadonlyMap<string, ReadonlySet<string>>,
): Set<string> {
  const entrances = people.flatMap((person) =>
    (access.get(person) ?? []).filter((tool) => tools.includes(tool)).map((tool) => entranceKey(person, tool)),
  );
  const [first = new Set<string>(), ...others] = entrances.map((key) => blocked.get(key) ?? new Set<string>());
  return new Set([...first].filter((name) => others.every((names) => names.has(name))));
}

/** Many people first, then as the settings name them. */
function rank({ people }: WideBlock, everybody: readonly string[]): number {
  return everybody.indexOf(people[0] ?? "") - people.length * everybody.length;
}

/** Conditions in words, apart from those that do not matter. */
export function conditionList(
  names: readonly string[],
  grid: readonly GridEntry[],
  ignored?: ReadonlySet<string>,
): string {
  if (grid.length === 1) return grid[0]?.name ?? "";
  const terms = conditionTerms(names, grid, ignored);
  return terms.length === 0 ? "always" : terms.join("; ");
}

/** What `what-if --json` prints for more than one person or tool: everybody, without access too. */
export function everybodyJson({ people }: Scene, { rows, grid, notReached }: Everybody) {
  return {
    people: groupsBy(rows, ({ person }) => person).map((own) => ({
      id: own[0].person,
      displayName: people.find(({ id }) => id === own[0].person)?.displayName,
      tools: groupsBy(own, ({ tool }) => tool).map((same) => ({
        tool: same[0].tool,
        assigned: same[0].assigned,
        answers: same.map(({ condition, verdict, reportOnly }) => ({ condition, verdict, reportOnly })),
      })),
    })),
    notReached,
    conditions: grid,
  };
}
