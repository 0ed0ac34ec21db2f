import { blocksOf, groupsBy, widened } from "../../model/conditional-access/blocks.ts";
import { toolWords } from "../../model/conditional-access/change-words.ts";
import { conditionWords } from "../../model/conditional-access/condition-words.ts";
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
  const lines = groupsBy(open, answerText).flatMap((same) =>
    widened(blocksOf(same), access).map((block) => [
      peopleWords(block.people, [...access.keys()], teams).text,
      toolWords(block, tools),
      conditionList(block.conditions, grid),
      answerText(same[0]),
    ]),
  );
  const order = [...access.keys()];
  const sorted = lines.toSorted(([one = ""], [other = ""]) => place(order, one) - place(order, other));
  const closed = new Set(rows.map(({ person }) => person).filter((person) => !access.has(person)));
  const headings = ["PEOPLE", "TOOLS", "CONDITIONS", "ANSWER"];
  return [
    sorted.length === 0 ? "Nobody has access." : table(headings, sorted, width, painter(color), [26, 20, 36]),
    ...remarks(closed.size, notReached, width),
  ].join("\n\n");
}

function remarks(closed: number, notReached: Everybody["notReached"], width: number): string[] {
  const lines = [
    ...(closed === 0 ? [] : [`${closed} without access to any of these tools are left out; --json has them.`]),
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
    groupsBy(rows, ({ person }) => person).map((same) => [
      same[0].person,
      [...new Set(same.map(({ tool }) => tool))],
    ]),
  );
}

/** Conditions in a few words, or else all their names, or those of the others. */
export function conditionList(names: readonly string[], grid: readonly GridEntry[]): string {
  if (grid.length === 1) return grid[0]?.name ?? "";
  const words = conditionWords(names, grid);
  if (words !== undefined) return words === "" ? "always" : words;
  const others = grid.map(({ name }) => name).filter((name) => !names.includes(name));
  return others.length < names.length / 2 ? `all but: ${others.join("; ")}` : names.join("; ");
}

/** Lines about single people stand where the person does; those about teams come first. */
function place(order: readonly string[], text: string): number {
  return order.indexOf(text);
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
