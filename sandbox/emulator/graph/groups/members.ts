import type { Directory, Group } from "../../directory.ts";
import { directGroups, directMembers, transitiveGroups, transitiveMembers } from "../../membership.ts";
import { badRequest, denied, notFound } from "../errors.ts";
import { holdsAny, READ_GROUPS, READ_USERS, ROLE_MANAGEMENT, WRITE_MEMBERS } from "../permissions.ts";
import { count, list } from "../query.ts";
import { addReference, objectId, objectsJson, referencedId, removeReference } from "../references.ts";
import { type GraphAccess, type GraphRequest, type GraphRoute, NO_CONTENT, param } from "../request.ts";
import { servicePrincipalOf } from "../service-principals.ts";
import { findUser, userOf } from "../user-lookup.ts";
import { groupOf } from "./lookup.ts";
import { checkMember } from "./schema.ts";

const owners = (request: GraphRequest) => request.data.groups[objectId(param(request, "id"))]?.owners;
const read: GraphAccess = { anyOf: READ_GROUPS, ownerNeeds: [], owners };
const write: GraphAccess = { anyOf: WRITE_MEMBERS, ownerNeeds: [], owners };
const readOwnGroups: GraphAccess = {
  anyOf: [...READ_GROUPS, ...READ_USERS],
  self: (request) => findUser(request)?.id,
};

const shape = { set: "directoryObjects", mixed: true } as const;

/** Lists of ids as directory objects, each with its `/$count`. */
function listRoutes(
  path: string,
  access: GraphAccess,
  ids: (request: GraphRequest) => readonly string[],
): GraphRoute[] {
  return [
    {
      method: "GET",
      path,
      access,
      handle: (request) => list(request, shape, objectsJson(request, ids(request))),
    },
    {
      method: "GET",
      path: `${path}/$count`,
      access,
      handle: (request) => count(request, objectsJson(request, ids(request))),
    },
  ];
}

const idsOf = (groups: readonly Group[]) => groups.map(({ id }) => id);

export const memberRoutes: readonly GraphRoute[] = [
  ...listRoutes("/groups/:id/members", read, (request) => directMembers(request.data, groupOf(request))),
  ...listRoutes("/groups/:id/transitiveMembers", read, (request) => transitiveMembers(request.data, groupOf(request))),
  ...listRoutes("/groups/:id/memberOf", read, (request) => idsOf(directGroups(request.data, groupOf(request).id))),
  ...listRoutes("/groups/:id/transitiveMemberOf", read, (request) =>
    idsOf(transitiveGroups(request.data, groupOf(request).id)),
  ),
  ...["/users/:id", "/me"].flatMap((user) => [
    ...listRoutes(`${user}/memberOf`, readOwnGroups, (request) =>
      idsOf(directGroups(request.data, userOf(request).id)),
    ),
    ...listRoutes(`${user}/transitiveMemberOf`, readOwnGroups, (request) =>
      idsOf(transitiveGroups(request.data, userOf(request).id)),
    ),
  ]),
  ...listRoutes("/servicePrincipals/:id/memberOf", { anyOf: READ_GROUPS }, (request) =>
    idsOf(directGroups(request.data, servicePrincipalOf(request).id)),
  ),
  ...listRoutes("/servicePrincipals/:id/transitiveMemberOf", { anyOf: READ_GROUPS }, (request) =>
    idsOf(transitiveGroups(request.data, servicePrincipalOf(request).id)),
  ),
  {
    method: "POST",
    path: "/groups/:id/members/$ref",
    access: write,
    handle: (request) => {
      const group = groupOf(request);
      guardRoleAssignable(request, group);
      const id = requireMember(request.data, referencedId(request));
      checkMember(request.data, group, id);
      request.context.store.mutate(() => addReference(group.members, id, "members"));
      return NO_CONTENT;
    },
  },
  {
    method: "DELETE",
    path: "/groups/:id/members/:member/$ref",
    access: write,
    handle: (request) => {
      const group = groupOf(request);
      guardRoleAssignable(request, group);
      const id = objectId(param(request, "member"));
      if (group.groupTypes.includes("DynamicMembership")) checkMember(request.data, group, id);
      request.context.store.mutate(() => removeReference(group.members, id));
      return NO_CONTENT;
    },
  },
];

/** Members are users, groups and service principals. */
export function requireMember(data: Directory, id: string): string {
  if (data.users[id] ?? data.groups[id] ?? data.servicePrincipals[id]) return id;
  if (data.applications[id] === undefined) throw notFound(id);
  throw badRequest("The reference target is of a type that is not supported for the reference property 'members'.");
}

function guardRoleAssignable(request: GraphRequest, group: Group): void {
  if (group.isAssignableToRole === true && !holdsAny(request, [ROLE_MANAGEMENT])) throw denied();
}
