import { loadSettings } from "../project.ts";
import { environmentNames, stackPath } from "../stack-files.ts";
import type { Environment } from "./differences.ts";

/**
 * The settings of all environments, in the order in which a change reaches them.
 * @param root the checkout
 * @throws Refusal with everything that is wrong in the first file that cannot be used
 */
export function readEnvironments(root: string): Environment[] {
  return environmentNames(root).map((name) => ({
    name,
    settings: loadSettings(stackPath(root, name), { lockOuts: true }),
  }));
}
