import { resourceRule } from "../core/rule.ts";
import { elements } from "../core/values.ts";
import { isOn, reachesPeople } from "./policy.ts";
import { conceptsUrl, policyType } from "./types.ts";

const targets = ["conditions.applications.includedApplications", "conditions.applications.includedUserActions"];
const workloads = "conditions.clientApplications.includedServicePrincipals";

/** A policy without a target is stored, shown as enabled, and does nothing. */
export const caHasTarget = resourceRule(
  {
    name: "ca-has-target",
    title: "Policies are about something",
    what: "A policy names applications or user actions, and people or workload identities.",
    why: "Entra takes a policy that is about nothing, lists it as enabled and never applies it: everybody believes in a protection that is not there.",
    fix: "Name the tools' client ids under conditions.applications.includedApplications, and people or groups under conditions.users; or remove the policy.",
    severity: "medium",
    url: conceptsUrl,
    mappings: [{ framework: "maester", id: "MT.1184" }],
  },
  {
    types: [policyType],
    check({ props }, report) {
      if (!isOn(props)) return;
      const named = targets.flatMap((path) => elements(props, path));
      if (!named.some(({ item }) => item.kind !== "value" || item.value !== "None")) {
        const found = named.length === 0 ? "empty" : '"None"';
        report({ at: "conditions.applications", found, wanted: "applications or user actions" });
      }
      if (!reachesPeople(props) && elements(props, workloads).length === 0) {
        report({ at: "conditions.users", found: "nobody", wanted: "people, groups, roles or guests" });
      }
    },
  },
);
