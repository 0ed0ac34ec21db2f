import type { OwnPolicy } from "../../conditional-access/policies.ts";
import type { Finding } from "../../problem.ts";
import type { CheckContext } from "../check.ts";
import { checkDemand } from "./demand.ts";
import { checkTargets } from "./targets.ts";
import { checkWho } from "./who.ts";

/** The company's own policies: each says who, what for and what is demanded, and is told from the others by its name. */
export function checkPolicies(context: CheckContext): Finding[] {
  const names = new Map<string, string>();
  return Object.entries(context.settings.conditionalAccess.policies).flatMap(([key, policy]) => {
    const path = ["conditionalAccess", "policies", key];
    const findings = [
      ...checkWho(context, path, policy.who),
      ...checkTargets(context, path, policy),
      ...checkDemand(context, path, policy),
      ...devices(path, policy),
    ];
    const other = names.get(policy.displayName);
    names.set(policy.displayName, key);
    if (other === undefined) return findings;
    return [
      {
        path: [...path, "displayName"],
        found: `"${policy.displayName}", which ${other} has`,
        allowed: "a name of its own for every policy",
        fix: `Change it here or of ${other}.`,
      },
      ...findings,
    ];
  });
}

function devices(path: readonly PropertyKey[], { devices, deviceFilter }: OwnPolicy): Finding[] {
  if (deviceFilter === undefined || devices === "any") return [];
  const fix = "Remove devices, and let the filter say it all; or remove deviceFilter.";
  return [{ path: [...path, "deviceFilter"], found: "a filter beside devices", allowed: "one of the two", fix }];
}
