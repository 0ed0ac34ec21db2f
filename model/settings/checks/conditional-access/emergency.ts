import { userPrincipalName } from "../../../directory.ts";
import { type Finding, shown } from "../../problem.ts";
import type { CheckContext } from "../check.ts";
import { unknownPeople } from "../teams.ts";
import { twice } from "./twice.ts";

/** Microsoft's advice: two or more, so that one lost key does not close the tenant. */
const FEWEST = 2;

/** Whoever enforces something has accounts that stay out of it; people who deploy are known, and are not those accounts. */
export function checkEmergency(context: CheckContext): Finding[] {
  const { settings } = context;
  const { breakGlass, deployers } = settings.conditionalAccess;
  const path = ["conditionalAccess", "deployers"];
  const name = (entry: string) => userPrincipalName(settings, entry).toLowerCase();
  const findings = [...unknownPeople(context, path, deployers), ...twice(path, deployers)];
  for (const [index, entry] of deployers.entries()) {
    if (!breakGlass.some((other) => name(other) === name(entry))) continue;
    findings.push({
      path: [...path, index],
      found: `${shown(entry)}, a break-glass account`,
      allowed: "people who deploy",
      fix: "Remove it: an emergency account is not for daily work, and no policy applies to it anyway.",
    });
  }
  if (breakGlass.length < FEWEST && somethingIsEnforced(context)) {
    findings.push({
      path: ["conditionalAccess", "breakGlass"],
      found:
        breakGlass.length === 0
          ? "no account, though policies are enforced"
          : "one account, though policies are enforced",
      allowed: "at least two break-glass accounts once something is enforced",
      fix: "Add accounts that only live in Entra, each with a security key of its own; or go back to report-only.",
    });
  }
  return findings;
}

function somethingIsEnforced({ settings }: CheckContext): boolean {
  const { state, baseline, policies } = settings.conditionalAccess;
  const own = [...Object.values(baseline), ...Object.values(policies)].map((part) => part?.state);
  return [state, ...own].includes("enforced");
}
