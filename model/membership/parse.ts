import {
  MembershipRuleError,
  RULE_OPERATORS,
  RULE_PROPERTIES,
  type Rule,
  type RuleProperty,
  type RuleValue,
} from "./grammar.ts";
import { parseRule, type RuleGrammar, type RuleReader } from "./reader.ts";

const GRAMMAR: RuleGrammar<Rule> = {
  comparison,
  not: (rule) => ({ kind: "not", rule }),
  join: (kind, left, right) => ({ kind, left, right }),
  fail: (message, position) => new MembershipRuleError(message, position),
};

/**
 * Parses a dynamic-membership rule. `-not` binds closer than `-and`, `-and` closer than `-or`; hyphens before these
 * three and capitals are free, as in Entra.
 *
 * @throws MembershipRuleError with the position of what does not fit
 */
export function parseMembershipRule(rule: string): Rule {
  return parseRule(rule, GRAMMAR);
}

function comparison(reader: RuleReader): Rule {
  const property = propertyOf(reader);
  const operatorToken = reader.take();
  const operator = reader.operator(operatorToken, RULE_OPERATORS);
  if (operator === undefined) throw reader.unexpected(operatorToken, `an operator: ${RULE_OPERATORS.join(", ")}`);
  const isList = operator === "-in" || operator === "-notIn";
  const start = reader.next;
  const values = isList ? reader.texts("a text in quotes") : [value(reader, property)];
  if (property === "accountEnabled" && operator !== "-eq" && operator !== "-ne") {
    throw new MembershipRuleError("user.accountEnabled can be compared with -eq and -ne only", operatorToken.position);
  }
  if (values.includes(null) && operator !== "-eq" && operator !== "-ne") {
    throw new MembershipRuleError("null can be compared with -eq and -ne only", start.position);
  }
  return { kind: "compare", property, operator, values };
}

function propertyOf(reader: RuleReader): RuleProperty {
  const token = reader.take();
  const name = /^user\.(.+)$/i.exec(token.kind === "word" ? token.value : "")?.[1];
  const property = RULE_PROPERTIES.find((known) => known.toLowerCase() === name?.toLowerCase());
  if (property === undefined)
    throw reader.unexpected(token, `a property: ${RULE_PROPERTIES.map((known) => `user.${known}`).join(", ")}`);
  return property;
}

function value(reader: RuleReader, property: RuleProperty): RuleValue {
  const token = reader.take();
  if (token.kind === "text" && property !== "accountEnabled") return token.value;
  const word = token.kind === "word" ? token.value.toLowerCase() : "";
  if (word === "null" && property !== "accountEnabled") return null;
  if (property === "accountEnabled" && (word === "true" || word === "false")) return word === "true";
  throw reader.unexpected(token, property === "accountEnabled" ? "true or false" : "a text in quotes or null");
}
