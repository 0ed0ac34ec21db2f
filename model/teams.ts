import { type DirectoryPerson, knowsPeople, userPrincipalName } from "./directory.ts";
import { evaluateMembershipRule, parseMembershipRule, type Rule } from "./membership-rule.ts";
import type { Settings } from "./settings/schema.ts";

/** A team as membership is asked for: names in lower case, since Entra does not tell capitals apart. */
interface Team {
  readonly members: ReadonlySet<string>;
  readonly owners: ReadonlySet<string>;
  readonly rule?: Rule;
}

/** Settings never change once they are parsed, so what their teams mean is worked out once: a company may have thousands of people. */
const known = new WeakMap<Settings, Map<string, Team>>();

function teamOf(settings: Settings, key: string): Team | undefined {
  const team = settings.teams[key];
  if (team === undefined) return undefined;
  const teams = known.get(settings) ?? new Map<string, Team>();
  known.set(settings, teams);
  const found = teams.get(key);
  if (found !== undefined) return found;
  const names = (entries: readonly string[]) =>
    new Set(entries.map((entry) => userPrincipalName(settings, entry).toLowerCase()));
  const made = {
    members: names(team.rule === undefined ? team.members : []),
    owners: names(team.owners),
    ...(team.rule === undefined || !knowsPeople(settings) ? {} : { rule: parseMembershipRule(team.rule) }),
  };
  teams.set(key, made);
  return made;
}

/**
 * Whether the team holds this person directly. Of an existing group nothing is known, so it holds nobody here; nor does a rule where
 * the settings hold no people, because nobody's properties are known.
 */
export function isDirectMember(settings: Settings, key: string, person: DirectoryPerson): boolean {
  const team = teamOf(settings, key);
  if (team === undefined) return false;
  if (team.rule !== undefined) return evaluateMembershipRule(team.rule, person);
  return team.members.has(person.userPrincipalName.toLowerCase());
}

/** Whether the person may change who is in the team. */
export function isOwner(settings: Settings, key: string, person: DirectoryPerson): boolean {
  return teamOf(settings, key)?.owners.has(person.userPrincipalName.toLowerCase()) ?? false;
}

/**
 * How a person is in a team through nesting only: the chain from the team that holds the person directly up to the
 * given one; undefined where no nesting leads there. Chains are the shortest there are.
 */
export function reachedThrough(
  settings: Settings,
  key: string,
  person: DirectoryPerson,
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
      if (isDirectMember(settings, nested, person)) return chain;
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
