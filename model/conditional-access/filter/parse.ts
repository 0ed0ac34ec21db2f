import { type Token, tokens } from "../../membership/tokens.ts";
import {
  FILTER_OPERATORS,
  type Filter,
  type FilterLanguage,
  type FilterOperator,
  type FilterProperty,
} from "./grammar.ts";

/** Longest rule that Entra takes, in characters (the page of filters for devices says so). */
const MAX_LENGTH = 3072;

/**
 * Parses a filter rule. `-not` binds closer than `-and`, `-and` closer than `-or`; hyphens before these three and capitals
 * are free, as in rules for dynamic membership.
 *
 * @throws what `language.fail` makes, with the position of what does not fit
 */
export function parseFilter(rule: string, language: FilterLanguage): Filter {
  if (rule.length > MAX_LENGTH) throw language.fail(`A rule has at most ${MAX_LENGTH} characters`, MAX_LENGTH + 1);
  const parser = new Parser(tokens(rule, language.fail), language);
  return parser.whole();
}

class Parser {
  readonly #tokens: readonly Token[];
  readonly #language: FilterLanguage;
  #index = 0;

  constructor(all: readonly Token[], language: FilterLanguage) {
    this.#tokens = all;
    this.#language = language;
  }

  whole(): Filter {
    const filter = this.#any();
    if (this.#next.kind !== "end") throw this.#unexpected(this.#next, "-and, -or or the end");
    return filter;
  }

  get #next(): Token {
    return this.#tokens[this.#index] ?? { kind: "end", value: "", position: 1 };
  }

  #take(): Token {
    const token = this.#next;
    this.#index += 1;
    return token;
  }

  #skip(kind: Token["kind"], value: string): boolean {
    const { kind: found, value: text } = this.#next;
    const same = kind === "word" ? text.toLowerCase().replace(/^-/, "") === value : text === value;
    if (found !== kind || !same) return false;
    this.#index += 1;
    return true;
  }

  #any(): Filter {
    let left = this.#all();
    while (this.#skip("word", "or")) left = { kind: "or", left, right: this.#all() };
    return left;
  }

  #all(): Filter {
    let left = this.#single();
    while (this.#skip("word", "and")) left = { kind: "and", left, right: this.#single() };
    return left;
  }

  #single(): Filter {
    if (this.#skip("word", "not")) return { kind: "not", filter: this.#single() };
    if (!this.#skip("punctuation", "(")) return this.#comparison();
    const inside = this.#any();
    if (!this.#skip("punctuation", ")")) throw this.#unexpected(this.#next, "a closing bracket");
    return inside;
  }

  #comparison(): Filter {
    const nameToken = this.#take();
    const property = nameToken.kind === "word" ? this.#language.property(nameToken.value) : undefined;
    if (property === undefined) throw this.#unexpected(nameToken, `a property: ${this.#language.properties}`);
    const operator = this.#operator(property);
    const isList = operator === "-in" || operator === "-notIn";
    const values = isList ? this.#list(property) : [this.#value(property, operator)];
    return { kind: "compare", property: property.name, operator, values };
  }

  #operator(property: FilterProperty): FilterOperator {
    const token = this.#take();
    const name = token.kind === "word" ? token.value.toLowerCase().replace(/^-?/, "-") : "";
    const operator = FILTER_OPERATORS.find((known) => known.toLowerCase() === name);
    if (operator !== undefined && property.operators.includes(operator)) return operator;
    throw this.#unexpected(token, `an operator for ${property.name}: ${property.operators.join(", ")}`);
  }

  #list(property: FilterProperty): string[] {
    if (!this.#skip("punctuation", "[")) throw this.#unexpected(this.#next, 'a list such as ["A", "B"]');
    const values: string[] = [];
    do {
      const token = this.#take();
      if (token.kind !== "text") throw this.#unexpected(token, `a text in quotes for ${property.name}`);
      values.push(token.value.toLowerCase());
    } while (this.#skip("punctuation", ","));
    if (!this.#skip("punctuation", "]")) throw this.#unexpected(this.#next, "a comma or the end of the list");
    return values;
  }

  /** Booleans may stand with quotes and without: Microsoft's own examples have both. */
  #value({ isBoolean = false }: FilterProperty, operator: FilterOperator): string | null {
    const token = this.#take();
    const value = token.value.toLowerCase();
    if (token.kind === "word" && value === "null" && (operator === "-eq" || operator === "-ne")) return null;
    if (isBoolean ? value === "true" || value === "false" : token.kind === "text") return value;
    throw this.#unexpected(token, isBoolean ? "True or False" : "a text in quotes");
  }

  #unexpected({ kind, value, position }: Token, wanted: string): Error {
    const found = kind === "end" ? "The rule ends" : `Found ${kind === "text" ? `"${value}"` : value}`;
    return this.#language.fail(`${found} where ${wanted} is expected`, position);
  }
}
