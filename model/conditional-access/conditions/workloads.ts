import { type Test, without } from "../answer.ts";
import type { WorkloadConditions } from "../policy.ts";

/**
 * Which applications that sign in as themselves a policy is for
 * (https://learn.microsoft.com/entra/identity/conditional-access/workload-identity). Applications of other tenants and
 * managed identities are out of reach for every policy, also for one that names them.
 */
export function workloadCondition({ includeServicePrincipals, excludeServicePrincipals }: WorkloadConditions): Test {
  const all = includeServicePrincipals.includes("ServicePrincipalsInMyTenant");
  const included = new Set(includeServicePrincipals);
  const excluded = new Set(excludeServicePrincipals);
  return ({ identity }) =>
    identity.kind === "workload" &&
    identity.ownedByTenant &&
    without(all || included.has(identity.id), excluded.has(identity.id));
}
