import type { Test } from "../answer.ts";
import type { PolicyConditions } from "../policy.ts";
import { flags } from "./flags.ts";

/**
 * How the sign-in is handed from device to device (https://learn.microsoft.com/entra/identity/conditional-access/concept-authentication-flows).
 *
 * @returns undefined where the policy has no such condition
 */
export function flowCondition(flows: PolicyConditions["authenticationFlows"]): Test | undefined {
  const wanted = flags(flows?.transferMethods ?? "");
  if (wanted.size === 0) return undefined;
  return ({ conditions: { authenticationFlow } }) =>
    authenticationFlow === undefined ? "unknown" : wanted.has(authenticationFlow);
}
