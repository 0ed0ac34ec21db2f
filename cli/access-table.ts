import type { AccessMatrix, AccessPerson } from "../model/index.ts";

/** How a table is drawn. */
export interface TableOptions {
  /** Columns of the terminal; text that does not fit goes on in the next line. Default: 100. */
  readonly width?: number;
  /** Whether headings and refusals get ANSI colours. Default: false. */
  readonly color?: boolean;
}

type Style = "heading" | "faint";
type Paint = (text: string, style: Style) => string;

const CODES: Record<Style, string> = { heading: "1", faint: "2" };
const GAP = "  ";
/** Narrower than this, words would break; the line then runs over. */
const MIN_LAST_COLUMN = 24;

/**
 * The access matrix as text: first the tools with their addresses and roles (admin roles marked), then a line for each
 * role that a person holds, with the teams that give it, and for each tool that stays closed, with the reason.
 */
export function renderAccess(matrix: AccessMatrix, { width = 100, color = false }: TableOptions = {}): string {
  const paint: Paint = (text, style) => (color ? `\u001b[${CODES[style]}m${text}\u001b[0m` : text);
  const tools = matrix.tools.map(({ id, url, roles }) => [
    id,
    url,
    roles.map(({ value, admin }) => (admin ? `${value} (admin)` : value)).join(", "),
  ]);
  const admin = new Set(
    matrix.tools.flatMap(({ id, roles }) => roles.filter((role) => role.admin).map(({ value }) => `${id}/${value}`)),
  );
  const people = matrix.people.flatMap((person) => rowsOf(person, admin));
  return [
    table(["TOOL", "ADDRESS", "ROLES"], tools, width, paint),
    table(["PERSON", "TOOL", "ROLE", "THROUGH, OR WHY NOT"], people, width, paint),
    ...remarks(matrix),
    summary(matrix),
  ].join("\n\n");
}

function rowsOf(person: AccessPerson, admin: ReadonlySet<string>): string[][] {
  const held = person.access.map(({ tool, role, via }) => [
    tool,
    admin.has(`${tool}/${role}`) ? `${role} (admin)` : role,
    via.join(", "),
  ]);
  const closed = person.denied.map(({ tool, reason }) => [tool, "-", reason]);
  const marks = [
    ...(person.guest ? ["guest"] : []),
    ...(person.partner === undefined ? [] : ["partner"]),
    ...(person.enabled ? [] : ["disabled"]),
  ];
  const name = marks.length === 0 ? person.id : `${person.id} (${marks.join(", ")})`;
  const rows = [...held, ...closed];
  // The name stands once, before the person's first row.
  return (rows.length === 0 ? [["-", "-", "no tool in this environment"]] : rows).map((row, index) => [
    index === 0 ? name : "",
    ...row,
  ]);
}

/** What has to be known of single tools, each on a line that begins with the tool. */
function remarks({ tools }: AccessMatrix): string[] {
  const lines = tools.flatMap(({ id, remarks = [] }) => remarks.map((remark) => `${id}: ${remark}`));
  return lines.length === 0 ? [] : [lines.join("\n")];
}

function summary({ people }: AccessMatrix): string {
  const open = people.filter(({ access }) => access.length > 0).length;
  return `${people.length} ${people.length === 1 ? "person" : "people"}, ${open} with access.`;
}

/** Columns as wide as their widest text; the last one takes what is left of the width and wraps at words. */
function table(headings: readonly string[], rows: readonly (readonly string[])[], width: number, paint: Paint): string {
  const last = headings.length - 1;
  const widths = headings.map((heading, column) =>
    Math.max(...[heading, ...rows.map((row) => row[column] ?? "")].map(columns)),
  );
  const before = widths.slice(0, last).reduce((sum, columnWidth) => sum + columnWidth + GAP.length, 0);
  const room = Math.max(MIN_LAST_COLUMN, width - before);
  const lines = rows.flatMap((row) => {
    const wrapped = wrap(row[last] ?? "", room);
    const closed = row[last - 1] === "-";
    return wrapped.map((text, index) => {
      const cells = row.slice(0, last).map((cell, column) => pad(index === 0 ? cell : "", widths[column] ?? 0));
      return [...cells, closed ? paint(text, "faint") : text].join(GAP).trimEnd();
    });
  });
  const heading = headings.map((text, column) => (column === last ? text : pad(text, widths[column] ?? 0))).join(GAP);
  return [paint(heading, "heading"), ...lines].join("\n");
}

function wrap(text: string, width: number): string[] {
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
