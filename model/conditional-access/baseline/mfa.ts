import { MFA } from "../grant-controls.ts";
import { EMPLOYEES } from "../policy-conditions.ts";
import type { Part } from "./part.ts";

/**
 * A second factor from everybody of the company: a stolen password alone opens nothing. Guests have a policy of their own,
 * as Microsoft advises (https://learn.microsoft.com/entra/identity/conditional-access/policy-all-users-mfa-strength).
 */
export const mfa: Part = () => [
  {
    title: "Multifactor authentication for everybody in the company",
    conditions: { users: EMPLOYEES },
    grant: MFA,
  },
];
