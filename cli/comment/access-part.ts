import {
  type AccessDifference,
  type AccessRow,
  accessHeadline,
  accessNotes,
  accessRows,
  becauseWords,
  groupWords,
  listWords,
  type PeopleRow,
  plural,
} from "../../model/index.ts";
import { blocks, code, markdownTable, text } from "./markdown.ts";
import { ROOMS, type Room, withinRoom } from "./room.ts";

const ALL = ROOMS[0] as Room;

/** What a change gives and takes away, as markdown: `access diff --markdown`, and a part of the comment on a pull request. */
export function accessMarkdown(difference: AccessDifference, room: Room = ALL): string {
  const rows = accessRows(difference);
  const privileged = rows.filter(({ gained, admin }) => gained && admin);
  const { shown, left } = withinRoom(
    rows.filter((row) => !privileged.includes(row)),
    room.lines,
  );
  const notes = withinRoom(accessNotes(difference, code), room.lines);
  return blocks(
    `**${accessHeadline(difference)}**`,
    markdownTable(
      ["", "Who", "Roles", "Why"],
      [...privileged, ...shown].map((row) => cells(row, row.gained && row.admin ? room.adminNames : room.names)),
    ),
    left === 0
      ? ""
      : `${plural(left, "more line", "more lines")} without admin roles gained; \`entrada access diff\` has them.`,
    notes.shown.map((note) => `- ${note}`).join("\n"),
    notes.left === 0 ? "" : `${plural(notes.left, "more note", "more notes")} in \`entrada access diff\`.`,
  );
}

function cells(row: AccessRow, names: number): string[] {
  const verb = row.gained ? "gains" : "loses";
  return [
    row.admin ? `**${verb} admin**` : verb,
    row.kind === "group" ? groupWords(row, code) : peopleCell(row, names),
    rolesCell(row),
    row.kind === "group" ? "" : becauseWords(row, code),
  ];
}

function peopleCell({ people }: PeopleRow, names: number): string {
  const labels = people.map(({ person, displayName, guest, partner }) => {
    const mark = guest ? ", guest" : partner === undefined ? "" : `, partner ${text(partner)}`;
    if (displayName === person) return mark === "" ? code(person) : `${code(person)} (${mark.slice(2)})`;
    return `${text(displayName)} (${code(person)}${mark})`;
  });
  const count = people.length > 3 ? `${plural(people.length, "person", "people")}: ` : "";
  return `${count}${listWords(labels, String, names)}`;
}

/** Roles by tool. @example "superset `Admin`, databricks `admin`" */
function rolesCell({ roles }: AccessRow): string {
  return roles.map(({ tool, role }) => `${text(tool)} ${code(role)}`).join(", ");
}
