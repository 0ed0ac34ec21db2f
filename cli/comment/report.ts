import type { Teams } from "../../model/conditional-access/change-words.ts";
import type { AccessDifference, Comparison, LockOut, ToolSecrets } from "../../model/index.ts";
import type { UnexplainedAssignments } from "./assignments.ts";
import type { PolicyResults } from "./policies.ts";
import type { Preview, PreviewedChange } from "./preview.ts";
import { isIrreplaceable } from "./resource-names.ts";

/** A tool's version, or its image where that alone changes. */
export interface ToolVersion {
  readonly tool: string;
  readonly from: string;
  readonly to: string;
}

/** Everything that the comment says about one environment. What was not looked at is left out, and the comment says so. */
export interface EnvironmentReport {
  /** Name of the stack. */
  readonly name: string;
  /** Why its settings could not be compared. */
  readonly problem?: string;
  readonly access?: AccessDifference;
  /** Tools that both sides have, in another version. */
  readonly versions?: readonly ToolVersion[];
  readonly signIns?: { readonly comparison: Comparison; readonly teams: Teams };
  /** People and programs whom the new settings lock out. */
  readonly lockOuts?: readonly LockOut[];
  readonly secrets?: readonly ToolSecrets[];
  readonly preview?: Preview;
  readonly policies?: PolicyResults;
  /** Where there is a preview: what it gives and takes beyond the settings. */
  readonly unexplained?: UnexplainedAssignments;
}

/** Whether a change takes away what cannot be made again as it was, or what stands under Pulumi's protection. */
export function losesForGood({ operation, type, protect }: PreviewedChange): boolean {
  return (operation === "delete" || operation === "replace") && (protect || isIrreplaceable(type));
}

export function irreplaceable({ preview }: EnvironmentReport): PreviewedChange[] {
  return (preview?.changes ?? []).filter(losesForGood);
}

export function mandatory({ policies }: EnvironmentReport): NonNullable<EnvironmentReport["policies"]>["violations"] {
  return (policies?.violations ?? []).filter(({ level }) => level === "mandatory");
}

/** Whether the pull request must not be merged as it is: what the exit code of `access comment` says. */
export function mustNotMerge(report: EnvironmentReport): boolean {
  return (
    report.problem !== undefined ||
    irreplaceable(report).length > 0 ||
    mandatory(report).length > 0 ||
    (report.preview?.errors ?? []).length > 0 ||
    (report.lockOuts ?? []).some(({ enforced }) => enforced)
  );
}

/** Whether there is anything to say about the environment beyond its line in the first table. */
export function isChanged(report: EnvironmentReport): boolean {
  const { access, versions = [], signIns, preview, policies } = report;
  return (
    mustNotMerge(report) ||
    (access !== undefined && !isEmpty(access)) ||
    versions.length > 0 ||
    [...(signIns?.comparison.enforced ?? []), ...(signIns?.comparison.reportOnly ?? [])].length > 0 ||
    (preview?.changes ?? []).length > 0 ||
    (policies?.violations ?? []).length > 0
  );
}

export function isEmpty(access: AccessDifference): boolean {
  return Object.values(access).every((part) => Object.values(part).flat().length === 0);
}
