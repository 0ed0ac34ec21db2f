import { type Answer, either, type Test, without } from "../answer.ts";
import { matchesApplication, parseApplicationFilter } from "../application-filter.ts";
import { namedApplications } from "../application-groups.ts";
import type { AnalysisReason } from "../evaluation.ts";
import type { ApplicationConditions } from "../policy.ts";
import type { SignInTarget } from "../sign-in.ts";

/** What a policy guards, and the reason of a sign-in that goes elsewhere. */
export interface TargetCondition {
  readonly reason: AnalysisReason & ("application" | "userActions" | "authenticationContext");
  readonly test: Test;
}

/**
 * What a policy guards (https://learn.microsoft.com/entra/identity/conditional-access/concept-conditional-access-cloud-apps):
 * applications, user actions or authentication contexts, one of the three. `All` means applications only (unconfirmed for
 * user actions).
 *
 * @returns undefined where the policy guards nothing
 */
export function targetCondition(applications: ApplicationConditions): TargetCondition | undefined {
  const { includeUserActions, includeAuthenticationContextClassReferences: contexts } = applications;
  if (includeUserActions.length > 0) {
    const actions = new Set(includeUserActions);
    return {
      reason: "userActions",
      test: ({ target }) => target.kind === "userAction" && actions.has(target.action),
    };
  }
  if (contexts.length > 0) {
    const values = new Set(contexts);
    return {
      reason: "authenticationContext",
      test: ({ target }) => target.kind === "authenticationContext" && values.has(target.value),
    };
  }
  if (applications.includeApplications.length === 0 && applications.applicationFilter?.mode !== "include")
    return undefined;
  return { reason: "application", test: applicationCondition(applications) };
}

type ApplicationTarget = Extract<SignInTarget, { kind: "applications" }>;

/**
 * Each application of the sign-in counts for itself: one that is included and not excluded suffices, so that excluding the
 * client does not free the resource that it calls. A filter adds to the list of its own side (unconfirmed).
 */
function applicationCondition(applications: ApplicationConditions): Test {
  const { includeApplications, excludeApplications, applicationFilter } = applications;
  const all = includeApplications.includes("All");
  const included = namedApplications(includeApplications);
  const excluded = namedApplications(excludeApplications);
  const matches = filterMatcher(applicationFilter?.rule);
  const includes = applicationFilter?.mode === "include" ? matches : never;
  const excludes = applicationFilter?.mode === "exclude" ? matches : never;
  return ({ target }) => {
    if (target.kind !== "applications") return false;
    let answer: Answer = false;
    for (const id of target.clientIds) {
      const isIncluded = all || included.has(id) || includes(target, id);
      const isExcluded = excluded.has(id) || excludes(target, id);
      answer = either(answer, without(isIncluded, isExcluded));
    }
    return answer;
  };
}

type FilterMatcher = (target: ApplicationTarget, id: string) => Answer;
const never: FilterMatcher = () => false;

function filterMatcher(rule: string | undefined): FilterMatcher {
  if (rule === undefined) return never;
  try {
    const filter = parseApplicationFilter(rule);
    return ({ attributes }, id) => (attributes === undefined ? "unknown" : matchesApplication(filter, attributes[id]));
  } catch {
    return () => "invalid";
  }
}
