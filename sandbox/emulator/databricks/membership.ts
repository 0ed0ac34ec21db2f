import { mayAct } from "../arm/access.ts";
import type { Caller, EmulatorContext } from "../context.ts";
import { transitiveGroups } from "../membership.ts";
import type { DatabricksData, DatabricksPrincipal, DatabricksWorkspace } from "./data.ts";
import { principalOf } from "./life.ts";
import type { Membership } from "./request.ts";

/**
 * Ids of the account's principals that the caller is: by automatic identity management every Entra group that holds the
 * caller at any depth counts, but nobody of another tenant is resolved
 * (https://learn.microsoft.com/azure/databricks/admin/users-groups/automatic-identity-management).
 */
export function principalsOf(context: EmulatorContext, data: DatabricksData, caller: Caller): DatabricksPrincipal[] {
  const directory = context.store.data;
  const user = directory.users[caller.objectId];
  if (user?.accountEnabled === false) return [];
  if (user?.homeTenantId !== undefined && user.homeTenantId !== directory.tenantId) return [];
  const known = Object.values(data.account.principals).filter(({ active }) => active);
  const own = known.filter(
    ({ kind, externalId, applicationId }) =>
      externalId === caller.objectId || (kind === "service-principal" && applicationId === caller.clientId && !user),
  );
  const groups = new Set(transitiveGroups(directory, caller.objectId).map(({ id }) => id));
  return [...own, ...known.filter(({ kind, externalId = "" }) => kind === "group" && groups.has(externalId))];
}

/** What the caller is in the workspace; undefined for who is not in it. */
export function membershipOf(
  context: EmulatorContext,
  data: DatabricksData,
  workspace: DatabricksWorkspace,
  caller: Caller,
): Membership | undefined {
  const principals = principalsOf(context, data, caller).map(({ id }) => id);
  const permissions = principals.flatMap((id) => workspace.assignments[id] ?? []);
  if (permissions.length === 0) return undefined;
  return { principals, isAdmin: permissions.includes("ADMIN") };
}

/**
 * Lets a service principal in that holds Contributor or Owner of the workspace's Azure resource: it names the resource and
 * shows a token of Azure Resource Manager, and becomes a workspace admin
 * (https://learn.microsoft.com/azure/databricks/dev-tools/auth/azure-sp).
 */
export async function admitByAzureRole(
  context: EmulatorContext,
  data: DatabricksData,
  workspace: DatabricksWorkspace,
  caller: Caller,
  headers: Headers,
): Promise<void> {
  const resource = headers.get("x-databricks-azure-workspace-resource-id");
  const token = headers.get("x-databricks-azure-sp-management-token");
  if (resource === null || token === null || resource.toLowerCase() !== workspace.resourceId.toLowerCase()) return;
  const manager = await context.authenticate(`Bearer ${token}`, "https://management.azure.com");
  if (manager?.objectId !== caller.objectId || caller.user !== undefined) return;
  if (!mayAct(context.store.data, caller.objectId, "Microsoft.Databricks/workspaces/write", workspace.resourceId))
    return;
  const principal = context.store.data.servicePrincipals[caller.objectId];
  if (principal === undefined) return;
  const { displayName, appId: applicationId } = principal;
  const entra = { kind: "service-principal", displayName, applicationId, externalId: caller.objectId } as const;
  context.store.mutate(() => {
    workspace.assignments[principalOf(data, entra).id] ??= "ADMIN";
  });
}

/** All that the member may do, entitlements of the groups that hold them included. */
export function effectiveEntitlements(workspace: DatabricksWorkspace, { principals, isAdmin }: Membership): string[] {
  const { admins, users } = workspace.groups;
  const holders = [...principals, users, ...(isAdmin ? [admins] : [])];
  return [...new Set(holders.flatMap((id) => workspace.entitlements[id] ?? []))].sort();
}
