import { STATES } from "../../conditional-access/words.ts";
import type { Finding } from "../../problem.ts";
import type { CheckContext } from "../check.ts";

/** A part that is weaker than the whole says why. */
export function checkSwitches({ settings }: CheckContext): Finding[] {
  const { state: whole, baseline } = settings.conditionalAccess;
  return Object.entries(baseline).flatMap(([part, own]) => {
    if (own?.state === undefined || own.reason !== undefined) return [];
    if (STATES.indexOf(own.state) >= STATES.indexOf(whole)) return [];
    return [
      {
        path: ["conditionalAccess", "baseline", part, "reason"],
        found: `nothing, though the part is ${own.state} and the whole is ${whole}`,
        allowed: "a reason for every part that is weaker than the whole",
        fix: `Say why, for example reason: "No Entra ID P2 licence"; or remove state, so that it is ${whole} too.`,
      },
    ];
  });
}
