import type { StackSubject } from "./rule.ts";

type Question<T> = (one: StackSubject, among: readonly StackSubject[]) => T;

/**
 * A question about one resource among others, asked once. Rules ask it for each pair of resources: in a stack of 80 tools that is
 * thousands of times the same, and each answer looks through all of them. Answers go with their list, and a rule has one of its own.
 */
export function remembered<T>(find: Question<T>): Question<T> {
  const answers = new WeakMap<readonly StackSubject[], Map<StackSubject, T>>();
  return (one, among) => {
    const known = answers.get(among) ?? new Map<StackSubject, T>();
    answers.set(among, known);
    const answer = known.has(one) ? (known.get(one) as T) : find(one, among);
    known.set(one, answer);
    return answer;
  };
}
