import { declaredTools } from "../../declared-tools.ts";
import { type Finding, shown } from "../problem.ts";
import { listed, suggestion } from "../suggest.ts";
import type { CheckContext } from "./check.ts";

/** Access names roles that the tool offers and teams that exist; admin roles go to privileged teams. */
export function checkAccess({ settings, contracts, sound }: CheckContext): Finding[] {
  const teamKeys = Object.keys(settings.teams);
  return declaredTools(settings, contracts).flatMap(({ contract, tool, path: place }) => {
    const roles = contract.roles(tool);
    const values = roles.map(({ value }) => value);
    return Object.entries(tool.access).flatMap(([value, teams]): Finding[] => {
      const path = [...place, "access", value];
      const role = roles.find((offered) => offered.value === value);
      const findings: Finding[] = [];
      if (role === undefined) {
        const fix = suggestion(value, values, `Use one of these roles, or remove ${shown(value)}.`);
        findings.push({ path, found: `the role ${shown(value)}`, allowed: `the roles ${listed(values)}`, fix });
      }
      for (const [index, team] of teams.entries()) {
        const known = settings.teams[team];
        if (known === undefined) {
          if (!sound("teams")) continue;
          const fix = suggestion(team, teamKeys, "Add the team under teams, or remove it here.");
          findings.push({ path: [...path, index], found: shown(team), allowed: `the teams ${listed(teamKeys)}`, fix });
        } else if (role?.admin === true && !known.privileged) {
          findings.push({
            path: [...path, index],
            found: `the team ${shown(team)}, which is not privileged, in the admin role ${value}`,
            allowed: "privileged teams in admin roles",
            fix: `Set teams.${team}.privileged to true, or give the role to a privileged team.`,
          });
        }
        if (teams.indexOf(team) !== index) {
          const fix = "Remove it here.";
          findings.push({
            path: [...path, index],
            found: `${shown(team)} twice`,
            allowed: "each team once per role",
            fix,
          });
        }
      }
      return findings;
    });
  });
}
