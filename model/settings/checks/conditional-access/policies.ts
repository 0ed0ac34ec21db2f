import { DeviceFilterError, parseDeviceFilter } from "../../../conditional-access/device-filter.ts";
import type { OwnPolicy } from "../../conditional-access/policies.ts";
import { type Finding, shown } from "../../problem.ts";
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
      ...together(path, policy),
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

/** The filter can be read, and stands alone. */
function devices(policy: readonly PropertyKey[], own: OwnPolicy): Finding[] {
  if (own.deviceFilter === undefined) return [];
  const path = [...policy, "deviceFilter"];
  const findings: Finding[] = [];
  if (own.devices !== "any") {
    const fix = "Remove devices, and let the filter say it all; or remove deviceFilter.";
    findings.push({ path, found: "a filter beside devices", allowed: "one of the two", fix });
  }
  try {
    parseDeviceFilter(own.deviceFilter);
  } catch (error) {
    if (!(error instanceof DeviceFilterError)) throw error;
    const allowed = "a filter rule for devices, as Entra reads it";
    findings.push({ path, found: shown(own.deviceFilter), allowed, fix: `${error.message}.` });
  }
  return findings;
}

/** What Entra refuses beside each other (https://learn.microsoft.com/entra/identity/conditional-access/concept-conditional-access-conditions). */
function together(path: readonly PropertyKey[], own: OwnPolicy): Finding[] {
  const findings: Finding[] = [];
  const narrow = (["from", "deviceFilter", "flows", "signInRisk", "userRisk"] as const).filter(
    (name) => own[name] !== undefined,
  );
  if (own.devices !== "any") narrow.push("deviceFilter");
  if (own.clients?.every((client) => client === "exchange-activesync") && narrow.length > 0) {
    findings.push({
      path: [...path, "clients"],
      found: "exchange-activesync alone, with conditions that it does not know",
      allowed: "exchange-activesync alone with platforms only",
      fix: "Add other clients, or leave the conditions out.",
    });
  }
  if (own.frequency === "every-time" && own.userRisk !== undefined) {
    findings.push({
      path: [...path, "frequency"],
      found: "every-time for accounts at risk",
      allowed: "every-time for risk of the sign-in, or without risk",
      fix: "Block accounts at risk, or use signInRisk: a new sign-in does not make an account safe.",
    });
  }
  return findings;
}
