import { DEMANDS } from "../../conditional-access/words.ts";
import type { Finding } from "../../problem.ts";
import type { CheckContext } from "../check.ts";
import { twice } from "./twice.ts";

/** Own strengths have names that demand nothing else yet, and each method once. */
export function checkStrengths({ settings }: CheckContext): Finding[] {
  return Object.entries(settings.conditionalAccess.strengths).flatMap(([name, { methods }]) => {
    const path = ["conditionalAccess", "strengths", name];
    const findings = twice([...path, "methods"], methods);
    if (!(DEMANDS as readonly string[]).includes(name)) return findings;
    const allowed = `a name other than ${DEMANDS.join(", ")}`;
    return [
      { path, found: `the name "${name}", which a demand has`, allowed, fix: "Choose another name." },
      ...findings,
    ];
  });
}
