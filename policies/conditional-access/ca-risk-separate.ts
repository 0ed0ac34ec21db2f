import { resourceRule } from "../core/rule.ts";
import { isEmpty, items } from "./policy.ts";
import { policyType } from "./types.ts";

const signIn = "conditions.signInRiskLevels";
const user = "conditions.userRiskLevels";

/** Conditions of one policy are joined by AND. */
export const caRiskSeparate = resourceRule(
  {
    name: "ca-risk-separate",
    title: "Risk of the sign-in and of the account in policies of their own",
    what: "No policy has both sign-in risk levels and user risk levels.",
    why: "Both conditions have to hold at once, which they rarely do: a leaked password alone, or a strange sign-in alone, would meet no policy at all.",
    fix: "Make two policies, one for each kind of risk.",
    severity: "high",
    url: "https://learn.microsoft.com/entra/id-protection/howto-identity-protection-configure-risk-policies",
    mappings: [{ framework: "maester", id: "MT.1049" }],
  },
  {
    types: [policyType],
    check({ props }, report) {
      const [signInRisk, userRisk] = [items(props, signIn), items(props, user)];
      if (isEmpty(signInRisk) || isEmpty(userRisk)) return;
      const found = `${userRisk.values.join(", ")} beside signInRiskLevels ${signInRisk.values.join(", ")}`;
      report({ at: user, found, wanted: "one of the two" });
    },
  },
);
