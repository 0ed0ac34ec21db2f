import { groupsBy } from "../../model/conditional-access/blocks.ts";
import { listWords, plural } from "../../model/index.ts";
import { blocks, code, folded, markdownTable } from "./markdown.ts";
import type { Operation, Preview, PreviewedChange } from "./preview.ts";
import { losesForGood } from "./report.ts";
import { byPlace, isRoutine, kindName } from "./resource-names.ts";
import { type Room, withinRoom } from "./room.ts";

/** What loses something comes first. */
const ORDER: readonly Operation[] = ["delete", "replace", "forget", "update", "create", "import"];

const DONE: Readonly<Record<Operation, string>> = {
  delete: "deleted",
  replace: "replaced",
  forget: "forgotten",
  update: "updated",
  create: "created",
  import: "imported",
};

/** @example "1 deleted, 2 replaced, 14 updated" */
export function operationCounts({ changes }: Preview): string {
  const counts = ORDER.map((operation) => ({
    operation,
    count: changes.filter((one) => one.operation === operation).length,
  }));
  const parts = counts.filter(({ count }) => count > 0).map(({ operation, count }) => `${count} ${DONE[operation]}`);
  return parts.length === 0 ? "nothing changes" : parts.join(", ");
}

/** Resources by operation: what is lost first, and one by one where it is lost for good; what takes nothing away is folded. */
export function resourcesMarkdown(preview: Preview, room: Room): string {
  const sorted = preview.changes.toSorted(
    (one, other) => ORDER.indexOf(one.operation) - ORDER.indexOf(other.operation) || byPlace(one, other),
  );
  const forGood = sorted.filter(losesForGood);
  const losing = sorted.filter((change) => !losesForGood(change) && takesAway(change));
  const calm = sorted.filter((change) => !losesForGood(change) && !takesAway(change));
  const lost = withinRoom(kindsOf(losing), room.lines);
  const rest = withinRoom(kindsOf(calm), room.lines);
  const more = (left: number) => (left === 0 ? "" : `${plural(left, "more line", "more lines")} in the preview's log.`);
  const headings = ["", "Kind", "Which", "What changes"];
  return blocks(
    markdownTable(headings, [...forGood.map(lossCells), ...lost.shown.map((same) => kindCells(same, room, "**"))]),
    more(lost.left),
    calm.length === 0
      ? ""
      : folded(
          operationCounts({ ...preview, changes: calm }),
          blocks(
            markdownTable(
              headings,
              rest.shown.map((same) => kindCells(same, room)),
            ),
            more(rest.left),
          ),
        ),
  );
}

function takesAway({ operation, type }: PreviewedChange): boolean {
  return ORDER.indexOf(operation) < ORDER.indexOf("update") && !(operation === "replace" && isRoutine(type));
}

function kindsOf(changes: readonly PreviewedChange[]) {
  return groupsBy(changes, ({ operation, type }) => `${operation} ${type}`);
}

function lossCells({ operation, type, name, properties }: PreviewedChange): string[] {
  return [`**${operation}** ⛔`, kindName(type), code(name), listWords(properties, code, 6)];
}

function kindCells(
  same: readonly [PreviewedChange, ...PreviewedChange[]],
  room: Room,
  strong: "" | "**" = "",
): string[] {
  const [{ operation, type }] = same;
  const names = same.map(({ name }) => name);
  const properties = [...new Set(same.flatMap((change) => change.properties.map(topOf)))].sort();
  return [
    `${strong}${operation}${strong}`,
    kindName(type),
    `${names.length > 3 ? `${names.length}: ` : ""}${listWords(names, code, Math.max(3, room.names))}`,
    listWords(properties, code, 6),
  ];
}

/** The property's first two steps say where to look; a Deployment has dozens of paths below `spec.template`. */
function topOf(path: string): string {
  return /^[^.[]+(\.[^.[]+)?/.exec(path)?.[0] ?? path;
}
