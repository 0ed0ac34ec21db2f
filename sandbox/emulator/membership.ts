import { evaluateMembershipRule, parseMembershipRule } from "../../model/membership-rule.ts";
import type { AppRole, Directory, Group, ServicePrincipal } from "./directory.ts";

/** The role id that stands for "default access": assigned, but with no role in the token. */
export const DEFAULT_ACCESS = "00000000-0000-0000-0000-000000000000";

/** Whether the group's members come from its rule. A paused rule leaves the stored members alone, as in Entra. */
export function isDynamic(group: Group): boolean {
  return (
    group.groupTypes.includes("DynamicMembership") &&
    group.membershipRule !== null &&
    group.membershipRuleProcessingState !== "Paused"
  );
}

/** Object ids of the group's direct members: the stored ones, or everybody whom the rule of a dynamic group takes. */
export function directMembers(data: Directory, group: Group): string[] {
  const rule = group.membershipRule;
  if (!isDynamic(group) || rule === null) return group.members;
  const parsed = parseMembershipRule(rule);
  return Object.values(data.users)
    .filter((user) => evaluateMembershipRule(parsed, user))
    .map((user) => user.id);
}

/** Whether the principal (user, group or service principal) is a direct member. */
export function isDirectMember(data: Directory, group: Group, principalId: string): boolean {
  const rule = group.membershipRule;
  if (!isDynamic(group) || rule === null) return group.members.includes(principalId);
  const user = data.users[principalId];
  return user !== undefined && evaluateMembershipRule(rule, user);
}

/** The groups that name the principal as a direct member: Graph's `memberOf`. */
export function directGroups(data: Directory, principalId: string): Group[] {
  return Object.values(data.groups).filter((group) => isDirectMember(data, group, principalId));
}

/** The groups that hold the principal at any depth, each once, nearest first: Graph's `transitiveMemberOf`. */
export function transitiveGroups(data: Directory, principalId: string): Group[] {
  const found = new Map<string, Group>();
  let frontier = [principalId];
  while (frontier.length > 0) {
    const next = frontier.flatMap((id) => directGroups(data, id)).filter((group) => !found.has(group.id));
    for (const group of next) found.set(group.id, group);
    frontier = [...new Set(next.map((group) => group.id))];
  }
  return [...found.values()];
}

/** Object ids of the members at any depth, nested groups included, each once: Graph's `transitiveMembers`. */
export function transitiveMembers(data: Directory, group: Group): string[] {
  const found = new Set<string>();
  const pending = [group];
  for (let current = pending.pop(); current !== undefined; current = pending.pop()) {
    for (const id of directMembers(data, current)) {
      if (found.has(id)) continue;
      found.add(id);
      const nested = data.groups[id];
      if (nested !== undefined) pending.push(nested);
    }
  }
  return [...found];
}

/** The roles that a service principal offers: those of its application, or of the first-party resource itself. */
export function appRolesOf(data: Directory, resource: ServicePrincipal): readonly AppRole[] {
  if (resource.firstParty !== undefined) return resource.firstParty.appRoles;
  return Object.values(data.applications).find((application) => application.appId === resource.appId)?.appRoles ?? [];
}

/**
 * Ids of the app roles that the principal holds on a resource, by direct assignment or through a group whose direct
 * member it is. Entra does not follow nested groups here (https://learn.microsoft.com/graph/api/group-post-approleassignments),
 * and a service principal gets no role through a group at all (https://github.com/MicrosoftDocs/azure-docs/issues/83180).
 */
export function assignedRoleIds(data: Directory, principalId: string, resourceId: string): string[] {
  const roles = Object.values(data.appRoleAssignments)
    .filter((assignment) => assignment.resourceId === resourceId)
    .filter(({ principalId: holder }) => {
      if (holder === principalId) return true;
      if (data.servicePrincipals[principalId] !== undefined) return false;
      const group = data.groups[holder];
      return group !== undefined && isDirectMember(data, group, principalId);
    })
    .map((assignment) => assignment.appRoleId);
  return [...new Set(roles)];
}

/** The values of the enabled app roles that the principal holds, in the order in which the application offers them. */
export function assignedRoleValues(data: Directory, principalId: string, resource: ServicePrincipal): string[] {
  const held = new Set(assignedRoleIds(data, principalId, resource.id));
  return appRolesOf(data, resource).flatMap((role) =>
    role.isEnabled && role.value !== null && held.has(role.id) ? [role.value] : [],
  );
}
