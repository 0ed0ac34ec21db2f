/** A piece of a page in which every value is escaped already. Only `html` and the two functions below make one. */
export class Html {
  readonly #text: string;

  /** @param text markup that stands in this project's source, never somebody's words */
  private constructor(text: string) {
    this.#text = text;
  }

  toString(): string {
    return this.#text;
  }

  static of(strings: TemplateStringsArray, values: readonly HtmlValue[]): Html {
    return new Html(
      strings.map((text, index) => `${text}${index < values.length ? written(values[index]) : ""}`).join(""),
    );
  }

  /**
   * The stylesheet's text, which stands in an element whose content is no markup.
   * @throws Error where the text would end that element
   */
  static style(css: string): Html {
    if (/<\/style/i.test(css)) throw new Error("A stylesheet cannot hold the end of its own element.");
    return new Html(`<style>${css}</style>`);
  }
}

/** What can stand in a page: text and numbers, which are escaped; pieces of pages; lists of all of them; or nothing. */
export type HtmlValue = Html | string | number | false | undefined | readonly HtmlValue[];

/** A piece of a page. Values are escaped for elements and for attributes, which stand in double quotes. */
export function html(strings: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  return Html.of(strings, values);
}

function written(value: HtmlValue): string {
  if (value === undefined || value === false) return "";
  if (value instanceof Html) return value.toString();
  if (typeof value === "object") return value.map(written).join("");
  return escapeHtml(String(value));
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Text for a page. Control characters, which no page may hold, become the sign for what cannot be shown. */
export function escapeHtml(text: string): string {
  return text
    .replace(/[&<>"']/g, (character) => ENTITIES[character] ?? "")
    .replace(/\p{Cc}/gu, (character) => (character === "\n" || character === "\t" ? character : "\uFFFD"));
}

/** Pieces with something between them. */
export function joined(values: readonly HtmlValue[], between: HtmlValue): HtmlValue[] {
  return values.flatMap((value, index) => (index === 0 ? [value] : [between, value]));
}
