import type { AnalysisReason, PolicyResult, Verdict } from "../../../model/conditional-access/evaluation.ts";
import type { ConditionalAccessPolicy } from "../../../model/conditional-access/policy.ts";
import type { AccessAnswer } from "./conditional-access.ts";
import type { AppliedPolicy } from "./sign-in-log.ts";

/** Graph's conditionalAccessConditions by the evaluator's reasons; a reason that the log has no word for is `none`. */
const CONDITIONS: Partial<Readonly<Record<AnalysisReason, string>>> = {
  users: "users",
  workloadIdentities: "servicePrincipals",
  application: "application",
  devicePlatform: "devicePlatform",
  devices: "deviceState",
  clientApps: "clientType",
  location: "location",
  signInRisk: "signInRisk",
  userRisk: "userRisk",
  insiderRisk: "insiderRisk",
  authenticationFlow: "authenticationFlows",
  time: "time",
};
const UNKNOWN: readonly AnalysisReason[] = ["notEnoughInformation", "invalidCondition", "invalidPolicy", "emptyPolicy"];

/** What the log says of every policy. `because` names those behind a refusal that no verdict tells of (sign-in frequency). */
export function appliedPolicies(answer: AccessAnswer, because: readonly string[] = []): AppliedPolicy[] {
  const { evaluation, verdict, reportOnly } = answer;
  const failing = new Set([...verdict.because, ...because]);
  return evaluation.results.map((result) => ({
    id: result.policy.id,
    displayName: result.policy.displayName,
    result: outcome(result, failing, reportOnly),
    conditionsNotSatisfied: CONDITIONS[result.reason] ?? "none",
    enforcedGrantControls: result.applies ? grantControls(result.policy) : [],
    enforcedSessionControls: result.applies ? sessionControls(result.policy) : [],
  }));
}

/** The evaluator's reason behind a word of the log. */
export function reasonOf(condition: string): AnalysisReason | undefined {
  return (Object.keys(CONDITIONS) as AnalysisReason[]).find((reason) => CONDITIONS[reason] === condition);
}

function outcome(
  { policy, applies, reason }: PolicyResult,
  failing: ReadonlySet<string>,
  reportOnly: Verdict,
): AppliedPolicy["result"] {
  if (policy.state === "disabled") return "notEnabled";
  if (policy.state === "enabled") {
    if (applies) return failing.has(policy.displayName) ? "failure" : "success";
    return UNKNOWN.includes(reason) ? "unknown" : "notApplied";
  }
  if (!applies) return "reportOnlyNotApplied";
  if (!reportOnly.because.includes(policy.displayName)) return "reportOnlySuccess";
  return reportOnly.outcome === "challenge" ? "reportOnlyInterrupted" : "reportOnlyFailure";
}

function grantControls({ grantControls: grant }: ConditionalAccessPolicy): string[] {
  if (grant === null) return [];
  const strength = grant.authenticationStrength;
  return [
    ...grant.builtInControls,
    ...(strength === null ? [] : [`authenticationStrength ${strength.displayName}`]),
    ...grant.termsOfUse.map(() => "termsOfUse"),
    ...grant.customAuthenticationFactors,
  ];
}

function sessionControls({ sessionControls: session }: ConditionalAccessPolicy): string[] {
  return Object.entries(session ?? {})
    .filter(([, control]) => control !== null && control !== false)
    .map(([name]) => name);
}
