import { z } from "zod";
import type { ArmResource, Directory } from "../directory.ts";
import { transitiveGroups } from "../membership.ts";
import { covers, ROLE_ASSIGNMENT_TYPE, roleAssignments } from "./access.ts";
import { ArmError, armBadRequest, armConflict, armNotImplemented, resourceGroupNotFound } from "./errors.ts";
import { type ArmRequest, type ArmResponse, type ArmRoute, armParam, findResource, readArmBody } from "./request.ts";
import { findRoleDefinition } from "./role-definitions.ts";

const type = ROLE_ASSIGNMENT_TYPE;
const path = "/*scope/providers/Microsoft.Authorization/roleAssignments";

const guid = z
  .string()
  .regex(/^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i, "must be a GUID")
  .toLowerCase();
const assignmentBody = z.strictObject({
  properties: z.strictObject({
    roleDefinitionId: z.string().min(1),
    principalId: guid,
    principalType: z.enum(["User", "Group", "ServicePrincipal", "ForeignGroup", "Device"]).optional(),
    description: z.string().max(1024).nullable().optional(),
    condition: z.string().nullable().optional(),
    conditionVersion: z.literal("2.0").nullable().optional(),
    delegatedManagedIdentityResourceId: z.string().nullable().optional(),
  }),
});

const scopeOf = (request: ArmRequest) => `/${armParam(request, "scope")}`;
const needs = (right: string) => ({ action: `${ROLE_ASSIGNMENT_TYPE}/${right}`, scope: scopeOf });

/** https://learn.microsoft.com/rest/api/authorization/role-assignments */
export const roleAssignmentRoutes: readonly ArmRoute[] = [
  { method: "GET", path, type, needs: needs("read"), handle: listAssignments },
  {
    method: "GET",
    path: `${path}/:assignment`,
    type,
    needs: needs("read"),
    handle: (request) => {
      const assignment = find(request);
      if (assignment === undefined) {
        const name = armParam(request, "assignment");
        throw new ArmError(404, "RoleAssignmentNotFound", `The role assignment '${name}' is not found.`);
      }
      return { status: 200, body: assignment };
    },
  },
  { method: "PUT", path: `${path}/:assignment`, type, needs: needs("write"), handle: putAssignment },
  {
    method: "DELETE",
    path: `${path}/:assignment`,
    type,
    needs: needs("delete"),
    handle: (request) => {
      const assignment = find(request);
      if (assignment === undefined) return { status: 204 };
      request.context.store.mutate((data) => {
        delete data.armResources[assignment.id.toLowerCase()];
      });
      return { status: 200, body: assignment };
    },
  },
];

function idOf(request: ArmRequest): string {
  return `${scopeOf(request)}/providers/${ROLE_ASSIGNMENT_TYPE}/${armParam(request, "assignment")}`;
}

const find = (request: ArmRequest) => findResource(request.data, idOf(request));

/** At, above and below the scope, as ARM lists; `atScope()` leaves what is below out. */
function listAssignments(request: ArmRequest): ArmResponse {
  const scope = scopeOf(request);
  checkScope(request.data, scope);
  const parts = (request.query.get("$filter") ?? "")
    .split(/ and /i)
    .map((part) => part.trim())
    .filter(Boolean);
  let found = roleAssignments(request.data).filter(
    ({ properties }) => covers(String(properties.scope), scope) || covers(scope, String(properties.scope)),
  );
  for (const part of parts) {
    const [, name = "", value = ""] = /^(\w+)(?: eq |\()'?([0-9a-f-]*)'?\)?$/i.exec(part) ?? [];
    const principals = name === "assignedTo" ? holders(request.data, value) : new Set([value]);
    if (name === "atScope") found = found.filter(({ properties }) => covers(String(properties.scope), scope));
    else if (name === "principalId" || name === "assignedTo") {
      found = found.filter(({ properties }) => principals.has(String(properties.principalId)));
    } else throw armNotImplemented(`the filter ${part} on role assignments`);
  }
  return { status: 200, body: { value: found } };
}

const holders = (data: Directory, id: string) => new Set([id, ...transitiveGroups(data, id).map((group) => group.id)]);

function putAssignment(request: ArmRequest): ArmResponse {
  const name = armParam(request, "assignment");
  if (!guid.safeParse(name).success) {
    throw armBadRequest(
      `The role assignment ID '${name}' is not valid. The role assignment ID must be a GUID.`,
      "InvalidRoleAssignmentId",
    );
  }
  const scope = scopeOf(request);
  checkScope(request.data, scope);
  const { properties } = readArmBody(request.body, assignmentBody);
  const definition = findRoleDefinition(properties.roleDefinitionId);
  if (definition === undefined) {
    throw armBadRequest(
      `The specified role definition with ID '${properties.roleDefinitionId.split("/").at(-1)}' does not exist.`,
      "RoleDefinitionDoesNotExist",
    );
  }
  const principalType = principalTypeOf(request.data, properties.principalId);
  if (properties.principalType !== undefined && properties.principalType !== principalType) {
    throw armBadRequest(
      `The PrincipalId '${properties.principalId}' has type '${principalType}', which is different from specified PrincipalType '${properties.principalType}'.`,
      "UnmatchedPrincipalType",
    );
  }
  const existing = find(request);
  checkUnique(request, existing, scope, definition.id, properties.principalId);
  const now = request.context.now().toISOString();
  const subscription = /^\/subscriptions\/[^/]+/i.exec(scope)?.[0] ?? "";
  const assignment: ArmResource = {
    id: existing?.id ?? idOf(request),
    name: existing?.name ?? name,
    type: ROLE_ASSIGNMENT_TYPE,
    properties: {
      ...properties,
      roleDefinitionId: `${subscription}/providers/Microsoft.Authorization/roleDefinitions/${definition.id}`,
      principalType,
      scope,
      createdOn: existing?.properties.createdOn ?? now,
      updatedOn: now,
      createdBy: existing?.properties.createdBy ?? request.caller.objectId,
      updatedBy: request.caller.objectId,
    },
  };
  request.context.store.mutate((data) => {
    data.armResources[assignment.id.toLowerCase()] = assignment;
  });
  return { status: existing === undefined ? 201 : 200, body: assignment };
}

/** One assignment per scope, role and principal; a name stands for one of them for good, in the whole tenant. */
function checkUnique(
  request: ArmRequest,
  existing: ArmResource | undefined,
  scope: string,
  role: string,
  principal: string,
) {
  const name = armParam(request, "assignment").toLowerCase();
  const is = ({ properties }: ArmResource) =>
    String(properties.scope).toLowerCase() === scope.toLowerCase() &&
    findRoleDefinition(String(properties.roleDefinitionId))?.id === role &&
    properties.principalId === principal;
  const named = roleAssignments(request.data).find((other) => other.name.toLowerCase() === name);
  if (named !== undefined && !is(named)) {
    throw armBadRequest(
      "Tenant ID, application ID, principal ID, and scope are not allowed to be updated.",
      "RoleAssignmentUpdateNotPermitted",
    );
  }
  const same = roleAssignments(request.data).find((other) => other !== existing && is(other));
  if (same !== undefined) {
    throw armConflict(
      "RoleAssignmentExists",
      `The role assignment already exists. The ID of the existing role assignment is ${same.name.replaceAll("-", "")}.`,
    );
  }
}

function principalTypeOf(data: Directory, id: string): "User" | "Group" | "ServicePrincipal" {
  if (data.users[id] !== undefined) return "User";
  if (data.groups[id] !== undefined) return "Group";
  if (data.servicePrincipals[id] !== undefined) return "ServicePrincipal";
  throw armBadRequest(
    `Principal ${id.replaceAll("-", "")} does not exist in the directory ${data.tenantId}. Check that you have the correct principal ID.`,
    "PrincipalNotFound",
  );
}

/** A scope is a subscription, a resource group, a resource or a part of one (`<vault>/secrets/<name>`); what holds it must exist. */
function checkScope(data: Directory, scope: string): void {
  const match =
    /^(\/subscriptions\/[^/]+)(?:\/resourceGroups\/([^/]+)(\/providers\/[^/]+\/[^/]+\/[^/]+)?(?:\/.+)?)?$/i.exec(scope);
  if (match === null)
    throw armBadRequest(`The scope '${scope}' is not valid, or not one that the sandbox has.`, "InvalidScope");
  const [, subscription = "", group, resource] = match;
  if (findResource(data, subscription) === undefined) {
    throw new ArmError(
      404,
      "SubscriptionNotFound",
      `The subscription '${subscription.split("/").at(-1)}' could not be found.`,
    );
  }
  if (group === undefined) return;
  const groupId = `${subscription}/resourceGroups/${group}`;
  if (findResource(data, groupId) === undefined) throw resourceGroupNotFound(group);
  if (resource !== undefined && findResource(data, groupId + resource) === undefined) {
    throw new ArmError(404, "ResourceNotFound", `The resource '${groupId}${resource}' was not found.`);
  }
}
