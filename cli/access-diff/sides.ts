import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { contracts } from "../../components/tools/registry.ts";
import { type AccessState, accessState, NO_ACCESS, type Settings } from "../../model/index.ts";
import { mergeBase, NoStackFile, NoSuchSide, readSide } from "../what-if/revision.ts";

/** In place of a commit that nobody typed. */
const PARTED = "where the branch parted from main";

/** Which two settings are compared, as the options say it. */
export interface SideOptions {
  readonly stack: string;
  /** @default the merge base with main */
  readonly from?: string;
  /** @default the working tree's stack file */
  readonly to?: string;
}

/** One side of a comparison of access. */
export interface AccessSide {
  readonly name: string;
  /** Undefined for an environment that is not there. */
  readonly settings?: Settings;
  readonly state: AccessState;
}

export interface AccessSides {
  readonly from: AccessSide;
  readonly to: AccessSide;
}

/**
 * The two sides that the options name. An environment that one of two revisions does not have counts as one without access.
 * @param problems gets a sentence for each side that is not there
 */
export function accessSides(
  { stack, from, to }: SideOptions,
  root: string,
  problems: string[],
): AccessSides | undefined {
  const file = `stacks/Pulumi.${stack}.yaml`;
  const base = from ?? mergeBase(root);
  if (base === undefined) problems.push("There is no branch main to start from. Say with --from what to compare with.");
  const read = base === undefined ? undefined : readAccess(base, stack, root, problems);
  const old =
    read === undefined || from !== undefined ? read : { ...read, name: read.name.replace(base ?? "", PARTED) };
  // A branch that removes an environment has no file for it any more.
  const gone = to === undefined && !existsSync(resolve(root, file));
  const young = gone ? without("the working tree") : readAccess(to ?? file, stack, root, problems);
  if (old === undefined || young === undefined) return undefined;
  if (old.settings === undefined && young.settings === undefined) {
    problems.push(`Neither ${old.name} nor ${young.name} has a file ${file}.`);
    return undefined;
  }
  return { from: old, to: young };
}

function readAccess(text: string, stack: string, root: string, problems: string[]): AccessSide | undefined {
  try {
    const { name, settings } = readSide(text, stack, root);
    return { name, settings, state: accessState(settings, contracts) };
  } catch (error) {
    if (error instanceof NoStackFile) return without(error.revision);
    if (!(error instanceof NoSuchSide)) throw error;
    problems.push(error.message);
    return undefined;
  }
}

function without(name: string): AccessSide {
  return { name, state: NO_ACCESS };
}
