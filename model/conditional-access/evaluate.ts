import type { Demands, Evaluation, GrantDemand, PolicyResult } from "./evaluation.ts";
import { grantDemand, isBlocking } from "./grants.ts";
import type { ConditionalAccessPolicy, NamedLocation, PolicyState, SessionControls } from "./policy.ts";
import { prepareAll } from "./prepare.ts";
import { combineSessions } from "./session.ts";
import type { SignInFacts } from "./sign-in.ts";

/** Policies made ready once and asked about any number of sign-ins. */
export interface Evaluator {
  evaluate(facts: SignInFacts): Evaluation;
}

/**
 * Which policies apply to a sign-in and what they ask for together, by Entra's rules: the conditions of a policy are
 * ANDed and every policy that applies has to be satisfied
 * (https://learn.microsoft.com/entra/identity/conditional-access/concept-conditional-access-policies). Report-only policies are
 * evaluated like others, and their demands kept apart. `decide` makes a verdict of the result.
 *
 * For more than one sign-in with the same policies, `preparePolicies` saves the parsing.
 */
export function evaluate(
  policies: readonly ConditionalAccessPolicy[],
  locations: readonly NamedLocation[],
  facts: SignInFacts,
): Evaluation {
  return preparePolicies(policies, locations).evaluate(facts);
}

/** Parses filters, ranges and lists once. The policies must not be changed afterwards. */
export function preparePolicies(
  policies: readonly ConditionalAccessPolicy[],
  locations: readonly NamedLocation[],
): Evaluator {
  const prepared = prepareAll(policies, locations);
  const parts = policies.map(partOf);
  const byName = policies.map((_, index) => index).sort((a, b) => byNameThenId(policies[a], policies[b]));
  return {
    evaluate(facts) {
      const results = prepared.map((one) => one(facts));
      const demands = (state: PolicyState) => demandsOf(byName, results, parts, state);
      return { facts, results, enforced: demands("enabled"), reportOnly: demands("enabledForReportingButNotEnforced") };
    },
  };
}

/** What a policy asks for once it applies. */
interface Part {
  readonly blocks: boolean;
  readonly grant: GrantDemand | undefined;
  readonly session: SessionControls | null;
}

function partOf(policy: ConditionalAccessPolicy): Part {
  return { blocks: isBlocking(policy), grant: grantDemand(policy), session: policy.sessionControls };
}

function demandsOf(
  order: readonly number[],
  results: readonly PolicyResult[],
  parts: readonly Part[],
  state: PolicyState,
): Demands {
  const blockedBy: ConditionalAccessPolicy[] = [];
  const grants: GrantDemand[] = [];
  const sessions: SessionControls[] = [];
  for (const index of order) {
    const result = results[index];
    const part = parts[index];
    if (part === undefined || result?.applies !== true || result.policy.state !== state) continue;
    if (part.blocks) blockedBy.push(result.policy);
    if (part.grant !== undefined) grants.push(part.grant);
    if (part.session !== null) sessions.push(part.session);
  }
  return { blockedBy, grants, session: sessions.length === 0 ? NO_SESSION : combineSessions(sessions) };
}

const NO_SESSION = {};

function byNameThenId(left: ConditionalAccessPolicy | undefined, right: ConditionalAccessPolicy | undefined): number {
  return compare(left?.displayName ?? "", right?.displayName ?? "") || compare(left?.id ?? "", right?.id ?? "");
}

/** By code units, so that the order does not hang on the machine's language. */
function compare(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
