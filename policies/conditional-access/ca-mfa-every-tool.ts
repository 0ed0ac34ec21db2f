import { stackRule } from "../core/rule.ts";
import { nameOf, signInTargets } from "./applications.ts";
import { alwaysAbout, demands, includesEverybody } from "./cover.ts";
import { type Demanded, demandedConfig, inState } from "./demanded.ts";
import { whereOf } from "./place.ts";
import { applicationType, groupTypes, policyType, principalType, strengthType } from "./types.ts";

/** No tool of the stack opens to a password alone. */
export const caMfaEveryTool = stackRule<Demanded>(
  {
    name: "ca-mfa-every-tool",
    title: "Every tool asks everybody for a second factor",
    what: "For each tool a policy demands multifactor authentication or a strength of all users, wherever they are and whatever they sign in with.",
    why: "Passwords are guessed, reused and phished. A policy that asks only outside the office, on some operating systems (the client itself says which) or of some groups leaves a way in with the password alone.",
    fix: "Add the tool's client id to the policy of the part `mfa`; where the settings switch the part off they say why.",
    severity: "critical",
    url: "https://learn.microsoft.com/entra/identity/conditional-access/policy-all-users-mfa-strength",
    mappings: [
      { framework: "scuba", id: "MS.AAD.3.2" },
      { framework: "maester", id: "MT.1007" },
      { framework: "cis-m365", id: "5.2.2.2" },
      { framework: "cis-azure-5", id: "5.2.4" },
      { framework: "soc2", id: "CC6.3" },
      { framework: "iso27001", id: "8.5" },
    ],
  },
  {
    types: [policyType, strengthType, applicationType, principalType, ...groupTypes],
    config: demandedConfig("multifactor authentication for everybody"),
    check(resources, report, { state, applications }) {
      if (state === "off") return;
      for (const target of signInTargets(resources, applications)) {
        const policies = alwaysAbout(resources, { target, state });
        if (policies.some((policy) => includesEverybody(policy) && demands(policy, "mfa", resources))) continue;
        const place = whereOf(target, resources);
        if (place === undefined) continue;
        report(place, {
          at: "sign-in",
          found: `${nameOf(target)} without ${inState(state)} that always asks all users for a second factor`,
          wanted: "one for each tool",
        });
      }
    },
  },
);
