import type { Directory, User } from "../directory.ts";
import { assignedRoleIds } from "../membership.ts";
import type { Client } from "./clients.ts";
import { EntraError } from "./errors.ts";

/** The name that a person signs in with: a guest's is the one of the home directory. */
export function signInName(user: User): string {
  return user.userType === "Guest" ? (user.mail ?? user.userPrincipalName) : user.userPrincipalName;
}

/** Finds a person by object id, user principal name or (a guest) mail. Throws AADSTS50034. */
export function findPerson(data: Directory, name: string): User {
  const wanted = name.trim().toLowerCase();
  const found = Object.values(data.users).find((user) =>
    [user.id, user.userPrincipalName, signInName(user)].some((known) => known.toLowerCase() === wanted),
  );
  if (found === undefined) throw new EntraError(50034, { user: name.trim(), tenant: data.domains[0] ?? data.tenantId });
  return found;
}

/**
 * Whether the person may have tokens for the application. Throws AADSTS50034 (gone), 50057 (disabled) and 50105 (assignment
 * is required and neither the person nor a group with the person as direct member is assigned).
 */
export function checkPerson(data: Directory, client: Client, userId: string): User {
  const user = findPerson(data, userId);
  if (!user.accountEnabled) throw new EntraError(50057);
  const { servicePrincipal, application } = client;
  if (servicePrincipal.appRoleAssignmentRequired && assignedRoleIds(data, user.id, servicePrincipal.id).length === 0)
    throw new EntraError(50105, { name: application.displayName, client: application.appId, user: signInName(user) });
  return user;
}
