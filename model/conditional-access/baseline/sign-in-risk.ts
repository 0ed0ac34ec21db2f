import { BLOCK, MFA, signInFrequency } from "../grant-controls.ts";
import { EVERYBODY } from "../policy-conditions.ts";
import type { Part } from "./part.ts";

/**
 * What Entra ID Protection finds most likely not to be the person is refused; where it only doubts, a fresh sign-in with a
 * second factor settles it. Risk of the account stands in a policy of its own: in one policy both would have to be there
 * (https://learn.microsoft.com/entra/id-protection/concept-identity-protection-policies).
 */
export const signInRisk: Part = () => [
  {
    title: "Sign-ins of high risk blocked",
    conditions: { users: EVERYBODY, signInRiskLevels: ["high"] },
    grant: BLOCK,
  },
  {
    suffix: "medium",
    title: "Sign-ins of medium risk with a fresh second factor",
    conditions: { users: EVERYBODY, signInRiskLevels: ["medium"] },
    grant: MFA,
    frequency: signInFrequency("every-time"),
  },
];
