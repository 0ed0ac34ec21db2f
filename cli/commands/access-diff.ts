import { accessDifference, gainsPrivilege } from "../../model/index.ts";
import { differenceJson } from "../access-diff/json.ts";
import { type AccessSide, accessSides, type SideOptions } from "../access-diff/sides.ts";
import { renderDifference } from "../access-diff/table.ts";
import { accessMarkdown } from "../comment/access-part.ts";
import { json, line, terminal, WrongUse } from "../output.ts";
import { projectRoot } from "../project.ts";

export interface AccessDiffOptions extends SideOptions {
  readonly json?: boolean;
  readonly markdown?: boolean;
}

/**
 * Prints what a change of settings gives and takes away. The exit code is 1 where anybody, or any group, gains an admin role.
 * @param root the checkout whose files and revisions are compared
 * @throws WrongUse for sides that are not there
 */
export function accessDiff(options: AccessDiffOptions, root = projectRoot): void {
  const problems: string[] = [];
  if (options.json && options.markdown) problems.push("--json and --markdown are two forms of the same; choose one.");
  const sides = accessSides(options, root, problems);
  if (sides === undefined || problems.length > 0) throw new WrongUse(problems, "access diff");
  const difference = accessDifference(sides.from.state, sides.to.state);
  const names = { from: sides.from.name, to: sides.to.name };
  if (options.json) json(differenceJson(names, difference));
  else if (options.markdown) line(accessMarkdown(difference));
  else {
    line(`From ${called(sides.from)} to ${called(sides.to)}:`);
    line(renderDifference(difference, terminal()));
  }
  process.exitCode = gainsPrivilege(difference) ? 1 : 0;
}

function called({ name, settings }: AccessSide): string {
  return settings === undefined ? `${name}, where this environment is not,` : name;
}
