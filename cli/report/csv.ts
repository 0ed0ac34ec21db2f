import type { AccessMatrix, AccessPerson, AccessReport } from "../../model/index.ts";

const HEADINGS = [
  "person",
  "name",
  "sign-in name",
  "kind",
  "account",
  "tool",
  "role",
  "admin",
  "through",
  "why closed",
];

/** What spreadsheets take for the beginning of a formula, in the wide forms of East Asian keyboards too (OWASP, "CSV Injection"). */
const FORMULA = /^[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/;

/**
 * The access as a table for spreadsheets: a row for each role that somebody holds, for each tool that is closed to somebody, and for each
 * role of a team whose members only Entra knows. RFC 4180 in UTF-8, with the mark by which spreadsheets know UTF-8.
 */
export function accessCsv(
  matrix: AccessMatrix,
  report: Pick<AccessReport, "knowsPeople" | "unknown" | "tools">,
): string {
  const admin = new Set(
    matrix.tools.flatMap(({ id, roles }) => roles.filter((role) => role.admin).map(({ value }) => `${id}/${value}`)),
  );
  const rows = [
    ...matrix.people.flatMap((person) => rowsOf(person, admin, report.knowsPeople)),
    ...report.unknown.flatMap(({ key, roles }) =>
      roles.map(({ tool, role, admin: isAdmin }) => [
        "",
        `whoever is in ${key}`,
        "",
        "members not known",
        "not known",
        tool,
        role,
        isAdmin ? "yes" : "no",
        key,
        "",
      ]),
    ),
  ];
  return `\uFEFF${[HEADINGS, ...rows].map((row) => `${row.map(cell).join(",")}\r\n`).join("")}`;
}

function rowsOf(person: AccessPerson, admin: ReadonlySet<string>, knowsPeople: boolean): string[][] {
  const { id, displayName, upn, enabled, guest, partner, access, denied } = person;
  const kind = partner === undefined ? (guest ? "guest" : "member") : `partner ${partner}`;
  // Whether an account of a real environment may sign in stands in Entra alone; a partner's people are in the settings or not at all.
  const account = knowsPeople || partner !== undefined ? (enabled ? "enabled" : "disabled") : "not known";
  const who = [id, displayName, upn, kind, account];
  return [
    ...access.map(({ tool, role, via }) => [
      ...who,
      tool,
      role,
      admin.has(`${tool}/${role}`) ? "yes" : "no",
      via.join("; "),
      "",
    ]),
    ...denied.map(({ tool, reason }) => [...who, tool, "", "", "", reason]),
  ];
}

/** A cell that every reader takes for text: what looks like a formula gets an apostrophe, what has separators in it gets quotes. */
export function cell(text: string): string {
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
