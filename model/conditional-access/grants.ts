import type { Control, GrantDemand } from "./evaluation.ts";
import type { BuiltInControl, ConditionalAccessPolicy } from "./policy.ts";

/**
 * The order in which Entra asks for controls
 * (https://learn.microsoft.com/entra/identity/conditional-access/concept-conditional-access-policies, phase 2). A strength is
 * asked for where multifactor authentication is.
 */
const PROMPT_ORDER: readonly Control["kind"][] = [
  "mfa",
  "strength",
  "compliantDevice",
  "domainJoinedDevice",
  "approvedApplication",
  "compliantApplication",
  "passwordChange",
  "termsOfUse",
  "custom",
];

/** Where a control stands in the order of prompts, from 0. */
export function promptRank({ kind }: Control): number {
  return PROMPT_ORDER.indexOf(kind);
}

/** Whether a policy blocks. Other controls beside `block`, which Graph refuses, change nothing. */
export function isBlocking({ grantControls }: ConditionalAccessPolicy): boolean {
  return grantControls?.builtInControls.includes("block") ?? false;
}

/** What a policy grants access for, its controls in the order of prompts; undefined for one with session controls only. */
export function grantDemand(policy: ConditionalAccessPolicy): GrantDemand | undefined {
  const grant = policy.grantControls;
  if (grant === null || isBlocking(policy)) return undefined;
  const strength = grant.authenticationStrength;
  const controls: Control[] = [
    ...new Set(grant.builtInControls.filter((kind): kind is Exclude<BuiltInControl, "block"> => kind !== "block")),
  ].map((kind) => ({ kind }));
  if (strength !== null) {
    const { id, displayName, allowedCombinations } = strength;
    controls.push({ kind: "strength", id, displayName, allowedCombinations });
  }
  controls.push(...grant.termsOfUse.map((id) => ({ kind: "termsOfUse" as const, id })));
  controls.push(...grant.customAuthenticationFactors.map((id) => ({ kind: "custom" as const, id })));
  if (controls.length === 0) return undefined;
  return { policy, operator: grant.operator, controls: controls.sort((a, b) => promptRank(a) - promptRank(b)) };
}
