import {
  MembershipRuleError,
  RULE_OPERATORS,
  RULE_PROPERTIES,
  type Rule,
  type RuleOperator,
  type RuleProperty,
  type RuleValue,
} from "./grammar.ts";
import { type Token, tokens } from "./tokens.ts";

/** Longest rule that Entra takes, in characters. */
const MAX_LENGTH = 3072;

/**
 * Parses a dynamic-membership rule. `-not` binds closer than `-and`, `-and` closer than `-or`; hyphens before these
 * three and capitals are free, as in Entra.
 *
 * @throws MembershipRuleError with the position of what does not fit
 */
export function parseMembershipRule(rule: string): Rule {
  if (rule.length > MAX_LENGTH)
    throw new MembershipRuleError(`A rule has at most ${MAX_LENGTH} characters`, MAX_LENGTH + 1);
  const reader = new Reader(tokens(rule));
  const parsed = either(reader);
  if (reader.next.kind !== "end") throw unexpected(reader.next, "-and, -or or the end");
  return parsed;
}

/** Goes through the tokens, one after the other. */
class Reader {
  readonly #tokens: readonly Token[];
  #index = 0;

  constructor(all: readonly Token[]) {
    this.#tokens = all;
  }

  get next(): Token {
    return this.#tokens[this.#index] ?? { kind: "end", value: "", position: 1 };
  }

  take(): Token {
    const token = this.next;
    this.#index += 1;
    return token;
  }

  /** Takes the next token if it is this logical word, with or without its hyphen. */
  skipWord(word: string): boolean {
    const { kind, value } = this.next;
    if (kind !== "word" || value.toLowerCase().replace(/^-/, "") !== word) return false;
    this.#index += 1;
    return true;
  }

  skipPunctuation(sign: string): boolean {
    if (this.next.kind !== "punctuation" || this.next.value !== sign) return false;
    this.#index += 1;
    return true;
  }
}

function either(reader: Reader): Rule {
  let left = both(reader);
  while (reader.skipWord("or")) left = { kind: "or", left, right: both(reader) };
  return left;
}

function both(reader: Reader): Rule {
  let left = single(reader);
  while (reader.skipWord("and")) left = { kind: "and", left, right: single(reader) };
  return left;
}

function single(reader: Reader): Rule {
  if (reader.skipWord("not")) return { kind: "not", rule: single(reader) };
  if (!reader.skipPunctuation("(")) return comparison(reader);
  const inside = either(reader);
  if (!reader.skipPunctuation(")")) throw unexpected(reader.next, "a closing bracket");
  return inside;
}

function comparison(reader: Reader): Rule {
  const property = propertyOf(reader.take());
  const operatorToken = reader.take();
  const operator = operatorOf(operatorToken);
  const isList = operator === "-in" || operator === "-notIn";
  const start = reader.next;
  const values = isList ? list(reader) : [value(reader.take(), property)];
  if (property === "accountEnabled" && operator !== "-eq" && operator !== "-ne") {
    throw new MembershipRuleError("user.accountEnabled can be compared with -eq and -ne only", operatorToken.position);
  }
  if (values.includes(null) && operator !== "-eq" && operator !== "-ne") {
    throw new MembershipRuleError("null can be compared with -eq and -ne only", start.position);
  }
  return { kind: "compare", property, operator, values };
}

function list(reader: Reader): RuleValue[] {
  if (!reader.skipPunctuation("[")) throw unexpected(reader.next, 'a list such as ["A", "B"]');
  const values: RuleValue[] = [];
  do {
    const token = reader.take();
    if (token.kind !== "text") throw unexpected(token, "a text in quotes");
    values.push(token.value);
  } while (reader.skipPunctuation(","));
  if (!reader.skipPunctuation("]")) throw unexpected(reader.next, "a comma or the end of the list");
  return values;
}

function propertyOf(token: Token): RuleProperty {
  const name = /^user\.(.+)$/i.exec(token.kind === "word" ? token.value : "")?.[1];
  const property = RULE_PROPERTIES.find((known) => known.toLowerCase() === name?.toLowerCase());
  if (property === undefined)
    throw unexpected(token, `a property: ${RULE_PROPERTIES.map((known) => `user.${known}`).join(", ")}`);
  return property;
}

function operatorOf(token: Token): RuleOperator {
  const name = token.kind === "word" ? token.value.toLowerCase().replace(/^-?/, "-") : "";
  const operator = RULE_OPERATORS.find((known) => known.toLowerCase() === name);
  if (operator === undefined) throw unexpected(token, `an operator: ${RULE_OPERATORS.join(", ")}`);
  return operator;
}

function value(token: Token, property: RuleProperty): RuleValue {
  if (token.kind === "text" && property !== "accountEnabled") return token.value;
  const word = token.kind === "word" ? token.value.toLowerCase() : "";
  if (word === "null" && property !== "accountEnabled") return null;
  if (property === "accountEnabled" && (word === "true" || word === "false")) return word === "true";
  throw unexpected(token, property === "accountEnabled" ? "true or false" : "a text in quotes or null");
}

function unexpected(token: Token, wanted: string): MembershipRuleError {
  const found =
    token.kind === "end" ? "The rule ends" : `Found ${token.kind === "text" ? `"${token.value}"` : token.value}`;
  return new MembershipRuleError(`${found} where ${wanted} is expected`, token.position);
}
