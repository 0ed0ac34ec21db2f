import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { contracts } from "../components/tools/registry.ts";
import { stackFileSchema } from "../model/index.ts";

/** Where editors find the schema of the stack files. */
export const schemaFile = join(import.meta.dirname, "../stacks/settings.schema.json");

/** The text of that file. */
export function schemaText(): string {
  return `${JSON.stringify(stackFileSchema(contracts), undefined, 2)}\n`;
}

if (process.argv[1] !== undefined && resolve(process.argv[1]) === import.meta.filename) {
  writeFileSync(schemaFile, schemaText());
}
