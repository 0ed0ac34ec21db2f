/** One word, literal or bracket of a rule. */
export interface Token {
  readonly kind: "word" | "text" | "punctuation" | "end";
  /** The word itself; of a text, what stands between its quotes. */
  readonly value: string;
  /** Position of the first character, counted from 1. */
  readonly position: number;
}

const PUNCTUATION = "()[],";

/** Makes the error of a rule that cannot be read. */
type Fail = (message: string, position: number) => Error;

/**
 * Splits a rule into tokens; the last one is always of the kind `end`.
 *
 * @param fail makes the error to throw where that cannot be done
 */
export function tokens(rule: string, fail: Fail): Token[] {
  const found: Token[] = [];
  let index = 0;
  while (index < rule.length) {
    const character = rule.charAt(index);
    const position = index + 1;
    if (/\s/.test(character)) {
      index += 1;
    } else if (PUNCTUATION.includes(character)) {
      found.push({ kind: "punctuation", value: character, position });
      index += 1;
    } else if (character === '"' || character === "'") {
      const { value, next } = quoted(rule, index, fail);
      found.push({ kind: "text", value, position });
      index = next;
    } else {
      const value = /^[\w.-]+/.exec(rule.slice(index))?.[0];
      if (value === undefined) throw fail(`The character ${character} has no meaning here`, position);
      found.push({ kind: "word", value, position });
      index += value.length;
    }
  }
  found.push({ kind: "end", value: "", position: rule.length + 1 });
  return found;
}

/** Reads a quoted text. As in Entra, a backtick takes the next character as it is. */
function quoted(rule: string, start: number, fail: Fail): { value: string; next: number } {
  const quote = rule.charAt(start);
  let value = "";
  for (let index = start + 1; index < rule.length; index++) {
    let character = rule.charAt(index);
    if (character === quote) return { value, next: index + 1 };
    if (character === "`") character = rule.charAt(++index);
    value += character;
  }
  throw fail(`The text that begins with ${quote} has no end`, start + 1);
}
