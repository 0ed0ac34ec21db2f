import type { ArmResource, Directory } from "../directory.ts";
import { transitiveGroups } from "../membership.ts";
import { findRoleDefinition, type RoleDefinition } from "./role-definitions.ts";

export const ROLE_ASSIGNMENT_TYPE = "Microsoft.Authorization/roleAssignments";

/** Every role assignment in the directory. */
export function roleAssignments(data: Directory): ArmResource[] {
  return Object.values(data.armResources).filter(({ type }) => type === ROLE_ASSIGNMENT_TYPE);
}

/** Whether a scope is the same as, or above, another one; ids have no case. */
export function covers(scope: string, target: string): boolean {
  const [outer, inner] = [scope, target].map((id) => id.toLowerCase().replace(/\/+$/, ""));
  return inner === outer || (inner ?? "").startsWith(`${outer}/`);
}

/** Whether the principal may do the control plane action (`Microsoft.KeyVault/vaults/write`) at the scope. */
export function mayAct(data: Directory, principalId: string, action: string, scope: string): boolean {
  return rolesAt(data, principalId, scope).some(
    (role) =>
      role.actions.some((right) => takes(right, action)) && !role.notActions.some((right) => takes(right, action)),
  );
}

/** Whether the principal may do the data plane action (`Microsoft.KeyVault/vaults/secrets/getSecret/action`) at the scope. */
export function mayActOnData(data: Directory, principalId: string, action: string, scope: string): boolean {
  return rolesAt(data, principalId, scope).some((role) => role.dataActions.some((right) => takes(right, action)));
}

/** The roles that the principal holds at the scope: its own and those of its groups at any depth, inherited from above. */
function rolesAt(data: Directory, principalId: string, scope: string): RoleDefinition[] {
  const holders = new Set([principalId, ...transitiveGroups(data, principalId).map(({ id }) => id)]);
  return roleAssignments(data)
    .filter(({ properties }) => holders.has(String(properties.principalId)) && covers(String(properties.scope), scope))
    .map(({ properties }) => findRoleDefinition(String(properties.roleDefinitionId)))
    .filter((role) => role !== undefined);
}

/** Azure's wildcard: a star stands for any text, slashes included. */
function takes(right: string, action: string): boolean {
  const pattern = right
    .split("*")
    .map((part) => part.replace(/[.]/g, "\\."))
    .join(".*");
  return new RegExp(`^${pattern}$`, "i").test(action);
}
