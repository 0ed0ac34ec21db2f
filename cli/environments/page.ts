import type { Difference } from "./differences.ts";

/** Longer texts are cut in their middle, since ids and hosts differ at their ends. */
const LONGEST = 60;
/** Longer lists show their first items and how many follow. */
const ITEMS = 3;

/**
 * A value as a cell of the table: `-` for none, `yes` and `no`, lists between commas.
 * @param longest characters of a text; longer ones are cut in their middle
 */
export function cell(value: unknown, longest = LONGEST): string {
  if (value === null || value === undefined) return "-";
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (Array.isArray(value)) return list(value, longest);
  if (typeof value === "object") return middle(JSON.stringify(value), longest);
  return middle(String(value), longest);
}

function list(values: readonly unknown[], longest: number): string {
  const shown = values.slice(0, ITEMS).map((value) => cell(value, longest));
  const more = values.length - shown.length;
  return more > 0 ? `${shown.join(", ")} and ${more} more` : shown.join(", ");
}

function middle(text: string, longest: number): string {
  const characters = [...text];
  if (characters.length <= longest) return text;
  const half = Math.floor((longest - 1) / 2);
  return `${characters.slice(0, half).join("")}…${characters.slice(-half).join("")}`;
}

/** The page docs/environments.md. */
export function environmentsPage(names: readonly string[], rows: readonly Difference[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const code = (value: unknown) => {
    const text = cell(value).replaceAll("|", "\\|");
    return value === null || typeof value === "boolean" || text === "there" ? text : `\`${text}\``;
  };
  return `${[
    "# What differs between environments",
    "",
    "<!-- Written by cli/write-environments.ts from stacks/; edit those, then run `npm run environments`. -->",
    "",
    "One row for each setting that is not the same in every environment, defaults included; everything else is the same. `-` is none, *there*",
    "a part that other environments don't have. Long values are shortened: `npx entrada environments --json` has them whole. The",
    "sandbox is left out: it is no step on the way to production.",
    "",
    line(["setting", ...names]),
    line(["---", ...names.map(() => "---")]),
    ...rows.map(({ setting, values }) => line([`\`${setting}\``, ...names.map((name) => code(values[name] ?? null))])),
  ].join("\n")}\n`;
}
