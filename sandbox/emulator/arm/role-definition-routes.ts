import { ArmError, armNotImplemented } from "./errors.ts";
import { type ArmRequest, type ArmRoute, armParam } from "./request.ts";
import { findRoleDefinition, ROLE_DEFINITIONS, type RoleDefinition } from "./role-definitions.ts";

const type = "Microsoft.Authorization/roleDefinitions";
const path = "/*scope/providers/Microsoft.Authorization/roleDefinitions";
const needs = { action: `${type}/read`, scope: (request: ArmRequest) => `/${armParam(request, "scope")}` };

/** The built-in roles, read-only: the sandbox has no custom ones. */
export const roleDefinitionRoutes: readonly ArmRoute[] = [
  {
    method: "GET",
    path,
    type,
    needs,
    handle: (request) => ({
      status: 200,
      body: { value: filtered(request.query.get("$filter")).map((role) => definitionJson(request, role)) },
    }),
  },
  {
    method: "GET",
    path: `${path}/:definition`,
    type,
    needs,
    handle: (request) => {
      const id = armParam(request, "definition");
      const role = findRoleDefinition(id);
      if (role === undefined) {
        throw new ArmError(
          404,
          "RoleDefinitionDoesNotExist",
          `The specified role definition with ID '${id}' does not exist.`,
        );
      }
      return { status: 200, body: definitionJson(request, role) };
    },
  },
];

function filtered(filter: string | null): readonly RoleDefinition[] {
  if (filter === null) return ROLE_DEFINITIONS;
  const [, name, value] = /^(roleName|type) eq '([^']*)'$/i.exec(filter.trim()) ?? [];
  if (name === undefined || value === undefined) throw armNotImplemented(`the filter ${filter} on role definitions`);
  if (name.toLowerCase() === "type") return value.toLowerCase() === "builtinrole" ? ROLE_DEFINITIONS : [];
  return ROLE_DEFINITIONS.filter((role) => role.name.toLowerCase() === value.toLowerCase());
}

function definitionJson(request: ArmRequest, role: RoleDefinition): unknown {
  const subscription = /^subscriptions\/[^/]+/i.exec(armParam(request, "scope"))?.[0];
  const prefix = subscription === undefined ? "" : `/${subscription}`;
  return {
    id: `${prefix}/providers/${type}/${role.id}`,
    name: role.id,
    type,
    properties: {
      roleName: role.name,
      type: "BuiltInRole",
      description: role.description,
      assignableScopes: ["/"],
      permissions: [
        { actions: role.actions, notActions: role.notActions, dataActions: role.dataActions, notDataActions: [] },
      ],
    },
  };
}
