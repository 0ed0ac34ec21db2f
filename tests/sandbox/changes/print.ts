import { stringify } from "yaml";
import { changes, Observer, type Operations } from "./observe.ts";

/**
 * Prints the table of changes as it is observed, or its rows for the tools that are named:
 * `ENTRADA_SANDBOX=<folder> node --import tsx tests/sandbox/changes/print.ts superset`, with the stack up in that sandbox.
 * Look at every line before it goes into table.yaml: the table says what should be, not what is.
 */
const wanted = process.argv.slice(2);
const table: Record<string, Record<string, Operations>> = {};
const observer = await Observer.open();
try {
  for (const change of changes) {
    const { tool, kind } = change;
    if (wanted.length > 0 && !wanted.includes(tool)) continue;
    const { operations, foreign } = await observer.observe(change);
    if (foreign.length > 0) console.error(`${tool}, ${kind}: touches what is not its own: ${foreign.join(", ")}`);
    table[tool] = { ...table[tool], [kind]: operations };
  }
} finally {
  await observer.close();
}
console.log(stringify(table));
process.exit();
