import { resourceRule } from "../core/rule.ts";
import { grantOf } from "./grants.ts";
import { policyType } from "./types.ts";

/** Entra refuses the pair when the policy is made, after groups and locations have been. */
export const caStrengthXorMfa = resourceRule(
  {
    name: "ca-strength-xor-mfa",
    title: "A strength or multifactor authentication, not both",
    what: "A policy demands an authentication strength or the control `mfa`.",
    why: "The strength says how the second factor has to look, so `mfa` beside it means nothing, and the API refuses the two together: the deployment would stop half-way.",
    fix: "Take `mfa` out of grantControls.builtInControls; the built-in strength 00000000-0000-0000-0000-000000000002 means the same.",
    severity: "low",
    url: "https://learn.microsoft.com/entra/identity/authentication/concept-authentication-strengths",
  },
  {
    types: [policyType],
    check({ props }, report) {
      const { builtIn, strength } = grantOf(props);
      if (!strength || !builtIn.values.includes("mfa")) return;
      const at = "grantControls.builtInControls";
      report({ at, found: "mfa beside authenticationStrengthPolicyId", wanted: "one of the two" });
    },
  },
);
