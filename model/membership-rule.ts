import type { Rule, RuleOperator, RuleSubject, RuleValue } from "./membership/grammar.ts";
import { parseMembershipRule } from "./membership/parse.ts";

export { MembershipRuleError, type Rule, type RuleSubject } from "./membership/grammar.ts";
export { parseMembershipRule } from "./membership/parse.ts";

/**
 * Whether a dynamic-membership rule takes a person. Texts are compared without regard to capitals, as in Entra; a value
 * that the person lacks fails every comparison but the negative ones and `-eq null`.
 *
 * @throws MembershipRuleError when the rule is text that cannot be parsed
 */
export function evaluateMembershipRule(rule: string | Rule, subject: RuleSubject): boolean {
  const parsed = typeof rule === "string" ? parseMembershipRule(rule) : rule;
  switch (parsed.kind) {
    case "and":
      return evaluateMembershipRule(parsed.left, subject) && evaluateMembershipRule(parsed.right, subject);
    case "or":
      return evaluateMembershipRule(parsed.left, subject) || evaluateMembershipRule(parsed.right, subject);
    case "not":
      return !evaluateMembershipRule(parsed.rule, subject);
    case "compare":
      return compare(subject[parsed.property], parsed.operator, parsed.values);
  }
}

function compare(actual: RuleValue, operator: RuleOperator, values: readonly RuleValue[]): boolean {
  const wanted = values.map(folded);
  const own = folded(actual);
  const [first = null] = wanted;
  switch (operator) {
    case "-eq":
      return own === first;
    case "-ne":
      return own !== first;
    case "-in":
      return wanted.includes(own);
    case "-notIn":
      return !wanted.includes(own);
    case "-startsWith":
      return text(own).startsWith(text(first)) && own !== null;
    case "-notStartsWith":
      return own === null || !text(own).startsWith(text(first));
    case "-contains":
      return text(own).includes(text(first)) && own !== null;
    case "-notContains":
      return own === null || !text(own).includes(text(first));
  }
}

function folded(value: RuleValue): RuleValue {
  return typeof value === "string" ? value.toLowerCase() : value;
}

function text(value: RuleValue): string {
  return typeof value === "string" ? value : "";
}
