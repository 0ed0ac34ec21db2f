import {
  type AccessDifference,
  type AccessRow,
  accessHeadline,
  accessNotes,
  accessRows,
  becauseWords,
  groupWords,
  listWords,
  roleNames,
} from "../../model/index.ts";
import { painter, type TableOptions, table, wrap } from "../table.ts";

/** What a change gives and takes away, as text: the sum of it, a line for all of whom the same is true, and what else changes. */
export function renderDifference(
  difference: AccessDifference,
  { width = 120, color = false }: TableOptions = {},
): string {
  const rows = accessRows(difference).map((row) => [changeOf(row), whoOf(row), roleNames(row.roles), whyOf(row)]);
  const notes = accessNotes(difference).flatMap((note) => wrap(note, width));
  return [
    wrap(accessHeadline(difference), width).join("\n"),
    ...(rows.length === 0 ? [] : [table(["CHANGE", "WHO", "ROLES", "WHY"], rows, width, painter(color), [14, 30, 36])]),
    ...(notes.length === 0 ? [] : [notes.join("\n")]),
  ].join("\n\n");
}

/** @example "gains (admin)" */
function changeOf({ gained, admin }: AccessRow): string {
  return `${gained ? "gains" : "loses"}${admin ? " (admin)" : ""}`;
}

function whoOf(row: AccessRow): string {
  if (row.kind === "group") return groupWords(row);
  return listWords(
    row.people.map(({ person, guest, partner }) => {
      if (guest) return `${person} (guest)`;
      return partner === undefined ? person : `${person} (partner)`;
    }),
  );
}

function whyOf(row: AccessRow): string {
  return row.kind === "people" ? becauseWords(row) : "";
}
