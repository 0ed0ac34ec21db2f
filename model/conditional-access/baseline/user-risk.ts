import { BLOCK } from "../grant-controls.ts";
import { EVERYBODY } from "../policy-conditions.ts";
import type { Part } from "./part.ts";

/**
 * An account that is most likely in other hands stays out until somebody has looked at it. A forced change of the password
 * would let it in again, but Entra has that for all applications at once only
 * (https://learn.microsoft.com/entra/identity/conditional-access/concept-conditional-access-grant#require-password-change).
 */
export const userRisk: Part = () => [
  {
    title: "Accounts of high risk blocked",
    conditions: { users: EVERYBODY, userRiskLevels: ["high"] },
    grant: BLOCK,
  },
];
