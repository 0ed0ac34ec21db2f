import { demandedThings } from "../../../conditional-access/own-grant.ts";
import type { OwnPolicy } from "../../conditional-access/policies.ts";
import { DEMANDS } from "../../conditional-access/words.ts";
import { type Finding, shown } from "../../problem.ts";
import { listed, suggestion } from "../../suggest.ts";
import type { CheckContext } from "../check.ts";
import { twice } from "./twice.ts";

/** Something is demanded, all of it exists, and Entra takes it together. */
export function checkDemand({ settings }: CheckContext, policy: readonly PropertyKey[], own: OwnPolicy): Finding[] {
  const { demand, frequency } = own;
  const path = [...policy, "demand"];
  if (demand === undefined) return frequency === undefined ? [nothing(policy)] : [];
  const { operator, wanted } = demandedThings(demand);
  const strengths = Object.keys(settings.conditionalAccess.strengths);
  const known = [...DEMANDS, ...strengths];
  const place = (index: number) => (typeof demand === "string" ? path : [...listPath(path, demand), index]);
  const unknown = wanted.flatMap((name, index): Finding[] => {
    if (known.includes(name)) return [];
    const fix = suggestion(name, known, "Use one of these, or add a strength under strengths.");
    return [{ path: place(index), found: shown(name), allowed: `the demands ${listed(known)}`, fix }];
  });
  return [
    ...unknown,
    ...twice(listPath(path, demand), wanted),
    ...together(path, wanted, ["passwordless", "phishing-resistant", ...strengths]),
    ...(operator === "OR" && own.reason === undefined ? [unreasoned(policy)] : []),
    ...(wanted.includes("block") && frequency !== undefined ? [pointless(policy)] : []),
  ];
}

function listPath(path: readonly PropertyKey[], demand: NonNullable<OwnPolicy["demand"]>): readonly PropertyKey[] {
  return typeof demand === "object" && "any-of" in demand ? [...path, "any-of"] : path;
}

function nothing(path: readonly PropertyKey[]): Finding {
  const fix = "Say what is demanded, for example demand: mfa";
  return { path, found: "a policy that demands nothing", allowed: "demand or frequency, or both", fix };
}

/** https://learn.microsoft.com/graph/api/resources/conditionalaccessgrantcontrols */
function together(path: readonly PropertyKey[], wanted: readonly string[], strengths: readonly string[]): Finding[] {
  const findings: Finding[] = [];
  if (wanted.includes("block") && wanted.length > 1) {
    const fix = "Remove the others: who is blocked has nothing left to show.";
    findings.push({ path, found: "block beside other demands", allowed: "block alone", fix });
  }
  const chosen = [...new Set(wanted.filter((name) => strengths.includes(name)))];
  if (chosen.length > 1) {
    const fix = "Keep one, or add a strength of your own with the methods that they share.";
    findings.push({ path, found: `the strengths ${chosen.join(" and ")}`, allowed: "one strength in a policy", fix });
  }
  if (chosen.length > 0 && wanted.includes("mfa")) {
    const fix = `Remove mfa: whoever meets ${chosen[0]} has met it.`;
    findings.push({ path, found: `mfa beside the strength ${chosen[0]}`, allowed: "mfa or a strength", fix });
  }
  return findings;
}

function unreasoned(policy: readonly PropertyKey[]): Finding {
  return {
    path: [...policy, "reason"],
    found: "nothing, though one of several demands is enough",
    allowed: "a reason wherever any-of stands",
    fix: "Say why the weakest of them is enough, or demand all of them with a plain list.",
  };
}

function pointless(policy: readonly PropertyKey[]): Finding {
  return {
    path: [...policy, "frequency"],
    found: "a frequency in a policy that blocks",
    allowed: "frequency where people get in",
    fix: "Remove it: who is blocked has no session.",
  };
}
