import { stackRule } from "../core/rule.ts";
import { nameOf, signInTargets } from "./applications.ts";
import { alwaysAbout, blocksLegacy, includesEverybody } from "./cover.ts";
import { type Demanded, demandedConfig, inState } from "./demanded.ts";
import { whereOf } from "./place.ts";
import { applicationType, groupTypes, policyType, principalType } from "./types.ts";

/** Clients without a sign-in page cannot be asked for anything. */
export const caBlockLegacy = stackRule<Demanded>(
  {
    name: "ca-block-legacy",
    title: "Legacy clients are blocked for every tool",
    what: "For each tool a policy blocks Exchange ActiveSync and other legacy clients for all users.",
    why: "Legacy protocols carry a password and nothing else, so they are what passwords are sprayed at: no second factor, device or place can be asked for.",
    fix: 'Add the tool\'s client id to the policy of the part `legacy-clients`: conditions.clientAppTypes ["exchangeActiveSync", "other"], grantControls block.',
    severity: "high",
    url: "https://learn.microsoft.com/entra/identity/conditional-access/policy-block-legacy-authentication",
    mappings: [
      { framework: "scuba", id: "MS.AAD.1.1" },
      { framework: "maester", id: "MT.1009" },
      { framework: "maester", id: "MT.1010" },
      { framework: "cis-m365", id: "5.2.2.3" },
    ],
  },
  {
    types: [policyType, applicationType, principalType, ...groupTypes],
    config: demandedConfig("the block of legacy clients"),
    check(resources, report, { state, applications }) {
      if (state === "off") return;
      for (const target of signInTargets(resources, applications)) {
        const policies = alwaysAbout(resources, { target, state });
        if (policies.some((policy) => includesEverybody(policy) && blocksLegacy(policy))) continue;
        const place = whereOf(target, resources);
        if (place === undefined) continue;
        const found = `${nameOf(target)} without ${inState(state)} that blocks legacy clients for all users`;
        report(place, { at: "sign-in", found, wanted: "one for each tool" });
      }
    },
  },
);
