import type { Application, Directory, Group, OptionalClaim, ServicePrincipal } from "../directory.ts";
import { isDirectMember, transitiveGroups } from "../membership.ts";

/** More groups than this in a token, and Entra leaves them all out and points to Graph instead. */
export const GROUP_LIMIT = 200;
/** The same for a token that travels in the browser's address (implicit and hybrid flow). */
export const FRONT_CHANNEL_GROUP_LIMIT = 5;

/** Group claims of one token; `roles` is set when the groups take the roles' place (`emit_as_roles`). */
export interface GroupClaims {
  readonly groups?: readonly string[];
  readonly roles?: readonly string[];
  readonly hasgroups?: true;
  readonly _claim_names?: Readonly<Record<string, string>>;
  readonly _claim_sources?: Readonly<Record<string, { readonly endpoint: string }>>;
}

/** Attributes that only groups synchronised from an on-premises directory have; the sandbox has none such. */
const ON_PREMISES_NAMES = [
  "sam_account_name",
  "dns_domain_and_sam_account_name",
  "netbios_domain_and_sam_account_name",
];

/**
 * The group claims that an application asked for by `groupMembershipClaims`
 * (https://learn.microsoft.com/entra/identity/hybrid/connect/how-to-connect-fed-group-claims).
 */
export function groupClaims(
  data: Directory,
  application: Application,
  servicePrincipal: ServicePrincipal,
  userId: string,
  optionalClaims: readonly OptionalClaim[],
  frontChannel: boolean,
): GroupClaims {
  const kinds = (application.groupMembershipClaims ?? "None").split(",").map((kind) => kind.trim());
  const groups = memberGroups(data, servicePrincipal, userId, kinds);
  if (groups.length === 0) return {};
  if (frontChannel && groups.length > FRONT_CHANNEL_GROUP_LIMIT) return { hasgroups: true };
  if (groups.length > GROUP_LIMIT) return overage(userId);
  const format = optionalClaims.find((claim) => claim.name === "groups")?.additionalProperties ?? [];
  const names = groupNames(groups, format, kinds.includes("ApplicationGroup"));
  if (names.length === 0) return {};
  return format.includes("emit_as_roles") ? { roles: names } : { groups: names };
}

function memberGroups(data: Directory, resource: ServicePrincipal, userId: string, kinds: readonly string[]): Group[] {
  const all = transitiveGroups(data, userId);
  return all.filter((group) => {
    if (kinds.includes("All")) return true;
    if (kinds.includes("SecurityGroup") && group.securityEnabled) return true;
    return (
      kinds.includes("ApplicationGroup") && isDirectMember(data, group, userId) && isAssigned(data, group, resource)
    );
  });
}

function isAssigned(data: Directory, group: Group, resource: ServicePrincipal): boolean {
  return Object.values(data.appRoleAssignments).some(
    (assignment) => assignment.principalId === group.id && assignment.resourceId === resource.id,
  );
}

function groupNames(groups: readonly Group[], format: readonly string[], assignedOnly: boolean): string[] {
  // Display names are not unique, so Entra gives them for assigned groups only.
  if (format.includes("cloud_displayname") && assignedOnly) return groups.map((group) => group.displayName);
  if (format.some((name) => ON_PREMISES_NAMES.includes(name))) return [];
  return groups.map((group) => group.id);
}

function overage(userId: string): GroupClaims {
  return {
    _claim_names: { groups: "src1" },
    _claim_sources: { src1: { endpoint: `https://graph.microsoft.com/v1.0/users/${userId}/getMemberObjects` } },
  };
}
