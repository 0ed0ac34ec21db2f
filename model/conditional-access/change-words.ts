import { type Change, type Comparison, entranceKey } from "./compare.ts";
import { conditionWords } from "./condition-words.ts";
import { type PeopleWords, peopleWords } from "./people-words.ts";
import { demandWords, joinedWords, sessionWords } from "./words.ts";

/** Team key → ids of its members. */
export type Teams = ReadonlyMap<string, readonly string[]>;

/** A change for readers: as its block, with people's own tools taken together. */
export type WideChange = Change & WideBlock;

/** The changes with the same people, conditions and effect put together, as far as a reader can do without the tools of each. */
export function wideChanges(changes: readonly Change[], { compared }: Comparison): WideChange[] {
  return groupsBy(changes, changeKey).flatMap((same) =>
    widened(same, compared).map((block) => ({ ...same[0], ...block })),
  );
}

/** One change as a reviewer reads it. @example 'bi-admins (2 people) now need phishing-resistant MFA for every tool, by "…".' */
export function changeWords(change: WideChange, comparison: Comparison, teams: Teams): string {
  const { compared, grid } = comparison;
  const who = peopleWords(change.people, [...compared.keys()], teams);
  const what = toolWords(change, [...new Set([...compared.values()].flat())]);
  const when = conditionWords(change.conditions, grid, ignored(change, comparison)) ?? conditionCount(change, grid.length);
  const by = change.because.length === 0 ? "" : `, by ${change.because.map((name) => `"${name}"`).join(" and ")}`;
  return `${who.text} ${clause(change, who, what)}${when === "" ? "" : ` ${when}`}${by}.`;
}

/** Where every one of the change's sign-ins is blocked before and after, nothing can change, so it need not be told apart. */
function ignored({ people, tools }: WideChange, { blockedAnyway, grid }: Comparison): Set<string> {
  const sets = people.flatMap((person) =>
    tools.flatMap((tool) => blockedAnyway.get(entranceKey(person, tool)) ?? []),
  );
  return new Set(grid.map(({ name }) => name).filter((name) => sets.every((set) => set.has(name))));
}

function clause({ kind, before, after }: Change, { plural }: PeopleWords, tools: string): string {
  const verb = (one: string, many: string) => (plural ? many : one);
  const code = after.code === undefined ? "" : ` (AADSTS${after.code})`;
  const session = sessionWords(after.session).join(", ");
  if (kind === "newly-blocked") return `would be blocked from ${tools}${code}`;
  if (kind === "newly-challenged") return `now ${verb("needs", "need")} ${demandWords(after.demands)} for ${tools}`;
  if (kind === "other-demands")
    return `now ${verb("needs", "need")} ${demandWords(after.demands)} for ${tools}, instead of ${demandWords(before.demands)}`;
  if (kind === "other-session")
    return `${verb("gets", "get")} another session in ${tools} (${session === "" ? "no bounds" : session}; before: ${sessionWords(before.session).join(", ") || "no bounds"})`;
  if (before.outcome === "challenge")
    return `no longer ${verb("needs", "need")} ${demandWords(before.demands)} for ${tools}`;
  const then = after.outcome === "challenge" ? `, asked for ${demandWords(after.demands)}` : "";
  return `${verb("is", "are")} no longer blocked from ${tools}${then}`;
}

/** @example "every tool", "every tool of theirs", "airflow and superset" */
export function toolWords({ people, tools, everyTool }: WideBlock, all: readonly string[]): string {
  if (tools.length === 1 || !everyTool) return joinedWords(tools, "and");
  return tools.length === all.length || people.length === 1 ? "every tool" : "every tool of theirs";
}

/** Few conditions by name; many by their number, since `--json` lists them. */
export function conditionCount({ conditions }: Pick<Change, "conditions">, all: number): string {
  return conditions.length <= 3 ? `(${conditions.join("; ")})` : `under ${conditions.length} of ${all} conditions`;
}
