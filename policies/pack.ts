import { PolicyPack } from "@pulumi/policy";
import { rules } from "./rules.ts";

// The constructor starts the pack's server, so only main.cjs loads this file; everything else uses rules.ts.
new PolicyPack("entrada", {
  displayName: "Entrada",
  description:
    "Entra ID sign-in for data tools: identity, vault and workload rules that stop an unsafe stack before it exists.",
  enforcementLevel: "mandatory",
  policies: rules.map((rule) => rule.policy),
});
