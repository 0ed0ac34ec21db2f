import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { stackFile } from "../../cli/project.ts";

/**
 * Writes the sample company's stack file with some of its tools only, for tests that bring a stack up many times over.
 *
 * @param folder where the file goes, in a folder of its own
 * @returns the file, as `--stack-file` takes it
 */
export function smallCompany(folder: string, tools: readonly string[]): string {
  const content = parse(readFileSync(stackFile("sandbox"), "utf8")) as { config: Record<string, unknown> };
  const all = content.config["entrada:tools"] as Record<string, unknown>;
  content.config["entrada:tools"] = Object.fromEntries(Object.entries(all).filter(([id]) => tools.includes(id)));
  delete content.config["entrada:partners"];
  const file = join(mkdtempSync(join(folder, "small-")), "Pulumi.sandbox.yaml");
  writeFileSync(file, stringify(content));
  return file;
}
