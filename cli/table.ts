/** How a table is drawn. */
export interface TableOptions {
  /** Columns of the terminal; text that does not fit goes on in the next line. Default: 100. */
  readonly width?: number;
  /** Whether headings and refusals get ANSI colours. Default: false. */
  readonly color?: boolean;
}

export type Style = "heading" | "faint";
export type Paint = (text: string, style: Style) => string;

const CODES: Record<Style, string> = { heading: "1", faint: "2" };
const GAP = "  ";
/** Narrower than this, words would break; the line then runs over. */
const MIN_LAST_COLUMN = 24;

/** Colours for a terminal, or none. */
export function painter(color: boolean): Paint {
  return (text, style) => (color ? `\u001b[${CODES[style]}m${text}\u001b[0m` : text);
}

/**
 * Columns as wide as their widest text; the last one takes what is left of the width. Text that does not fit wraps at words.
 * The last column is faint where the one before it is `-`.
 * @param limits the greatest width of columns that may wrap besides the last, by position
 */
export function table(
  headings: readonly string[],
  rows: readonly (readonly string[])[],
  width: number,
  paint: Paint,
  limits: readonly (number | undefined)[] = [],
): string {
  const last = headings.length - 1;
  const widths = headings.slice(0, last).map((heading, column) => {
    const texts = rows.flatMap((row) => wrap(row[column] ?? "", limits[column]));
    return Math.max(...[heading, ...texts].map(columns));
  });
  const before = widths.reduce((sum, columnWidth) => sum + columnWidth + GAP.length, 0);
  const room = Math.max(MIN_LAST_COLUMN, width - before);
  const lines = rows.flatMap((row) => {
    const cells = headings.map((_, column) => wrap(row[column] ?? "", column === last ? room : limits[column]));
    const closed = row[last - 1] === "-";
    return Array.from({ length: Math.max(...cells.map(({ length }) => length)) }, (_, index) => {
      const texts = cells.map((wrapped, column) => {
        const text = wrapped[index] ?? "";
        if (column < last) return pad(text, widths[column] ?? 0);
        return closed ? paint(text, "faint") : text;
      });
      return texts.join(GAP).trimEnd();
    });
  });
  const heading = headings.map((text, column) => (column === last ? text : pad(text, widths[column] ?? 0))).join(GAP);
  return [paint(heading, "heading"), ...lines].join("\n");
}

/** Breaks a text at its spaces into lines of at most so many columns. */
export function wrap(text: string, width = Number.POSITIVE_INFINITY): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (line !== "" && columns(longer) > width) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return [...lines, line];
}

function pad(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - columns(text)));
}

/** Characters as a reader counts them: a letter and its accent are one. */
function columns(text: string): number {
  return [...text.normalize("NFC")].length;
}
