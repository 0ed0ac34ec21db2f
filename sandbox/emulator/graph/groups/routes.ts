import { randomUUID } from "node:crypto";
import type { Group } from "../../directory.ts";
import { directMembers } from "../../membership.ts";
import { mergePatch, readBody } from "../body.ts";
import { deleteGroup } from "../cascade.ts";
import { denied } from "../errors.ts";
import { ownerRoutes } from "../owners.ts";
import { CREATE_GROUPS, holdsAny, READ_GROUPS, ROLE_MANAGEMENT, WRITE_GROUPS } from "../permissions.ts";
import { count, entity, list, type Shape } from "../query.ts";
import { addReference, idOfReference, objectId, objectsJson, requireOwner } from "../references.ts";
import { type GraphAccess, type GraphRequest, type GraphRoute, NO_CONTENT, param } from "../request.ts";
import { groupJson } from "../shapes.ts";
import { blankGroup } from "./blank.ts";
import { groupOf } from "./lookup.ts";
import { requireMember } from "./members.ts";
import { checkGroup, checkMember, groupPatch, newGroup } from "./schema.ts";

const owners = (request: GraphRequest) => request.data.groups[objectId(param(request, "id"))]?.owners;
const read: GraphAccess = { anyOf: READ_GROUPS, ownerNeeds: [], owners };
const write: GraphAccess = { anyOf: WRITE_GROUPS, ownerNeeds: [], owners };

const shapeOf = (request: GraphRequest): Shape => {
  const group = (id: string) => request.data.groups[id];
  return {
    set: "groups",
    expand: {
      owners: (id) => objectsJson(request, group(id)?.owners ?? []),
      members: (id) => {
        const found = group(id);
        return objectsJson(request, found === undefined ? [] : directMembers(request.data, found));
      },
    },
  };
};

const allGroups = (request: GraphRequest) =>
  Object.values(request.data.groups).map((group) => groupJson(group, request.version));

export const groupRoutes: readonly GraphRoute[] = [
  {
    method: "GET",
    path: "/groups",
    access: { anyOf: READ_GROUPS },
    handle: (request) => list(request, shapeOf(request), allGroups(request)),
  },
  {
    method: "GET",
    path: "/groups/$count",
    access: { anyOf: READ_GROUPS },
    handle: (request) => count(request, allGroups(request)),
  },
  { method: "POST", path: "/groups", access: { anyOf: CREATE_GROUPS }, handle: createGroup },
  {
    method: "GET",
    path: "/groups/:id",
    access: read,
    handle: (request) => entity(request, shapeOf(request), groupJson(groupOf(request), request.version)),
  },
  { method: "PATCH", path: "/groups/:id", access: write, handle: updateGroup },
  {
    method: "DELETE",
    path: "/groups/:id",
    access: write,
    handle: (request) => {
      const group = groupOf(request);
      requireRoleManagement(request, group);
      request.context.store.mutate((data) => deleteGroup(data, group.id));
      return NO_CONTENT;
    },
  },
  ...ownerRoutes("/groups/:id", groupOf, read, write, { lastOwnerStays: true }),
];

function createGroup(request: GraphRequest) {
  const body = readBody(request.body, newGroup[request.version], "Group");
  const { "owners@odata.bind": boundOwners = [], "members@odata.bind": boundMembers = [], ...properties } = body;
  const blank = blankGroup({ id: randomUUID(), createdDateTime: request.context.now().toISOString() });
  const group = mergePatch(blank, properties);
  requireRoleManagement(request, group);
  checkGroup(group);
  const ownerIds = boundOwners.map((url) => requireOwner(request.data, idOfReference(url)));
  if (request.caller.user !== undefined) ownerIds.push(request.caller.objectId);
  group.owners = [...new Set(ownerIds)];
  for (const url of boundMembers) {
    const id = requireMember(request.data, idOfReference(url));
    checkMember(request.data, group, id);
    addReference(group.members, id, "members");
  }
  request.context.store.mutate((data) => {
    data.groups[group.id] = group;
  });
  return entity(request, shapeOf(request), groupJson(group, request.version), 201);
}

function updateGroup(request: GraphRequest) {
  const before = groupOf(request);
  const body = readBody(request.body, groupPatch[request.version], "Group");
  const { id, "members@odata.bind": boundMembers = [], ...patch } = body;
  const after = mergePatch(before, patch);
  requireRoleManagement(request, after);
  checkGroup(after, before);
  after.members = [...before.members];
  for (const url of boundMembers) {
    const member = requireMember(request.data, idOfReference(url));
    checkMember(request.data, after, member);
    addReference(after.members, member, "members");
  }
  request.context.store.mutate((data) => {
    data.groups[before.id] = after;
  });
  return NO_CONTENT;
}

/** Groups that can hold directory roles are guarded by a permission of their own, owner or not. */
function requireRoleManagement(request: GraphRequest, group: Group): void {
  if (group.isAssignableToRole === true && !holdsAny(request, [ROLE_MANAGEMENT])) throw denied();
}
