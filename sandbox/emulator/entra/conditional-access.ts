import { evaluate } from "../../../model/conditional-access/evaluate.ts";
import type { Evaluation, Proofs, Verdict } from "../../../model/conditional-access/evaluation.ts";
import type { PersonIdentity, SignInConditions, WorkloadIdentity } from "../../../model/conditional-access/sign-in.ts";
import { decide } from "../../../model/conditional-access/verdict.ts";
import { locationsOf, policiesOf } from "../conditional-access.ts";
import type { Directory } from "../directory.ts";
import { EntraError } from "./errors.ts";
import { findResource, GRAPH_APP_ID } from "./resources.ts";
import type { Scopes } from "./scopes.ts";

/** One sign-in or token request, as Conditional Access is asked about it. */
export interface AccessQuestion {
  readonly identity: PersonIdentity | WorkloadIdentity;
  /** What is to be opened: client ids. */
  readonly clientIds: readonly string[];
  readonly conditions: SignInConditions;
  readonly proofs: Proofs;
}

export interface AccessAnswer {
  readonly evaluation: Evaluation;
  readonly verdict: Verdict;
  /** What the report-only policies would say on their own. */
  readonly reportOnly: Verdict;
}

/** Asks the directory's policies as they are now. */
export function assess(data: Directory, question: AccessQuestion): AccessAnswer {
  const { identity, clientIds, conditions, proofs } = question;
  const target = { kind: "applications" as const, clientIds };
  const evaluation = evaluate(policiesOf(data), locationsOf(data), { identity, target, conditions });
  const { reportOnly } = evaluation;
  return {
    evaluation,
    verdict: decide(evaluation, proofs, conditions.device),
    reportOnly: decide({ ...evaluation, enforced: reportOnly }, proofs, conditions.device),
  };
}

/**
 * The applications that a sign-in opens: the client, and the resource whose token it asks for. Microsoft Graph counts only
 * where more is asked of it than who the person is, as every tool's sign-in does; a client of Microsoft's own, which policies
 * cannot name, never does
 * (https://learn.microsoft.com/entra/identity/conditional-access/concept-conditional-access-cloud-apps).
 */
export function targetsOf(data: Directory, clientId: string, scopes: Scopes): string[] {
  const resource = resourceIdOf(data, scopes);
  const isIdentityOnly =
    resource === GRAPH_APP_ID && scopes.permissions.every((permission) => permission === "User.Read");
  if (isIdentityOnly) return [clientId];
  const isOwn = Object.values(data.applications).some(({ appId }) => appId === clientId);
  return isOwn ? [...new Set([clientId, resource])] : [resource];
}

/** Client id of the resource that the access token is for. */
export function resourceIdOf(data: Directory, scopes: Scopes): string {
  return findResource(data, scopes.resource)?.servicePrincipal.appId ?? GRAPH_APP_ID;
}

/**
 * The refusal that a verdict, or a policy's sign-in frequency, ends a sign-in with.
 * @param because display names of the policies behind it
 */
export function accessRefusal(
  code: number,
  { results }: Evaluation,
  because: readonly string[],
  values: Readonly<Record<string, string>> = {},
): EntraError {
  const behind = results.filter(({ policy }) => because.includes(policy.displayName));
  const ids = behind.map(({ policy }) => policy.id);
  const claims = JSON.stringify({ access_token: { capolids: { essential: true, values: ids } } });
  return new EntraError(code, { ...values, policies: because.join(", ") }, claims);
}
