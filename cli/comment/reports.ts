import { existsSync } from "node:fs";
import { join } from "node:path";
import { contracts } from "../../components/tools/registry.ts";
import {
  accessDifference,
  compare,
  lockOuts,
  type Settings,
  sceneOf,
  type ToolSettings,
  toolSecrets,
} from "../../model/index.ts";
import { type AccessSides, accessSides } from "../access-diff/sides.ts";
import { Refusal } from "../output.ts";
import { stackNames } from "../stack-files.ts";
import { mergeBase, stacksIn } from "../what-if/revision.ts";
import { unexplainedAssignments } from "./assignments.ts";
import { readPolicies } from "./policies.ts";
import { type Preview, readPreview } from "./preview.ts";
import type { EnvironmentReport, ToolVersion } from "./report.ts";

/** What the comment is made from. */
export interface CommentSources {
  /** A git revision. @default where the branch parted from main */
  readonly from?: string;
  /** A git revision. @default the working tree */
  readonly to?: string;
  /** Names of the environments. @default every one that either side has */
  readonly stacks?: readonly string[];
  /** Folder with `<stack>.json` (`pulumi preview --json`) and `<stack>.events.jsonl` (the engine's event log), both optional. */
  readonly previews?: string;
  readonly now: Date;
}

/** Reads and compares every environment, in the order of their names. Nothing is checked out. */
export function environmentReports(sources: CommentSources, root: string, problems: string[]): EnvironmentReport[] {
  const { previews } = sources;
  if (previews !== undefined && !existsSync(previews)) problems.push(`There is no folder ${previews}.`);
  const stacks = sources.stacks ?? allStacks(sources, root);
  if (stacks.length === 0) problems.push("There is no stack file in stacks/ on either side.");
  return stacks.map((stack) => {
    const files = previewed(stack, previews);
    return { name: stack, ...compared(stack, sources, files.preview, root, problems), ...files };
  });
}

function allStacks({ from, to }: CommentSources, root: string): string[] {
  const base = from ?? mergeBase(root);
  const old = base === undefined ? [] : stacksIn(root, base);
  const young = to === undefined ? stackNames(root) : stacksIn(root, to);
  return [...new Set([...old, ...young])].sort();
}

/** Settings that cannot be read are said in the comment: the other environments' parts are still worth reading. */
function compared(
  stack: string,
  { from, to, now }: CommentSources,
  preview: Preview | undefined,
  root: string,
  problems: string[],
): Partial<EnvironmentReport> {
  try {
    const sides = accessSides({ stack, from, to }, root, problems);
    if (sides === undefined) return {};
    const { from: old, to: young } = sides;
    const unexplained =
      preview === undefined ? {} : { unexplained: unexplainedAssignments(preview, old.state, young.state) };
    return { ...comparison(sides, now), ...unexplained };
  } catch (error) {
    if (error instanceof Refusal) return { problem: error.message };
    throw error;
  }
}

function comparison({ from, to }: AccessSides, now: Date): Partial<EnvironmentReport> {
  const access = accessDifference(from.state, to.state);
  if (to.settings === undefined) return { access };
  const { settings } = to;
  const signIns =
    from.settings === undefined
      ? {}
      : {
          signIns: {
            comparison: compare(from.settings, settings, contracts),
            teams: sceneOf(settings, contracts).teams,
          },
        };
  return {
    access,
    versions: from.settings === undefined ? [] : toolVersions(from.settings, settings),
    ...signIns,
    lockOuts: lockOuts(settings, contracts),
    secrets: toolSecrets(settings, contracts, now),
  };
}

/** In the order of the tools' ids. */
function toolVersions(before: Settings, after: Settings): ToolVersion[] {
  return Object.keys(after.tools)
    .sort()
    .flatMap((tool) => {
      const [old, young] = [before, after].map(
        ({ tools }) => tools[tool] as (ToolSettings & { image?: string }) | undefined,
      );
      if (old === undefined || young === undefined) return [];
      if (old.version !== young.version) return [{ tool, from: old.version, to: young.version }];
      const images = [old.image ?? "", young.image ?? ""] as const;
      return images[0] === images[1] ? [] : [{ tool, from: images[0], to: images[1] }];
    });
}

function previewed(stack: string, folder: string | undefined): Pick<EnvironmentReport, "preview" | "policies"> {
  if (folder === undefined) return {};
  const preview = join(folder, `${stack}.json`);
  const events = join(folder, `${stack}.events.jsonl`);
  return {
    ...(existsSync(preview) ? { preview: readPreview(preview) } : {}),
    ...(existsSync(events) ? { policies: readPolicies(events) } : {}),
  };
}
