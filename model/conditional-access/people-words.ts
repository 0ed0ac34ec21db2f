import { joinedWords } from "./words.ts";

/** Some people, in words. */
export interface PeopleWords {
  /** @example "bi-admins and zoe.martin (3 people)" */
  readonly text: string;
  /** Whether a verb after it stands in the plural. */
  readonly plural: boolean;
}

/**
 * People named by their teams where the whole of a team is meant, and by their ids else.
 * @param everybody all who could have been meant
 * @param teams team key → ids of its members
 */
export function peopleWords(
  people: readonly string[],
  everybody: readonly string[],
  teams: ReadonlyMap<string, readonly string[]>,
): PeopleWords {
  const [first = "nobody"] = people;
  if (people.length <= 1) return { text: first, plural: false };
  const count = `(${people.length} people)`;
  if (people.length === everybody.length) return { text: `everybody ${count}`, plural: true };
  const others = everybody.filter((person) => !people.includes(person));
  const named = namesOf(people, everybody, teams);
  const left = namesOf(others, everybody, teams);
  if (left.length <= 2 && left.length < named.length)
    return { text: `everybody but ${joinedWords(left, "and")} ${count}`, plural: true };
  return { text: `${joinedWords(named, "and")} ${count}`, plural: true };
}

/** Teams of two or more that lie wholly within these people, the largest first, then who is left. */
function namesOf(
  people: readonly string[],
  everybody: readonly string[],
  teams: ReadonlyMap<string, readonly string[]>,
): string[] {
  let rest = [...people];
  const names: string[] = [];
  const candidates = [...teams]
    .map(([team, members]) => ({ team, members: members.filter((member) => everybody.includes(member)) }))
    .filter(({ members }) => members.length > 1 && members.every((member) => people.includes(member)))
    .toSorted((one, other) => other.members.length - one.members.length);
  for (const { team, members } of candidates) {
    if (members.filter((member) => rest.includes(member)).length < 2) continue;
    names.push(team);
    rest = rest.filter((person) => !members.includes(person));
  }
  return [...names, ...rest];
}
