import { declaredConditionalAccess, partState } from "../conditional-access/declare.ts";
import { BASELINE_PARTS, type DeclaredPolicy } from "../conditional-access/declared.ts";
import { policyWords } from "../conditional-access/policy-words.ts";
import { isReportOnly } from "../conditional-access/scene.ts";
import { conditionalAccessTarget } from "../conditional-access/targets.ts";
import type { DeclaredTool } from "../declared-tools.ts";
import type { Settings } from "../settings/schema.ts";
import type { ToolContract } from "../tool-contract.ts";
import { groupedBy } from "./people.ts";

/** One declared policy, in words. */
export interface ReportPolicy {
  /** Name without what all names of the environment begin with. */
  readonly title: string;
  readonly state: "enforced" | "report-only";
  readonly who: string;
  /** Conditions that all have to hold; empty for every sign-in. */
  readonly when: readonly string[];
  /** What it demands, and how it bounds the session. */
  readonly demands: readonly string[];
  /** Client ids and keywords that it names beside the environment's tools. */
  readonly otherApplications: readonly string[];
}

/** What Conditional Access is declared for the tools. */
export interface ReportConditionalAccess {
  /** What the names of all policies begin with in Entra. @example "Contoso prod - " */
  readonly prefix: string;
  readonly enforced: number;
  readonly reportOnly: number;
  /** Tools with the same policies together; every tool stands in one group. */
  readonly groups: readonly { readonly tools: readonly string[]; readonly policies: readonly ReportPolicy[] }[];
  /** Policies that reach none of the tools. */
  readonly others: readonly ReportPolicy[];
  /** Parts of the baseline and own policies that are not there, with the reason that the settings give. */
  readonly absent: readonly { readonly name: string; readonly why: string }[];
  /** How many accounts no policy reaches. */
  readonly breakGlass: number;
}

export function reportConditionalAccess(
  settings: Settings,
  contracts: readonly ToolContract[],
  tools: readonly DeclaredTool[],
): ReportConditionalAccess {
  const declared = declaredConditionalAccess(settings, contracts).policies;
  const prefix = `${settings.organization} ${settings.environment} - `;
  const targets = new Map(tools.map((tool) => [tool.id, conditionalAccessTarget(tool)]));
  const words = new Map(declared.map((one) => [one, wordsOf(one, prefix, [...targets.values()])]));
  const inWords = (chosen: readonly DeclaredPolicy[]) => chosen.flatMap((one) => words.get(one) ?? []);
  const reaching = (target: string) => declared.filter((one) => reaches(one, target));
  const groups = groupedBy([...targets], ([, target]) => JSON.stringify(reaching(target).map(({ key }) => key)));
  const reportOnly = declared.filter(({ policy }) => isReportOnly(policy)).length;
  return {
    prefix,
    enforced: declared.length - reportOnly,
    reportOnly,
    groups: groups.map((same) => ({
      tools: same.map(([id]) => id),
      policies: inWords(reaching(same[0]?.[1] ?? "")),
    })),
    others: inWords(declared.filter((one) => ![...targets.values()].some((target) => reaches(one, target)))),
    absent: [...absentParts(settings, declared), ...absentPolicies(settings)],
    breakGlass: settings.conditionalAccess.breakGlass.length,
  };
}

/** Whether a policy names the tool. A filter by attributes is decided in Entra, so it counts as naming nothing here. */
function reaches({ policy }: DeclaredPolicy, target: string): boolean {
  const { includeApplications, excludeApplications } = policy.conditions.applications;
  const named = includeApplications.includes(target) || includeApplications.includes("All");
  return named && !excludeApplications.includes(target);
}

function wordsOf({ policy }: DeclaredPolicy, prefix: string, targets: readonly string[]): ReportPolicy {
  const { displayName } = policy;
  return {
    title: displayName.startsWith(prefix) ? displayName.slice(prefix.length) : displayName,
    state: isReportOnly(policy) ? "report-only" : "enforced",
    ...policyWords(policy),
    otherApplications: policy.conditions.applications.includeApplications.filter((id) => !targets.includes(id)),
  };
}

function absentParts(settings: Settings, declared: readonly DeclaredPolicy[]) {
  const there = new Set(declared.map(({ part }) => part));
  return BASELINE_PARTS.filter((part) => !there.has(part)).map((part) => {
    const off = partState(settings, part) === "off";
    const reason = settings.conditionalAccess.baseline[part]?.reason;
    const why = off ? (reason ?? "off, no reason is given") : "nothing for it to do under these settings";
    return { name: part, why };
  });
}

function absentPolicies({ conditionalAccess: { policies, state } }: Settings) {
  return Object.values(policies)
    .filter((own) => (own.state ?? state) === "off")
    .map(({ displayName, reason }) => ({ name: displayName, why: reason ?? "off, no reason is given" }));
}
