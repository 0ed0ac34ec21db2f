import type { GraphAccess, GraphRequest } from "./request.ts";

/**
 * Which Graph permissions open which resource, as the reference's tables have it for application permissions
 * (https://learn.microsoft.com/graph/permissions-reference). Least first.
 */
export const READ_APPLICATIONS = [
  "Application.Read.All",
  "Application.ReadWrite.OwnedBy",
  "Application.ReadWrite.All",
  "Directory.Read.All",
  "Directory.ReadWrite.All",
];
export const CREATE_APPLICATIONS = ["Application.ReadWrite.OwnedBy", "Application.ReadWrite.All"];
export const WRITE_APPLICATIONS = ["Application.ReadWrite.All"];
/** Enough on an application or service principal that the caller owns. */
export const WRITE_OWN_APPLICATIONS = ["Application.ReadWrite.OwnedBy"];

export const READ_ROLE_ASSIGNMENTS = [...READ_APPLICATIONS, "AppRoleAssignment.ReadWrite.All"];
export const WRITE_ROLE_ASSIGNMENTS = ["AppRoleAssignment.ReadWrite.All"];

export const READ_GRANTS = [
  "DelegatedPermissionGrant.Read.All",
  "Directory.Read.All",
  "DelegatedPermissionGrant.ReadWrite.All",
  "Directory.ReadWrite.All",
];
export const WRITE_GRANTS = ["DelegatedPermissionGrant.ReadWrite.All", "Directory.ReadWrite.All"];

export const READ_GROUPS = [
  "GroupMember.Read.All",
  "Group.Read.All",
  "Group.ReadWrite.All",
  "Directory.Read.All",
  "Directory.ReadWrite.All",
];
export const WRITE_GROUPS = ["Group.ReadWrite.All", "Directory.ReadWrite.All"];
export const CREATE_GROUPS = ["Group.Create", ...WRITE_GROUPS];
export const WRITE_MEMBERS = ["GroupMember.ReadWrite.All", ...WRITE_GROUPS];
/** Needed on top of the others for a group that can be assigned to a directory role. */
export const ROLE_MANAGEMENT = "RoleManagement.ReadWrite.Directory";

export const READ_USERS = [
  "User.ReadBasic.All",
  "User.Read.All",
  "User.ReadWrite.All",
  "Directory.Read.All",
  "Directory.ReadWrite.All",
];
export const WRITE_USERS = ["User.ReadWrite.All", "Directory.ReadWrite.All"];

export const READ_ANY_OBJECT = [...new Set([...READ_USERS, ...READ_GROUPS, ...READ_APPLICATIONS])];
export const READ_ORGANIZATION = [
  "Organization.Read.All",
  "User.Read",
  "Directory.Read.All",
  "Directory.ReadWrite.All",
];
export const READ_DOMAINS = ["Domain.Read.All", "Directory.Read.All", "Directory.ReadWrite.All"];

/** Whether the caller's token, or its owning or being the object, opens the route. */
export function mayCall(request: GraphRequest, access: GraphAccess): boolean {
  const { caller } = request;
  if (holdsAny(request, access.anyOf)) return access.and === undefined || holdsAny(request, access.and);
  if (access.self !== undefined && caller.user !== undefined && access.self(request) === caller.user.id) {
    return holdsAny(request, ["User.Read"]);
  }
  if (access.owners === undefined || access.ownerNeeds === undefined) return false;
  const owners = access.owners(request) ?? [];
  if (!owners.includes(caller.objectId)) return false;
  return access.ownerNeeds.length === 0 || holdsAny(request, access.ownerNeeds);
}

export function holdsAny(request: GraphRequest, permissions: readonly string[]): boolean {
  return permissions.some(
    (permission) => request.caller.roles.includes(permission) || request.caller.scopes.includes(permission),
  );
}
