import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { differences } from "./environments/differences.ts";
import { environmentsPage } from "./environments/page.ts";
import { readEnvironments } from "./environments/read.ts";

/** The page that shows what differs. */
export const environmentsFile = join(import.meta.dirname, "../docs/environments.md");

/** The text of that page, from the stack files as they are. */
export function environmentsText(): string {
  const environments = readEnvironments(join(import.meta.dirname, ".."));
  return environmentsPage(
    environments.map(({ name }) => name),
    differences(environments),
  );
}

if (process.argv[1] !== undefined && resolve(process.argv[1]) === import.meta.filename) {
  writeFileSync(environmentsFile, environmentsText());
}
