import { declaredTools } from "../../../declared-tools.ts";
import type { OwnPolicy } from "../../conditional-access/policies.ts";
import { PLACES } from "../../conditional-access/words.ts";
import { type Finding, shown } from "../../problem.ts";
import { listed, suggestion } from "../../suggest.ts";
import type { CheckContext } from "../check.ts";
import { twice } from "./twice.ts";

/** Something is guarded; the tools and the places that are named exist. */
export function checkTargets(context: CheckContext, path: readonly PropertyKey[], policy: OwnPolicy): Finding[] {
  const { tools, apps } = policy;
  return [
    ...(tools === undefined && apps === undefined ? [nothing(path)] : []),
    ...(tools === undefined || tools === "all" ? [] : unknownTools(context, [...path, "tools"], tools)),
    ...appProblems([...path, "apps"], apps ?? []),
    ...placeProblems(context, [...path, "from"], policy.from),
  ];
}

function nothing(path: readonly PropertyKey[]): Finding {
  const fix = "Say what it guards, for example tools: all";
  return { path, found: "a policy for no tool", allowed: "tools, or apps outside the stack", fix };
}

function unknownTools(
  { settings, contracts, sound }: CheckContext,
  path: readonly PropertyKey[],
  tools: readonly string[],
): Finding[] {
  if (!sound("tools")) return [];
  const ids = declaredTools(settings, contracts).map(({ id }) => id);
  const unknown = tools.flatMap((tool, index): Finding[] => {
    if (ids.includes(tool)) return [];
    const fix = suggestion(
      tool,
      [...ids, "all"],
      "Use a tool that this environment has; others stand under apps, by their client id.",
    );
    return [{ path: [...path, index], found: `the tool ${shown(tool)}`, allowed: `the tools ${listed(ids)}`, fix }];
  });
  return [...unknown, ...twice(path, tools)];
}

function appProblems(path: readonly PropertyKey[], apps: readonly string[]): Finding[] {
  const findings = twice(path, apps);
  if (!apps.includes("All") || apps.length === 1) return findings;
  const fix = "Remove the others, or All.";
  return [
    ...findings,
    { path, found: "All beside other applications", allowed: "All alone, or applications by name", fix },
  ];
}

function placeProblems({ settings }: CheckContext, path: readonly PropertyKey[], from: OwnPolicy["from"]): Finding[] {
  if (from === undefined) return [];
  const { countries, offices } = settings.conditionalAccess;
  const known = [...Object.keys(offices), ...PLACES];
  const lists = (["inside", "outside"] as const).flatMap((side) =>
    (from[side] ?? []).map((name, index) => ({ name, path: [...path, side, index] })),
  );
  const findings = lists.flatMap(({ name, path: here }): Finding[] => {
    if (!known.includes(name)) {
      const fix = suggestion(name, known, "Add the office under offices, or remove it here.");
      return [{ path: here, found: `the place ${shown(name)}`, allowed: `the places ${listed(known)}`, fix }];
    }
    if (name !== "countries" || countries.length > 0) return [];
    const fix = "Name the countries under conditionalAccess.countries.";
    return [{ path: here, found: "countries, though none are named", allowed: "places that the settings have", fix }];
  });
  if (from.inside !== undefined || from.outside !== undefined) return findings;
  return [{ path, found: "no place", allowed: "inside or outside with a list", fix: "Name places, or remove from." }];
}
