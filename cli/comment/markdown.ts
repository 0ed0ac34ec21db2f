/** Longer names say nothing more to a reader; a rule of Entra may have 3,072 characters. */
const LONGEST_NAME = 240;
/** Sentences and messages hold several names. */
const LONGEST_SENTENCE = 1200;

/** Characters that could start markdown, HTML, math, a table's next cell, or lead a reader astray. */
const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  "|": "&#124;",
  "`": "&#96;",
  $: "&#36;",
};

/** Shows nothing, and no value has it: `oneLine` takes such characters out. */
const APART = "\u200B";

/**
 * A value from the settings as plain text in GitHub's markdown, in a table too: it formats nothing, mentions nobody, refers to no
 * issue and becomes no link. https://github.github.com/gfm/ has the marks; mentions and references are GitHub's own, and are found
 * in the rendered text, so that only a character between them helps.
 */
export function text(value: string, longest = LONGEST_NAME): string {
  return oneLine(value, longest)
    .replace(/[@#](?=\w)|:(?=\/\/)|\bwww(?=\.)|\bGH(?=-\d)/gi, `$&${APART}`)
    .replace(/[&<>|`$]/g, (mark) => ENTITIES[mark] ?? mark)
    .replace(/[\\*_~[\]]/g, "\\$&")
    .replaceAll(APART, "&#8203;");
}

/** A whole sentence, with names in it, in the same way. */
export function sentence(value: string): string {
  return text(value, LONGEST_SENTENCE);
}

/** A key or a name that is written exactly so, as code. GitHub mentions nobody there. */
export function code(value: string): string {
  const plain = oneLine(value, LONGEST_NAME);
  return /^[^`|<>$\\]+$/.test(plain) && plain.trim() === plain ? `\`${plain}\`` : `<code>${text(plain)}</code>`;
}

/** Without line ends, control characters, and marks that turn the direction of writing or show nothing. */
function oneLine(value: string, longest: number): string {
  const line = value.replace(/\s+/g, " ").replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}]/gu, "");
  const characters = [...line];
  return characters.length <= longest ? line : `${characters.slice(0, longest).join("")}…`;
}

/** A table of cells that are markdown already. Without rows there is none. */
export function markdownTable(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return "";
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(headings), line(headings.map(() => "---")), ...rows.map(line)].join("\n");
}

/** What a reader opens when it matters to them. */
export function folded(summary: string, body: string): string {
  return `<details><summary>${summary}</summary>\n\n${body}\n\n</details>`;
}

/** @param kind GitHub's own kinds of boxes: CAUTION is red, WARNING yellow */
export function box(kind: "CAUTION" | "WARNING" | "NOTE", lines: readonly string[]): string {
  return [`> [!${kind}]`, ...lines.map((line) => `> ${line}`)].join("\n");
}

/** Blocks with an empty line between them. */
export function blocks(...parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined && part !== "").join("\n\n");
}
