import { readdirSync } from "node:fs";
import { join } from "node:path";
import { loadSettings } from "../project.ts";
import type { Environment } from "./differences.ts";

/** The way of a change, first to last; environments of other names stand before staging. */
const ORDER = ["dev", "", "staging", "prod"];
/** No step on the way to production. */
const APART = "sandbox";

/** The environments that have a stack file, in the order in which a change reaches them. */
export function environmentNames(folder: string): string[] {
  const names = readdirSync(folder).flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? []);
  const rank = (name: string) => (ORDER.includes(name) ? ORDER.indexOf(name) : 1);
  return names.filter((name) => name !== APART).sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
}

/**
 * Their settings.
 * @throws Refusal with everything that is wrong in the first file that cannot be used
 */
export function readEnvironments(folder: string): Environment[] {
  return environmentNames(folder).map((name) => ({
    name,
    settings: loadSettings(join(folder, `Pulumi.${name}.yaml`), { lockOuts: true }),
  }));
}
