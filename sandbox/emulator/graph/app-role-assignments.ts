import { randomBytes } from "node:crypto";
import { z } from "zod";
import type { AppRoleAssignment, Directory } from "../directory.ts";
import { appRolesOf, DEFAULT_ACCESS } from "../membership.ts";
import { guid, readBody } from "./body.ts";
import { badRequest, notFound } from "./errors.ts";
import { groupOf } from "./groups/lookup.ts";
import { READ_GROUPS, READ_ROLE_ASSIGNMENTS, READ_USERS, WRITE_ROLE_ASSIGNMENTS } from "./permissions.ts";
import { entity, list } from "./query.ts";
import { objectId } from "./references.ts";
import { type GraphRequest, type GraphRoute, NO_CONTENT, param } from "./request.ts";
import { servicePrincipalOf } from "./service-principals.ts";
import { assignmentJson } from "./shapes.ts";
import { userOf } from "./user-lookup.ts";

const newAssignment = z.strictObject({ appRoleId: guid, principalId: guid, resourceId: guid });
const shape = { set: "appRoleAssignments" };

/** The two sides from which an assignment is seen, and the object in the path of each. */
const sides: readonly {
  path: string;
  read: readonly string[];
  objectId: (request: GraphRequest) => string;
  side: "resourceId" | "principalId";
}[] = [
  {
    path: "/servicePrincipals/:id/appRoleAssignedTo",
    read: READ_ROLE_ASSIGNMENTS,
    objectId: (request) => servicePrincipalOf(request).id,
    side: "resourceId",
  },
  {
    path: "/servicePrincipals/:id/appRoleAssignments",
    read: READ_ROLE_ASSIGNMENTS,
    objectId: (request) => servicePrincipalOf(request).id,
    side: "principalId",
  },
  {
    path: "/groups/:id/appRoleAssignments",
    read: [...READ_GROUPS, ...READ_ROLE_ASSIGNMENTS],
    objectId: (request) => groupOf(request).id,
    side: "principalId",
  },
  {
    path: "/users/:id/appRoleAssignments",
    read: [...READ_USERS, ...READ_ROLE_ASSIGNMENTS],
    objectId: (request) => userOf(request).id,
    side: "principalId",
  },
];

export const appRoleAssignmentRoutes: readonly GraphRoute[] = sides.flatMap(({ path, read, objectId: idOf, side }) => {
  const write = { anyOf: WRITE_ROLE_ASSIGNMENTS };
  const routes: GraphRoute[] = [
    {
      method: "GET",
      path,
      access: { anyOf: read },
      handle: (request) => {
        const id = idOf(request);
        const found = Object.values(request.data.appRoleAssignments).filter((assignment) => assignment[side] === id);
        return list(
          request,
          shape,
          found.map((assignment) => assignmentJson(request.data, assignment)),
        );
      },
    },
    { method: "POST", path, access: write, handle: (request) => assign(request, side, idOf(request)) },
    {
      method: "GET",
      path: `${path}/:assignment`,
      access: { anyOf: read },
      handle: (request) => {
        const assignment = assignmentOf(request, side, idOf(request));
        return entity(request, shape, assignmentJson(request.data, assignment));
      },
    },
    {
      method: "DELETE",
      path: `${path}/:assignment`,
      access: write,
      handle: (request) => {
        const { id } = assignmentOf(request, side, idOf(request));
        request.context.store.mutate((data) => {
          delete data.appRoleAssignments[id];
        });
        return NO_CONTENT;
      },
    },
  ];
  return routes;
});

function assignmentOf(request: GraphRequest, side: "resourceId" | "principalId", id: string): AppRoleAssignment {
  const key = param(request, "assignment");
  const assignment = request.data.appRoleAssignments[key];
  if (assignment === undefined || assignment[side] !== id) throw notFound(key);
  return assignment;
}

/** https://learn.microsoft.com/graph/api/serviceprincipal-post-approleassignedto */
function assign(request: GraphRequest, side: "resourceId" | "principalId", pathId: string) {
  const body = readBody(request.body, newAssignment, "AppRoleAssignment");
  if (body[side] !== pathId) throw badRequest(`The ${side} in the request body does not match the object in the URL.`);
  const principalType = principalTypeOf(request.data, objectId(body.principalId));
  const resource = request.data.servicePrincipals[body.resourceId];
  if (resource === undefined) throw notFound(body.resourceId);
  checkRole(request.data, body.resourceId, body.appRoleId, principalType);
  const twice = Object.values(request.data.appRoleAssignments).some(
    (other) =>
      other.resourceId === body.resourceId &&
      other.principalId === body.principalId &&
      other.appRoleId === body.appRoleId,
  );
  if (twice) throw badRequest("Permission being assigned already exists on the object");
  const assignment: AppRoleAssignment = {
    id: randomBytes(32).toString("base64url"),
    ...body,
    principalType,
    createdDateTime: request.context.now().toISOString(),
  };
  request.context.store.mutate((data) => {
    data.appRoleAssignments[assignment.id] = assignment;
  });
  return entity(request, shape, assignmentJson(request.data, assignment), 201);
}

function principalTypeOf(data: Directory, id: string): AppRoleAssignment["principalType"] {
  if (data.users[id] !== undefined) return "User";
  if (data.servicePrincipals[id] !== undefined) return "ServicePrincipal";
  const group = data.groups[id];
  if (group === undefined) throw notFound(id);
  if (!group.securityEnabled) throw badRequest("Only security-enabled groups can be assigned to an app role.");
  return "Group";
}

/** The role must be an enabled one of the resource and take that kind of principal; default access needs a resource without roles for it. */
function checkRole(data: Directory, resourceId: string, roleId: string, principal: AppRoleAssignment["principalType"]) {
  const resource = data.servicePrincipals[resourceId];
  const roles = resource === undefined ? [] : appRolesOf(data, resource);
  const memberType = principal === "ServicePrincipal" ? "Application" : "User";
  if (roleId === DEFAULT_ACCESS) {
    if (roles.some((role) => role.isEnabled && role.allowedMemberTypes.includes(memberType))) {
      throw badRequest(
        "The default access role cannot be assigned: the resource defines app roles for this kind of principal.",
      );
    }
    return;
  }
  const role = roles.find(({ id }) => id === roleId);
  if (role === undefined || !role.isEnabled) throw badRequest("Permission being assigned was not found on application");
  if (!role.allowedMemberTypes.includes(memberType)) {
    throw badRequest(`The app role '${role.value ?? role.id}' cannot be assigned to a ${principal}.`);
  }
}
