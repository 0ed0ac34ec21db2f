import type { Finding } from "../problem.ts";
import type { CheckContext } from "./check.ts";
import { checkEmergency } from "./conditional-access/emergency.ts";
import { checkPlaces } from "./conditional-access/places.ts";
import { checkPolicies } from "./conditional-access/policies.ts";
import { checkStrengths } from "./conditional-access/strengths.ts";
import { checkSwitches } from "./conditional-access/switches.ts";

/**
 * Conditional Access names what exists, and nothing that Entra would refuse or read otherwise: places, strengths, policies,
 * the baseline's switches, and who is left when all of it goes wrong.
 */
export function checkConditionalAccess(context: CheckContext): Finding[] {
  return [checkEmergency, checkPlaces, checkSwitches, checkStrengths, checkPolicies].flatMap((check) => check(context));
}
