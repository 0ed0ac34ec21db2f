import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** Below the checkout, the settings of each environment. */
const FOLDER = "stacks";
/** The way of a change, first to last; environments of other names stand before staging. */
const ORDER = ["dev", "", "staging", "prod"];
/** No step on the way to production. */
const APART = "sandbox";

/**
 * The stack file of an environment, whether or not it is there.
 * @param root the checkout, or "" for the name by which messages call the file
 */
export function stackPath(root: string, stack: string): string {
  return join(root, FOLDER, `Pulumi.${stack}.yaml`);
}

/**
 * The stacks whose files are among the paths.
 * @example stackNamesAmong(["stacks/Pulumi.prod.yaml", "README.md"]) is ["prod"]
 */
export function stackNamesAmong(paths: readonly string[]): string[] {
  return paths.flatMap((path) => /(?:^|\/)Pulumi\.([\w.-]+)\.yaml$/.exec(path)?.[1] ?? []);
}

/** The stacks that have a file in the checkout. */
export function stackNames(root: string): string[] {
  const folder = join(root, FOLDER);
  return existsSync(folder) ? stackNamesAmong(readdirSync(folder)) : [];
}

/** The environments that have a stack file, in the order in which a change reaches them. The sandbox is nobody's environment. */
export function environmentNames(root: string): string[] {
  const rank = (name: string) => (ORDER.includes(name) ? ORDER.indexOf(name) : 1);
  return stackNames(root)
    .filter((name) => name !== APART)
    .sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
}
