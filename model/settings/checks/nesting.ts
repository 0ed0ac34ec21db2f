import { type Finding, shown } from "../problem.ts";
import { suggestion } from "../suggest.ts";
import type { CheckContext } from "./check.ts";

/** Nested teams exist, form no circle, and do not widen a privileged team. */
export function checkNesting({ settings }: CheckContext): Finding[] {
  const { teams } = settings;
  const keys = Object.keys(teams);
  return Object.entries(teams).flatMap(([key, team]) =>
    team.teams.flatMap((nested, index): Finding[] => {
      const path = ["teams", key, "teams", index];
      if (teams[nested] === undefined) {
        const fix = suggestion(nested, keys, "Add the team under teams, or remove the name here.");
        return [{ path, found: shown(nested), allowed: `the teams ${keys.join(", ")}`, fix }];
      }
      const circle = wayBack(teams, nested, key);
      if (circle !== undefined) {
        const found = `a circle: ${[key, ...circle].join(" contains ")}`;
        return [{ path, found, allowed: "teams nested without circles", fix: `Remove ${nested} here.` }];
      }
      if (team.privileged) {
        const fix = "Name the members in the privileged team itself.";
        return [
          { path, found: "a team nested in a privileged one", allowed: "privileged teams with people only", fix },
        ];
      }
      return [];
    }),
  );
}

/** The chain of nested teams from one to another, both included; undefined where there is none. */
function wayBack(
  teams: CheckContext["settings"]["teams"],
  from: string,
  to: string,
  seen: readonly string[] = [],
): string[] | undefined {
  if (from === to) return [from];
  if (seen.includes(from)) return undefined;
  for (const nested of teams[from]?.teams ?? []) {
    const rest = wayBack(teams, nested, to, [...seen, from]);
    if (rest !== undefined) return [from, ...rest];
  }
  return undefined;
}
