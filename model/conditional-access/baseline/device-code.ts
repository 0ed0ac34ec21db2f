import { BLOCK } from "../grant-controls.ts";
import { EVERYBODY } from "../policy-conditions.ts";
import type { Part } from "./part.ts";

/**
 * In both flows a person signs in for a device that somebody else may hold, with all the factors that are asked for. No tool
 * of the stack needs them (https://learn.microsoft.com/entra/identity/conditional-access/policy-block-authentication-flows).
 */
export const deviceCode: Part = () => [
  {
    title: "Device code flow and authentication transfer blocked",
    conditions: {
      users: EVERYBODY,
      authenticationFlows: { transferMethods: "deviceCodeFlow,authenticationTransfer" },
    },
    grant: BLOCK,
  },
];
