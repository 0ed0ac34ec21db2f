import { BLOCK } from "../grant-controls.ts";
import { EVERYBODY } from "../policy-conditions.ts";
import type { Part } from "./part.ts";

/**
 * Clients that send the password themselves cannot ask for a second factor, so they are out
 * (https://learn.microsoft.com/entra/identity/conditional-access/policy-block-legacy-authentication).
 */
export const legacyClients: Part = () => [
  {
    title: "Legacy clients blocked",
    conditions: { users: EVERYBODY, clientAppTypes: ["exchangeActiveSync", "other"] },
    grant: BLOCK,
  },
];
