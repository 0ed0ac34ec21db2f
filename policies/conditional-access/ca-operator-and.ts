import { resourceRule } from "../core/rule.ts";
import { blocks, grantOf, isFirm } from "./grants.ts";
import { policyType } from "./types.ts";

interface Config {
  readonly reasons: Readonly<Record<string, string>>;
}

/** A second factor counts only where nothing else does instead. */
export const caOperatorAnd = resourceRule<Config>(
  {
    name: "ca-operator-and",
    title: "Nothing stands in for the second factor",
    what: "Multifactor authentication, a strength or a password change is not one of several controls of which any will do.",
    why: "With OR the weakest control decides: on a compliant device a stolen password is then all that it takes.",
    fix: 'Set grantControls.operator to "AND", or make two policies; where any-of is meant, write it under `conditionalAccess.policies` with a `reason`.',
    severity: "high",
    url: "https://learn.microsoft.com/entra/identity/conditional-access/concept-conditional-access-grant",
  },
  {
    types: [policyType],
    config: {
      reasons: {
        type: "object",
        additionalProperties: { type: "string", minLength: 1 },
        default: {},
        description: "Resource name of a policy → why any one of its controls is enough.",
      },
    },
    check({ name, props }, report, { reasons }) {
      const grant = grantOf(props);
      if (isFirm(grant) || blocks(grant) || reasons[name] !== undefined) return;
      const strong: readonly string[] = grant.builtIn.values.filter((one) => one === "mfa" || one === "passwordChange");
      if (strong.length === 0 && !grant.strength) return;
      const others = grant.builtIn.values.filter((one) => !strong.includes(one));
      const found = `OR over ${[...strong, ...(grant.strength ? ["an authentication strength"] : []), ...others].join(", ")}`;
      report({ at: "grantControls.operator", found, wanted: '"AND"' });
    },
  },
);
