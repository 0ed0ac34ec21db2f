import { join } from "node:path";
import { differences } from "../environments/differences.ts";
import { cell } from "../environments/page.ts";
import { readEnvironments } from "../environments/read.ts";
import { json, line } from "../output.ts";
import { projectRoot } from "../project.ts";
import { painter, table } from "../table.ts";

/** Prints what differs between the environments. Nothing needs to run for it. */
export function environments({ json: asJson }: { json?: boolean }, root = projectRoot): void {
  const read = readEnvironments(join(root, "stacks"));
  const names = read.map(({ name }) => name);
  const rows = differences(read);
  if (asJson) {
    json({ environments: names, differences: rows });
    return;
  }
  const paint = painter(process.stdout.isTTY === true && process.env.NO_COLOR === undefined);
  const cells = rows.map(({ setting, values }) => [setting, ...names.map((name) => cell(values[name]))]);
  line(table(["setting", ...names], cells, process.stdout.columns ?? 160, paint));
}
