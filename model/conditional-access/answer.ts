import type { SignInFacts } from "./sign-in.ts";

/**
 * What a condition says of a sign-in. `unknown`: the sign-in does not tell what the condition asks for; `invalid`: the
 * condition, or what it is compared with, cannot be read.
 */
export type Answer = boolean | "unknown" | "invalid";

/** A condition made ready: everything that needs parsing is parsed. */
export type Test = (facts: SignInFacts) => Answer;

/** One of two suffices. A certain yes wins over what cannot be told. */
export function either(left: Answer, right: Answer): Answer {
  if (left === true || right === true) return true;
  if (left === "invalid" || right === "invalid") return "invalid";
  return left === "unknown" || right === "unknown" ? "unknown" : false;
}

/** Include minus exclude: a certain exclusion, or certainly not being included, wins over what cannot be told. */
export function without(included: Answer, excluded: Answer): Answer {
  if (included === false || excluded === true) return false;
  if (included === "invalid" || excluded === "invalid") return "invalid";
  return !(included === "unknown" || excluded === "unknown") || "unknown";
}
