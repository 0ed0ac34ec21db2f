import type { GraphAccess } from "../request.ts";
import { accessDenied } from "./errors.ts";

/** Who may do what, as the pages of the routes say under "Permissions" (https://learn.microsoft.com/graph/api/conditionalaccessroot-post-policies). */

const WRITE = ["Policy.ReadWrite.ConditionalAccess"];

export const readPolicies: GraphAccess = {
  anyOf: ["Policy.Read.ConditionalAccess", "Policy.Read.All", ...WRITE],
  denied: accessDenied,
};

/** Writing needs reading too: the service looks at what it refers to. */
export const writePolicies: GraphAccess = {
  anyOf: WRITE,
  and: ["Policy.Read.All", "Application.Read.All"],
  denied: accessDenied,
};

export const writeLocations: GraphAccess = { anyOf: WRITE, and: ["Policy.Read.All"], denied: accessDenied };

export const readStrengths: GraphAccess = {
  anyOf: ["Policy.Read.All", ...WRITE, "Policy.ReadWrite.AuthenticationMethod"],
  denied: accessDenied,
};

export const writeStrengths: GraphAccess = {
  anyOf: [...WRITE, "Policy.ReadWrite.AuthenticationMethod"],
  denied: accessDenied,
};
