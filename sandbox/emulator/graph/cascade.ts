import type { Directory } from "../directory.ts";

/** What Entra removes together with an object. Deleted objects are gone at once: the sandbox keeps no recycle bin. */

export function deleteUser(data: Directory, id: string): void {
  delete data.users[id];
  forgetPrincipal(data, id);
}

export function deleteGroup(data: Directory, id: string): void {
  delete data.groups[id];
  forgetPrincipal(data, id);
}

export function deleteServicePrincipal(data: Directory, id: string): void {
  delete data.servicePrincipals[id];
  forgetPrincipal(data, id);
}

/** An application takes its service principal, its role assignments and the consents given to it along. */
export function deleteApplication(data: Directory, id: string): void {
  const application = data.applications[id];
  if (application === undefined) return;
  delete data.applications[id];
  for (const principal of Object.values(data.servicePrincipals)) {
    if (principal.appId === application.appId) deleteServicePrincipal(data, principal.id);
  }
}

/**
 * Removes the references to an object that is gone: memberships, ownerships, role assignments, consents. Conditional Access
 * policies keep theirs, as in Entra (https://maester.dev/docs/tests/MT.1038).
 */
function forgetPrincipal(data: Directory, id: string): void {
  const others = (ids: string[]) => ids.filter((other) => other !== id);
  for (const group of Object.values(data.groups)) {
    group.members = others(group.members);
    group.owners = others(group.owners);
  }
  for (const owned of [...Object.values(data.applications), ...Object.values(data.servicePrincipals)]) {
    owned.owners = others(owned.owners);
  }
  for (const assignment of Object.values(data.appRoleAssignments)) {
    if (assignment.principalId === id || assignment.resourceId === id) delete data.appRoleAssignments[assignment.id];
  }
  for (const grant of Object.values(data.oauth2PermissionGrants)) {
    if ([grant.clientId, grant.resourceId, grant.principalId].includes(id))
      delete data.oauth2PermissionGrants[grant.id];
  }
}
