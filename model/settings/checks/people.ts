import { knowsPeople, userPrincipalName } from "../../directory.ts";
import type { Finding } from "../problem.ts";
import type { CheckContext } from "./check.ts";

/** People stand in sandboxes only, each with a name of their own; guests have what an invitation needs. */
export function checkPeople({ settings, sound }: CheckContext): Finding[] {
  const { people } = settings;
  if (!knowsPeople(settings)) return [];
  if (settings.environment !== "sandbox" && sound("environment")) {
    return [
      {
        path: ["people"],
        found: `people in the environment "${settings.environment}"`,
        allowed: "people in the environment sandbox only",
        fix: "Remove people: a real environment's people are in its Entra tenant.",
      },
    ];
  }
  const seen = new Map<string, string>();
  return Object.entries(people).flatMap(([key, person]) => {
    const findings: Finding[] = [];
    const upn = userPrincipalName(settings, key);
    const other = seen.get(upn.toLowerCase());
    if (other === undefined) seen.set(upn.toLowerCase(), key);
    else {
      findings.push({
        path: person.upn === undefined ? ["people", key] : ["people", key, "upn"],
        found: `the user principal name "${upn}", which ${other} has`,
        allowed: "a user principal name of their own for everybody",
        fix: `Change upn here or of ${other}.`,
      });
    }
    if (person.guest && person.mail === undefined) {
      findings.push({
        path: ["people", key, "mail"],
        found: "nothing",
        allowed: "a mail address for every guest",
        fix: "Add the address that the guest is invited by.",
      });
    }
    if (!person.guest && person.homeTenant !== undefined) {
      findings.push({
        path: ["people", key, "homeTenant"],
        found: "a home tenant of somebody who is no guest",
        allowed: "homeTenant together with guest: true only",
        fix: "Add guest: true, or remove homeTenant.",
      });
    }
    return findings;
  });
}
