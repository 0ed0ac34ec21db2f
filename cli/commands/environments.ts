import { differences } from "../environments/differences.ts";
import { cell } from "../environments/page.ts";
import { readEnvironments } from "../environments/read.ts";
import { json, line } from "../output.ts";
import { projectRoot } from "../project.ts";
import { painter, table } from "../table.ts";

/** Prints what differs between the environments. Nothing needs to run for it. */
export function environments({ json: asJson }: { json?: boolean }, root = projectRoot): void {
  const read = readEnvironments(root);
  const names = read.map(({ name }) => name);
  const rows = differences(read);
  if (asJson) {
    json({ environments: names, differences: rows });
    return;
  }
  const paint = painter(process.stdout.isTTY === true && process.env.NO_COLOR === undefined);
  const width = process.stdout.columns ?? 160;
  // What the first column leaves, with the gaps between columns taken off; a value is told by 20 characters at least.
  const room = width - Math.max(...rows.map(({ setting }) => setting.length), 0) - 2 * names.length;
  const longest = Math.max(20, Math.floor(room / names.length));
  const cells = rows.map(({ setting, values }) => [setting, ...names.map((name) => cell(values[name], longest))]);
  line(table(["setting", ...names], cells, width, paint));
}
