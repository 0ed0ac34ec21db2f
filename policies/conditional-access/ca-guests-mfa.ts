import { stackRule } from "../core/rule.ts";
import { nameOf, signInTargets } from "./applications.ts";
import { alwaysAbout, demands, includesGuests } from "./cover.ts";
import { type Demanded, demandedConfig, inState } from "./demanded.ts";
import { whereOf } from "./place.ts";
import { applicationType, groupTypes, policyType, principalType, strengthType } from "./types.ts";

/** People of other companies show a second factor too. */
export const caGuestsMfa = stackRule<Demanded>(
  {
    name: "ca-guests-mfa",
    title: "Guests are asked for a second factor",
    what: "For each tool a policy demands multifactor authentication or a strength of guests and other people of outside tenants.",
    why: "Nobody here knows how a guest's own company guards its passwords, and a policy for all users that leaves guests out, to be kind to them, is easily the only one there was.",
    fix: "Add the tool's client id to the policy of the part `guests`, or take the exclusion of guests out of the policy for everybody.",
    severity: "high",
    url: "https://learn.microsoft.com/entra/identity/conditional-access/policy-guests-mfa-strength",
    mappings: [
      { framework: "maester", id: "MT.1016" },
      { framework: "iso27001", id: "8.5" },
    ],
  },
  {
    types: [policyType, strengthType, applicationType, principalType, ...groupTypes],
    config: demandedConfig("multifactor authentication for guests"),
    check(resources, report, { state, applications }) {
      if (state === "off") return;
      for (const target of signInTargets(resources, applications)) {
        const policies = alwaysAbout(resources, { target, state });
        if (policies.some((policy) => includesGuests(policy) && demands(policy, "mfa", resources))) continue;
        const place = whereOf(target, resources);
        if (place === undefined) continue;
        const found = `${nameOf(target)} without ${inState(state)} that always asks guests for a second factor`;
        report(place, { at: "sign-in", found, wanted: "one for each tool" });
      }
    },
  },
);
