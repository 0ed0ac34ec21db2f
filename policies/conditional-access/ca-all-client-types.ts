import { resourceRule } from "../core/rule.ts";
import { blocks, grantOf } from "./grants.ts";
import { appliesToAllClients, isOn, items } from "./policy.ts";
import { policyType } from "./types.ts";

const path = "conditions.clientAppTypes";

/** What is demanded of browsers alone is demanded of nobody: the same account opens the tool with another client. */
export const caAllClientTypes = resourceRule(
  {
    name: "ca-all-client-types",
    title: "Demands hold for every kind of client",
    what: "A policy that grants access on conditions is about all client app types; only one that blocks may name some.",
    why: "A policy for browsers leaves desktop and mobile clients, and everything that speaks the token endpoint itself, with the password alone.",
    fix: 'Set conditions.clientAppTypes to ["all"].',
    severity: "high",
    url: "https://learn.microsoft.com/entra/identity/conditional-access/concept-conditional-access-conditions#client-apps",
  },
  {
    types: [policyType],
    check({ props }, report) {
      const grant = grantOf(props);
      if (!isOn(props) || grant.controls === 0 || blocks(grant) || appliesToAllClients(props)) return;
      report({ at: path, found: items(props, path).values.join(", ") || "empty", wanted: "all" });
    },
  },
);
