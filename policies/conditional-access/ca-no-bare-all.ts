import { resourceRule } from "../core/rule.ts";
import { isEmpty, isOn, items } from "./policy.ts";
import { policyType } from "./types.ts";

const excludedGroups = "conditions.users.excludedGroups";

/** A policy for every application is also one for the portal in which it could be taken back. */
export const caNoBareAll = resourceRule(
  {
    name: "ca-no-bare-all",
    title: "No policy for all applications without an exclusion",
    what: "A policy for all applications, or for Microsoft's admin portals, excludes a group.",
    why: "`All` covers Azure and the Entra portal too, now and for every application to come: a policy that blocks, or demands what nobody can show, locks out everybody who could undo it, the people who deploy this stack included.",
    fix: "Name the client ids of the stack's tools; where the policy must be about everything, exclude the break-glass group.",
    severity: "critical",
    url: "https://learn.microsoft.com/entra/identity/conditional-access/plan-conditional-access",
    mappings: [{ framework: "maester", id: "MT.1005" }],
  },
  {
    types: [policyType],
    check({ props }, report) {
      const applications = items(props, "conditions.applications.includedApplications").values;
      const wide = ["All", "MicrosoftAdminPortals"].find((word) => applications.includes(word));
      if (wide === undefined || !isOn(props) || !isEmpty(items(props, excludedGroups))) return;
      report({ at: excludedGroups, found: `empty in a policy for the applications "${wide}"`, wanted: "a group" });
    },
  },
);
