import { groupsBy, type WideBlock, widened } from "./blocks.ts";
import { type Blocked, type Change, type ChangeSide, type Comparison, changeKey, entranceKey } from "./compare.ts";
import { conditionTerms } from "./condition-words.ts";
import { type PeopleWords, peopleWords } from "./people-words.ts";
import { demandWords, joinedWords, sessionWords } from "./words.ts";

/** Team key → ids of its members. */
export type Teams = ReadonlyMap<string, readonly string[]>;

/** A change for readers: as its block, with people's own tools taken together. */
export type WideChange = Change & WideBlock;

/** The changes with the same people, conditions and effect put together, as far as a reader can do without the tools of each. */
export function wideChanges(changes: readonly Change[], { compared }: Comparison): WideChange[] {
  return groupsBy(changes, wideKey).flatMap((same) =>
    widened(same, compared).map((block) => ({ ...same[0], ...block })),
  );
}

/** Whoever is newly blocked for the same reason stands together, whatever they were asked for before. */
function wideKey(change: Change): string {
  if (change.kind !== "newly-blocked") return changeKey(change);
  return JSON.stringify([change.kind, addedDemands(change), change.after.code, change.because]);
}

function addedDemands({ before, after }: Change): string[] {
  return after.demands.filter((demand) => !before.demands.includes(demand));
}

/** One change as a reviewer reads it. @example 'bi-admins (2 people) now need phishing-resistant MFA for every tool, by "…".' */
export function changeWords(change: WideChange, comparison: Comparison, teams: Teams): string {
  const { compared, grid } = comparison;
  const who = peopleWords(change.people, [...compared.keys()], teams);
  const what = toolWords(change, [...new Set([...compared.values()].flat())]);
  const when = whenWords(conditionTerms(change.conditions, grid, ignoredBy(change, comparison)), change, grid.length);
  const { main, tail } = clause(change, who, what);
  const by = change.because.length === 0 ? "" : `, by ${change.because.map((name) => `"${name}"`).join(" and ")}`;
  return `${who.text} ${main}${when === "" ? "" : ` ${when}`}${tail}${by}.`;
}

/**
 * Conditions that a change need not be told apart from: every one of its sign-ins is blocked there before and after, or, where the
 * change is about what is asked, on either side, which is then a change of its own.
 */
export function ignoredBy({ people, tools, before, after }: WideChange, { blocked, grid }: Comparison): Set<string> {
  const sets = people.flatMap((person) => tools.flatMap((tool) => blocked.get(entranceKey(person, tool)) ?? []));
  const either = before.outcome !== "block" && after.outcome !== "block";
  const isShut = (name: string) => (shut: Blocked) =>
    either ? shut.before.has(name) || shut.after.has(name) : shut.before.has(name) && shut.after.has(name);
  return new Set(grid.map(({ name }) => name).filter((name) => sets.every(isShut(name))));
}

function clause(change: Change, { plural }: PeopleWords, tools: string): { main: string; tail: string } {
  const { kind, before, after } = change;
  const need = plural ? "need" : "needs";
  const session = ({ session: demands = {} }: ChangeSide) => sessionWords(demands).join(", ") || "no bounds";
  switch (kind) {
    case "newly-blocked": {
      const want = addedDemands(change).length === 0 ? "" : `, for want of ${demandWords(addedDemands(change))}`;
      return {
        main: `would be blocked from ${tools}${after.code === undefined ? "" : ` (AADSTS${after.code})`}`,
        tail: want,
      };
    }
    case "newly-challenged":
      return { main: `now ${need} ${demandWords(after.demands)} for ${tools}`, tail: "" };
    case "other-demands":
      return { main: otherDemands(before, after, need, tools), tail: "" };
    case "other-session":
      return {
        main: `${plural ? "get" : "gets"} another session in ${tools}`,
        tail: `: ${session(after)} (before: ${session(before)})`,
      };
    case "newly-let-through": {
      if (before.outcome === "challenge")
        return { main: `no longer ${need} ${demandWords(before.demands)} for ${tools}`, tail: "" };
      const asked = after.outcome === "challenge" ? `, asked for ${demandWords(after.demands)}` : "";
      return { main: `${plural ? "are" : "is"} no longer blocked from ${tools}`, tail: asked };
    }
  }
}

/** What is asked on top, in its place, or no longer. */
function otherDemands(
  { demands: old }: ChangeSide,
  { demands: young }: ChangeSide,
  need: string,
  tools: string,
): string {
  const added = young.filter((demand) => !old.includes(demand));
  const gone = old.filter((demand) => !young.includes(demand));
  if (added.length === 0) return `no longer ${need} ${demandWords(gone)} for ${tools}, but still ${demandWords(young)}`;
  if (gone.length === 0) return `now also ${need} ${demandWords(added)} for ${tools}`;
  return `now ${need} ${demandWords(added)} for ${tools}, instead of ${demandWords(gone)}`;
}

/** @example "every tool", "every tool of theirs", "airflow and superset" */
export function toolWords({ people, tools, everyTool }: WideBlock, all: readonly string[]): string {
  if (tools.length === 1 || !everyTool) return joinedWords(tools, "and");
  return tools.length === all.length || people.length === 1 ? "every tool" : "every tool of theirs";
}

/** A few conditions in words; many by their number, since `--json` lists them. */
function whenWords(terms: readonly string[], { conditions }: Change, all: number): string {
  if (terms.length <= 3) return joinedWords(terms, "or");
  return `under ${conditions.length} of ${all} conditions`;
}
