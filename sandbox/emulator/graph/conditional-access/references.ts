import type { Directory } from "../../directory.ts";
import type { GraphVersion } from "../request.ts";
import { strengthById } from "./built-in-strengths.ts";
import type { StoredPolicy } from "./data.ts";
import { DIRECTORY_ROLES } from "./directory-roles.ts";
import { unknownIds, unknownLocation, unknownRoles, unknownStrength } from "./errors.ts";

type Conditions = StoredPolicy["conditions"];

/** Stands for the addresses that the old per-user MFA settings trust. */
const MFA_TRUSTED_ADDRESSES = "00000000-0000-0000-0000-000000000000";

/**
 * Refuses ids of objects that are not there. What the policy has had so far is let be: Entra keeps references to deleted
 * objects (https://maester.dev/docs/tests/MT.1038), and such a policy must stay changeable.
 */
export function checkReferences(
  data: Directory,
  policy: StoredPolicy,
  before: StoredPolicy | undefined,
  version: GraphVersion,
): void {
  const unknown = (
    of: (conditions: Conditions) => readonly string[],
    keywords: readonly string[],
    exists: (id: string) => boolean,
  ) => {
    const known = new Set([...keywords, ...(before === undefined ? [] : of(before.conditions))]);
    return [...new Set(of(policy.conditions))].filter((id) => !known.has(id) && !exists(id));
  };
  const refuse = (condition: string, kind: string, ids: readonly string[]) => {
    if (ids.length > 0) throw unknownIds(version, condition, kind, ids);
  };

  refuse(
    "users",
    "user",
    unknown(
      ({ users }) => users.includeUsers,
      ["All", "None", "GuestsOrExternalUsers"],
      (id) => id in data.users,
    ),
  );
  refuse(
    "users",
    "user",
    unknown(
      ({ users }) => users.excludeUsers,
      ["GuestsOrExternalUsers"],
      (id) => id in data.users,
    ),
  );
  const groups = ({ users }: Conditions) => [...users.includeGroups, ...users.excludeGroups];
  refuse(
    "users",
    "group",
    unknown(groups, [], (id) => id in data.groups),
  );
  const roles = ({ users }: Conditions) => [...users.includeRoles, ...users.excludeRoles];
  const unknownRoleIds = unknown(roles, [], (id) => DIRECTORY_ROLES.has(id));
  if (unknownRoleIds.length > 0) throw unknownRoles(version, unknownRoleIds);

  // Applications are named by client id, and need a service principal in the tenant.
  const isApplication = (id: string) => Object.values(data.servicePrincipals).some(({ appId }) => appId === id);
  const suites = ["Office365", "MicrosoftAdminPortals"];
  refuse(
    "applications",
    "application",
    unknown(({ applications }) => applications.includeApplications, ["All", "None", ...suites], isApplication),
  );
  refuse(
    "applications",
    "application",
    unknown(({ applications }) => applications.excludeApplications, suites, isApplication),
  );
  const principals = ({ clientApplications }: Conditions) => [
    ...(clientApplications?.includeServicePrincipals ?? []),
    ...(clientApplications?.excludeServicePrincipals ?? []),
  ];
  // Only applications of the tenant's own are in reach: neither managed identities nor other tenants' applications.
  const isOwnPrincipal = (id: string) => {
    const principal = data.servicePrincipals[id];
    return principal?.servicePrincipalType === "Application" && principal.appOwnerOrganizationId === data.tenantId;
  };
  refuse(
    "clientApplications",
    "service principal",
    unknown(principals, ["ServicePrincipalsInMyTenant"], isOwnPrincipal),
  );

  const locations = ({ locations: named }: Conditions) => [
    ...(named?.includeLocations ?? []),
    ...(named?.excludeLocations ?? []),
  ];
  const isLocation = (id: string) => id in data.namedLocations;
  const [location] = unknown(locations, ["All", "AllTrusted", MFA_TRUSTED_ADDRESSES], isLocation);
  if (location !== undefined) throw unknownLocation(version, location);

  const strength = policy.grantControls?.authenticationStrength?.id;
  if (strength !== undefined && strengthById(data, strength) === undefined) throw unknownStrength(version, strength);
}
