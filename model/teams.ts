import { type DirectoryPerson, isEntryOf, knowsPeople } from "./directory.ts";
import { evaluateMembershipRule } from "./membership-rule.ts";
import type { Settings } from "./settings/schema.ts";

/** A team's direct members among these people. Those of an existing group are unknown, so it has none here. */
export function directMembers(settings: Settings, key: string, people: readonly DirectoryPerson[]): DirectoryPerson[] {
  const team = settings.teams[key];
  if (team === undefined) return [];
  const { rule } = team;
  if (rule !== undefined) return membersByRule(settings, rule, people);
  return people.filter((person) => team.members.some((entry) => isEntryOf(settings, entry, person)));
}

/**
 * How a person is in a team through nesting only: the chain from the team that holds the person directly up to the
 * given one; undefined where no nesting leads there. Chains are the shortest there are.
 */
export function reachedThrough(
  settings: Settings,
  key: string,
  person: DirectoryPerson,
  people: readonly DirectoryPerson[],
): readonly string[] | undefined {
  const seen = new Set([key]);
  let frontier: (readonly string[])[] = [[key]];
  while (frontier.length > 0) {
    const next = frontier.flatMap((chain) =>
      (settings.teams[chain[0] ?? ""]?.teams ?? [])
        .filter((nested) => !seen.has(nested))
        .map((nested) => [nested, ...chain]),
    );
    for (const chain of next) {
      const [nested = ""] = chain;
      seen.add(nested);
      if (directMembers(settings, nested, people).some(({ id }) => id === person.id)) return chain;
    }
    frontier = next;
  }
  return undefined;
}

/** Whether only Entra knows the team's members: an existing group, or a rule where the settings hold no people. */
export function membersAreUnknown(settings: Settings, key: string): boolean {
  const team = settings.teams[key];
  return team?.existing !== undefined || (team?.rule !== undefined && !knowsPeople(settings));
}

/** Nobody's properties are known where the settings hold no people, so a rule finds nobody there. */
function membersByRule(settings: Settings, rule: string, people: readonly DirectoryPerson[]): DirectoryPerson[] {
  return knowsPeople(settings) ? people.filter((person) => evaluateMembershipRule(rule, person)) : [];
}
