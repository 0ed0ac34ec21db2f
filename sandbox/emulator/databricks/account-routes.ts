import { z } from "zod";
import type { DatabricksPrincipal, DatabricksWorkspace } from "./data.ts";
import { DatabricksError, invalid, missing, notEmulated } from "./errors.ts";
import { policyRoutes } from "./federation-policies.ts";
import { principalOf } from "./life.ts";
import { change, type DatabricksRequest, param, type Route, readBody } from "./request.ts";
import { servicePrincipalRoutes } from "./service-principals.ts";

const account = "/api/2.0/accounts/:account";
const assignments = `${account}/workspaces/:workspace/permissionassignments`;

/** The account's own API (https://docs.databricks.com/api/azure/account), for its admins alone. */
export const accountRoutes: readonly Route<DatabricksRequest>[] = [
  {
    method: "GET",
    path: `${account}/workspaces`,
    handle: ({ data }) => ({
      body: Object.values(data.workspaces).map(({ id, name, host }) => ({
        workspace_id: Number(id),
        workspace_name: name,
        deployment_name: host.replace(".azuredatabricks.net", ""),
        workspace_status: "RUNNING",
      })),
    }),
  },
  // https://docs.databricks.com/api/iam/v2/account-external-group: reading brings the group into the account.
  {
    method: "GET",
    path: "/api/2.0/identity/accounts/:account/external-groups/:group",
    handle: (request) => ({ body: externalGroup(request) }),
  },
  {
    method: "POST",
    path: `${account}/scim/v2/Groups`,
    handle: (request) => {
      const { externalId } = readBody(request, z.looseObject({ externalId: z.string().optional() }));
      if (externalId === undefined) throw notEmulated("groups of the account's own");
      throw invalid(
        "Groups with an external id cannot be created: automatic identity management is enabled for this account.",
      );
    },
  },
  {
    method: "GET",
    path: assignments,
    handle: (request) => {
      const workspace = workspaceOf(request);
      const list = Object.keys(workspace.assignments).map((id) => assignmentJson(request, workspace, id));
      return { body: { permission_assignments: list } };
    },
  },
  { method: "PUT", path: `${assignments}/principals/:principal`, handle: assign },
  {
    method: "DELETE",
    path: `${assignments}/principals/:principal`,
    handle: (request) => {
      const workspace = workspaceOf(request);
      const { id } = principal(request);
      change(request, () => {
        delete workspace.assignments[id];
        delete workspace.entitlements[id];
      });
      return { body: {} };
    },
  },
  ...servicePrincipalRoutes,
  ...policyRoutes,
];

function externalGroup(request: DatabricksRequest): unknown {
  const externalId = param(request, "group").toLowerCase();
  const group = request.context.store.data.groups[externalId];
  if (group === undefined) {
    throw missing(`Group with external id ${externalId} does not exist in the identity provider.`);
  }
  const { displayName } = group;
  const { id } = change(request, () => principalOf(request.data, { kind: "group", displayName, externalId }));
  const accountId = request.data.account.id;
  return {
    name: `accounts/${accountId}/external-groups/${externalId}`,
    external_group_id: externalId,
    internal_id: id,
    display_name: displayName,
    account_id: accountId,
  };
}

function workspaceOf(request: DatabricksRequest): DatabricksWorkspace {
  const id = param(request, "workspace");
  const found = request.data.workspaces[id];
  if (found === undefined) throw missing(`Workspace ${id} does not exist in the account.`);
  return found;
}

function principal(request: DatabricksRequest): DatabricksPrincipal {
  const id = param(request, "principal");
  const found = request.data.account.principals[id];
  if (found === undefined) throw missing(`Principal ${id} not found in account.`);
  return found;
}

function assign(request: DatabricksRequest) {
  const workspace = workspaceOf(request);
  const { id } = principal(request);
  const { permissions } = readBody(request, z.strictObject({ permissions: z.array(z.enum(["ADMIN", "USER"])).min(1) }));
  change(request, () => {
    workspace.assignments[id] = permissions.includes("ADMIN") ? "ADMIN" : "USER";
  });
  return { body: assignmentJson(request, workspace, id) };
}

function assignmentJson({ data }: DatabricksRequest, workspace: DatabricksWorkspace, id: string): unknown {
  const found = data.account.principals[id];
  if (found === undefined) throw new DatabricksError(500, "INTERNAL_ERROR", `Principal ${id} is assigned and unknown.`);
  const name = {
    group: { group_name: found.displayName },
    user: { user_name: found.displayName },
    "service-principal": { service_principal_name: found.applicationId },
  }[found.kind];
  return {
    principal: { principal_id: Number(id), display_name: found.displayName, ...name },
    permissions: [workspace.assignments[id]],
  };
}
