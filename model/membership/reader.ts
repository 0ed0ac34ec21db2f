import { type Token, tokens } from "./tokens.ts";

/** Longest rule that Entra takes, in characters (the pages of dynamic membership and of filters for devices say so). */
const MAX_LENGTH = 3072;

/** What the languages differ in that share the syntax of dynamic-membership rules. */
export interface RuleGrammar<T> {
  /** Reads one comparison, such as `user.department -eq "Sales"`. */
  comparison(reader: RuleReader): T;
  not(inner: T): T;
  join(kind: "and" | "or", left: T, right: T): T;
  /** Makes the error of a rule that cannot be read. */
  fail(message: string, position: number): Error;
}

/**
 * Parses a rule. `-not` binds closer than `-and`, `-and` closer than `-or`; hyphens before these three and capitals are
 * free, as in Entra.
 *
 * @throws what `grammar.fail` makes, with the position of what does not fit
 */
export function parseRule<T>(rule: string, grammar: RuleGrammar<T>): T {
  if (rule.length > MAX_LENGTH) throw grammar.fail(`A rule has at most ${MAX_LENGTH} characters`, MAX_LENGTH + 1);
  const reader = new RuleReader(tokens(rule, grammar.fail), grammar.fail);
  const parsed = either(reader, grammar);
  if (reader.next.kind !== "end") throw reader.unexpected(reader.next, "-and, -or or the end");
  return parsed;
}

/** Goes through the tokens of a rule, one after the other. */
export class RuleReader {
  readonly #tokens: readonly Token[];
  readonly #fail: RuleGrammar<unknown>["fail"];
  #index = 0;

  constructor(all: readonly Token[], fail: RuleGrammar<unknown>["fail"]) {
    this.#tokens = all;
    this.#fail = fail;
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

  /** The operator that a token means, with or without its hyphen; undefined where it is none of these. */
  operator<O extends string>(token: Token, known: readonly O[]): O | undefined {
    const name = token.kind === "word" ? token.value.toLowerCase().replace(/^-?/, "-") : "";
    return known.find((operator) => operator.toLowerCase() === name);
  }

  /** Takes a list of texts. @param wanted what each of them is, for the error */
  texts(wanted: string): string[] {
    if (!this.skipPunctuation("[")) throw this.unexpected(this.next, 'a list such as ["A", "B"]');
    const values: string[] = [];
    do {
      const token = this.take();
      if (token.kind !== "text") throw this.unexpected(token, wanted);
      values.push(token.value);
    } while (this.skipPunctuation(","));
    if (!this.skipPunctuation("]")) throw this.unexpected(this.next, "a comma or the end of the list");
    return values;
  }

  /** The error for a token that does not fit. */
  unexpected({ kind, value, position }: Token, wanted: string): Error {
    const found = kind === "end" ? "The rule ends" : `Found ${kind === "text" ? `"${value}"` : value}`;
    return this.#fail(`${found} where ${wanted} is expected`, position);
  }
}

function either<T>(reader: RuleReader, grammar: RuleGrammar<T>): T {
  let left = both(reader, grammar);
  while (reader.skipWord("or")) left = grammar.join("or", left, both(reader, grammar));
  return left;
}

function both<T>(reader: RuleReader, grammar: RuleGrammar<T>): T {
  let left = single(reader, grammar);
  while (reader.skipWord("and")) left = grammar.join("and", left, single(reader, grammar));
  return left;
}

function single<T>(reader: RuleReader, grammar: RuleGrammar<T>): T {
  if (reader.skipWord("not")) return grammar.not(single(reader, grammar));
  if (!reader.skipPunctuation("(")) return grammar.comparison(reader);
  const inside = either(reader, grammar);
  if (!reader.skipPunctuation(")")) throw reader.unexpected(reader.next, "a closing bracket");
  return inside;
}
