import type { AccessMatrix, AccessPerson } from "../model/index.ts";
import { painter, type TableOptions, table } from "./table.ts";

/**
 * The access matrix as text: first the tools with their addresses and roles (admin roles marked), then a line for each
 * role that a person holds, with the teams that give it, and for each tool that stays closed, with the reason.
 */
export function renderAccess(matrix: AccessMatrix, { width = 100, color = false }: TableOptions = {}): string {
  const paint = painter(color);
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
