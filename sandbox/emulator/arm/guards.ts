import { z } from "zod";
import type { Directory } from "../directory.ts";
import { covers } from "./access.ts";
import { armBadRequest, armConflict, armNotImplemented } from "./errors.ts";
import { extensionResourceRoutes } from "./extension-resource.ts";
import { referenced } from "./plain-resource.ts";
import { type ArmRequest, type ArmRoute, findResource } from "./request.ts";
import { BUDGET_TYPE, ENTRA_LOGS_TYPE, LOCK_TYPE, LOG_WORKSPACE_TYPE } from "./types.ts";

const BELOW_LOCK = `/providers/${LOCK_TYPE}/`.toLowerCase();

/** https://learn.microsoft.com/azure/azure-resource-manager/management/lock-resources */
const locks = extensionResourceRoutes({
  type: LOCK_TYPE,
  body: z.strictObject({
    properties: z.strictObject({
      level: z.literal("CanNotDelete", "must be CanNotDelete: the sandbox emulates no ReadOnly locks"),
      notes: z.string().max(512).optional(),
    }),
  }),
  properties: (request, { properties }, scope) => {
    const isSubscription = /^\/subscriptions\/[^/]+$/.test(scope);
    if (!isSubscription && findResource(request.data, scope) === undefined) {
      throw armBadRequest(`The scope '${scope}' was not found.`, "ResourceNotFound");
    }
    return properties;
  },
});

/** Throws 409 `ScopeLocked` where a lock lies at the resource, above it, or on something inside it. */
export function refuseLocked(data: Directory, path: string): void {
  const target = decodeURIComponent(path);
  if (target.toLowerCase().includes(BELOW_LOCK)) return;
  for (const { id, type } of Object.values(data.armResources)) {
    if (type !== LOCK_TYPE) continue;
    const scope = id.slice(0, id.toLowerCase().indexOf(BELOW_LOCK));
    if (!covers(scope, target) && !covers(target, scope)) continue;
    throw armConflict(
      "ScopeLocked",
      `The scope '${target}' cannot perform delete operation because following scope(s) are locked: '${scope}'. Please remove the lock and try again.`,
    );
  }
}

const notification = z.strictObject({
  enabled: z.boolean(),
  operator: z.enum(["EqualTo", "GreaterThan", "GreaterThanOrEqualTo"]),
  threshold: z.number().min(0.01).max(1000),
  thresholdType: z.enum(["Actual", "Forecasted"]).default("Actual"),
  contactEmails: z.array(z.string().min(3)).max(50),
  contactRoles: z.array(z.string()).optional(),
  contactGroups: z.array(z.string()).optional(),
  locale: z.string().optional(),
});

const moment = z.iso.datetime();

/**
 * https://learn.microsoft.com/rest/api/consumption/budgets. Azure also refuses a start that was past at the creation; the sandbox
 * does not, since the same stack file is made anew in it for years.
 */
const budgets = extensionResourceRoutes({
  type: BUDGET_TYPE,
  body: z.strictObject({
    eTag: z.string().optional(),
    properties: z.strictObject({
      amount: z.number().positive(),
      category: z.literal("Cost"),
      timeGrain: z.enum(["Monthly", "Quarterly", "Annually"]),
      timePeriod: z.strictObject({ startDate: moment, endDate: moment.optional() }),
      notifications: z.record(z.string(), notification).optional(),
    }),
  }),
  properties: (_request, { properties }, scope) => {
    if (!/^\/subscriptions\/[^/]+(\/resourceGroups\/[^/]+)?$/i.test(scope)) {
      throw armNotImplemented(`budgets at the scope '${scope}'`);
    }
    const { startDate, endDate } = properties.timePeriod;
    if (!/-01T00:00:00(\.0+)?Z$/.test(startDate)) {
      throw armBadRequest("The start date of a budget must be the first day of a month.");
    }
    const end = endDate ?? `${Number(startDate.slice(0, 4)) + 10}${startDate.slice(4)}`;
    const currentSpend = { amount: 0, unit: "EUR" };
    return { ...properties, timePeriod: { startDate, endDate: end }, currentSpend };
  },
});

const ENTRA_CATEGORIES = [
  ["AuditLogs", "SignInLogs", "NonInteractiveUserSignInLogs", "ServicePrincipalSignInLogs"],
  ["ManagedIdentitySignInLogs", "ProvisioningLogs", "RiskyUsers", "UserRiskEvents", "RiskyServicePrincipals"],
  ["ServicePrincipalRiskEvents", "MicrosoftGraphActivityLogs"],
].flat();

/** https://learn.microsoft.com/entra/identity/monitoring-health/howto-configure-diagnostic-settings; the tenant's own, below no scope. */
const entraLogs = extensionResourceRoutes({
  type: ENTRA_LOGS_TYPE,
  body: z.strictObject({
    properties: z.strictObject({
      workspaceId: z.string("must name a Log Analytics workspace: the sandbox knows no other place for logs").min(1),
      logs: z
        .array(z.strictObject({ category: z.enum(ENTRA_CATEGORIES as [string, ...string[]]), enabled: z.boolean() }))
        .min(1, "must name a category"),
    }),
  }),
  properties: (request: ArmRequest, { properties }, scope) => {
    if (scope !== "") throw armBadRequest("Entra's diagnostic settings lie below no scope.");
    referenced(request, properties.workspaceId, LOG_WORKSPACE_TYPE, "the diagnostic setting");
    return properties;
  },
});

export const guardRoutes: readonly ArmRoute[] = [...locks, ...budgets, ...entraLogs];
