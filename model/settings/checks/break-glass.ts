import { directoryPeople, isEntryOf, userPrincipalName } from "../../directory.ts";
import { isDirectMember, reachedThrough } from "../../teams.ts";
import { type Finding, shown } from "../problem.ts";
import type { CheckContext } from "./check.ts";
import { unknownPeople } from "./teams.ts";

/** Break-glass accounts exist, can sign in, and hold no role in any tool. */
export function checkBreakGlass(context: CheckContext): Finding[] {
  const { settings } = context;
  const { breakGlass } = settings.conditionalAccess;
  const path = ["conditionalAccess", "breakGlass"];
  const names = breakGlass.map((entry) => userPrincipalName(settings, entry).toLowerCase());
  const people = directoryPeople(settings);
  const withRoles = new Set(Object.values(settings.tools).flatMap(({ access }) => Object.values(access).flat()));
  return [
    ...unknownPeople(context, path, breakGlass),
    ...breakGlass.flatMap((entry, index): Finding[] => {
      const here = [...path, index];
      const findings: Finding[] = [];
      const person = people.find((known) => isEntryOf(settings, entry, known));
      if (names.indexOf(names[index] ?? "") !== index) {
        findings.push({
          path: here,
          found: `${shown(entry)} twice`,
          allowed: "each account once",
          fix: "Remove it here.",
        });
      }
      if (person === undefined) return findings;
      if (!person.accountEnabled) {
        const fix = "Enable the account, or name another one.";
        findings.push({
          path: here,
          found: `${shown(entry)}, whose account is disabled`,
          allowed: "accounts that can sign in",
          fix,
        });
      }
      for (const team of withRoles) {
        if (!isDirectMember(settings, team, person) && reachedThrough(settings, team, person) === undefined) continue;
        findings.push({
          path: here,
          found: `${shown(entry)}, a member of ${team}, which holds a role in a tool`,
          allowed: "break-glass accounts without a role in any tool",
          fix: `Take ${entry} out of ${team}: an emergency account opens the tenant, not its data.`,
        });
      }
      return findings;
    }),
  ];
}
