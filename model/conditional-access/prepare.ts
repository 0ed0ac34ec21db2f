import type { Answer, Test } from "./answer.ts";
import { clientCondition } from "./conditions/clients.ts";
import { deviceCondition } from "./conditions/devices.ts";
import { flowCondition } from "./conditions/flows.ts";
import { type LocationConditions, locationConditions } from "./conditions/locations.ts";
import { platformCondition } from "./conditions/platforms.ts";
import { riskCondition } from "./conditions/risks.ts";
import { targetCondition } from "./conditions/targets.ts";
import { userCondition } from "./conditions/users.ts";
import { workloadCondition } from "./conditions/workloads.ts";
import type { AnalysisReason, PolicyResult } from "./evaluation.ts";
import type { ConditionalAccessPolicy } from "./policy.ts";
import { isAboutWorkloads, shapeProblem } from "./shape.ts";
import type { SignInFacts } from "./sign-in.ts";

/** One policy, ready to be asked about any number of sign-ins. */
export type PreparedPolicy = (facts: SignInFacts) => PolicyResult;

interface Check {
  readonly reason: AnalysisReason;
  readonly test: Test;
}

/**
 * Makes a policy ready. The first condition that is not satisfied gives the reason
 * (https://learn.microsoft.com/entra/identity/conditional-access/what-if-tool): state, shape, who, what, and then the rest in the
 * order of Graph's whatIfAnalysisReasons, which is the only order that Microsoft shows (unconfirmed).
 */
export function preparePolicy(policy: ConditionalAccessPolicy, locations: LocationConditions): PreparedPolicy {
  const results = new Map<AnalysisReason, PolicyResult>();
  const because = (reason: AnalysisReason): PolicyResult => {
    const known = results.get(reason);
    if (known !== undefined) return known;
    const result = { policy, applies: reason === "notSet", reason };
    results.set(reason, result);
    return result;
  };
  const never = policy.state === "disabled" ? "policyNotEnabled" : shapeProblem(policy);
  if (never !== undefined) return () => because(never);
  const checks = checksOf(policy, locations);
  const applies = because("notSet");
  return (facts) => {
    for (const { test, reason } of checks) {
      const answer = test(facts);
      if (answer !== true) return because(reasonOf(answer, reason));
    }
    return applies;
  };
}

function reasonOf(answer: Exclude<Answer, true>, reason: AnalysisReason): AnalysisReason {
  if (answer === false) return reason;
  return answer === "unknown" ? "notEnoughInformation" : "invalidCondition";
}

function checksOf(policy: ConditionalAccessPolicy, locations: LocationConditions): readonly Check[] {
  const { conditions } = policy;
  const checks: Check[] = [];
  const add = (reason: AnalysisReason, test: Test | undefined) => {
    if (test !== undefined) checks.push({ reason, test });
  };
  if (isAboutWorkloads(policy)) {
    add(
      "workloadIdentities",
      conditions.clientApplications === null ? undefined : workloadCondition(conditions.clientApplications),
    );
  } else {
    add("users", conditions.users === null ? undefined : userCondition(conditions.users));
  }
  const target = targetCondition(conditions.applications);
  if (target !== undefined) add(target.reason, target.test);
  add("devicePlatform", platformCondition(conditions.platforms));
  add("devices", deviceCondition(conditions.devices));
  add("clientApps", clientCondition(conditions.clientAppTypes));
  add("location", locations(conditions.locations));
  add("signInRisk", riskCondition(conditions.signInRiskLevels, "signInRiskLevel"));
  add("userRisk", riskCondition(conditions.userRiskLevels, "userRiskLevel"));
  // Graph has no reason of its own for the risk of a service principal (unconfirmed).
  add("workloadIdentities", riskCondition(conditions.servicePrincipalRiskLevels, "servicePrincipalRiskLevel"));
  add("insiderRisk", riskCondition(conditions.insiderRiskLevels, "insiderRiskLevel"));
  add("authenticationFlow", flowCondition(conditions.authenticationFlows));
  return checks;
}

/** Makes all policies of a directory ready, in their order. */
export function prepareAll(
  policies: readonly ConditionalAccessPolicy[],
  locations: Parameters<typeof locationConditions>[0],
): readonly PreparedPolicy[] {
  const conditions = locationConditions(locations);
  return policies.map((policy) => preparePolicy(policy, conditions));
}
