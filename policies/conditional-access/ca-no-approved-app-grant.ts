import { resourceRule } from "../core/rule.ts";
import { grantOf } from "./grants.ts";
import { policyType } from "./types.ts";

/** A control that Microsoft has retired. */
export const caNoApprovedAppGrant = resourceRule(
  {
    name: "ca-no-approved-app-grant",
    title: "No approved client app as a control",
    what: "No policy demands an approved client app.",
    why: "Microsoft retires the control in 2026: a policy that rests on it stops being enforced. The data tools are no approved apps either, so with AND nobody would get in.",
    fix: "Demand `compliantApplication` (an app protection policy), or a compliant device.",
    severity: "high",
    url: "https://learn.microsoft.com/entra/identity/conditional-access/migrate-approved-client-app",
    mappings: [{ framework: "maester", id: "MT.1072" }],
  },
  {
    types: [policyType],
    check({ props }, report) {
      if (!grantOf(props).builtIn.values.includes("approvedApplication")) return;
      report({ at: "grantControls.builtInControls", found: "approvedApplication", wanted: "controls that stay" });
    },
  },
);
