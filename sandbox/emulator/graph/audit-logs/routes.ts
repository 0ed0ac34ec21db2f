import { type SignInEntry, signInsOf } from "../../entra/sign-in-log.ts";
import { notFound } from "../errors.ts";
import { holdsAny } from "../permissions.ts";
import { entity, type Json, list } from "../query.ts";
import { type GraphRequest, type GraphRoute, param } from "../request.ts";

const shape = { set: "auditLogs/signIns" };
const access = { anyOf: ["AuditLog.Read.All"] };
/** Which policies a sign-in met is shown to who may read the policies, too. */
const READ_POLICIES = ["Policy.Read.ConditionalAccess", "Policy.Read.All", "Policy.ReadWrite.ConditionalAccess"];

/**
 * The sign-in log (https://learn.microsoft.com/graph/api/signin-list), read-only. Without a filter for `signInEventTypes` it
 * lists interactive sign-ins alone, as Graph does; v1.0 has no others.
 */
export const auditLogRoutes: readonly GraphRoute[] = [
  { method: "GET", path: "/auditLogs/signIns", access, handle: (request) => list(request, shape, entries(request)) },
  {
    method: "GET",
    path: "/auditLogs/signIns/:id",
    access,
    handle: (request) => {
      const id = param(request, "id");
      const found = signInsOf(request.context).find((entry) => entry.id === id);
      if (found === undefined) throw notFound(id);
      return entity(request, shape, served(request, found));
    },
  },
];

function entries(request: GraphRequest): Json[] {
  const asksForOthers = request.version === "beta" && (request.query.get("$filter") ?? "").includes("signInEventTypes");
  return signInsOf(request.context)
    .filter(({ isInteractive }) => isInteractive || asksForOthers)
    .map((entry) => served(request, entry));
}

function served(request: GraphRequest, entry: SignInEntry): Json {
  const { signInEventTypes, appliedConditionalAccessPolicies: policies, ...rest } = entry;
  const isBeta = request.version === "beta";
  return {
    ...rest,
    ...(isBeta ? { signInEventTypes } : {}),
    appliedConditionalAccessPolicies: !holdsAny(request, READ_POLICIES)
      ? null
      : isBeta
        ? policies
        : policies.map(({ conditionsNotSatisfied: _, ...policy }) => policy),
  };
}
