import { z } from "zod";
import { directGroups } from "../membership.ts";
import { invalid, missing, notEmulated } from "./errors.ts";
import { effectiveEntitlements } from "./membership.ts";
import { change, param, type Route, readBody, type WorkspaceRequest } from "./request.ts";

const path = "/api/2.0/preview/scim/v2";
const PATCH_SCHEMA = "urn:ietf:params:scim:api:messages:2.0:PatchOp";
const ENTITLEMENTS = [
  "workspace-access",
  "databricks-sql-access",
  "allow-cluster-create",
  "allow-instance-pool-create",
  "workspace-consume",
] as const;

const entitlementPatch = z.strictObject({
  schemas: z.array(z.literal(PATCH_SCHEMA)).length(1),
  Operations: z
    .array(
      z.strictObject({
        op: z.enum(["replace", "remove", "add"]),
        path: z.literal("entitlements", "may be entitlements only: groups come from the identity provider"),
        value: z.array(z.strictObject({ value: z.enum(ENTITLEMENTS) })).default([]),
      }),
    )
    .length(1),
});

/** People, groups and service principals as the workspace sees them (https://docs.databricks.com/api/azure/workspace/groups). */
export const scimRoutes: readonly Route<WorkspaceRequest>[] = [
  { method: "GET", path: `${path}/Me`, who: "everybody", handle: me },
  {
    method: "GET",
    path: `${path}/Groups`,
    handle: (request) => {
      const filter = request.query.get("filter") ?? "";
      const name = /^displayName eq ['"]([^'"]+)['"]$/.exec(filter)?.[1];
      if (name === undefined) throw notEmulated(`the filter "${filter}" on groups`);
      const found = groupsOf(request).filter(({ displayName }) => displayName === name);
      return { body: { totalResults: found.length, Resources: found.map(({ id }) => groupJson(request, id)) } };
    },
  },
  {
    method: "GET",
    path: `${path}/Groups/:id`,
    handle: (request) => ({ body: groupJson(request, param(request, "id")) }),
  },
  { method: "PATCH", path: `${path}/Groups/:id`, handle: (request) => patch(request, groupJson) },
  {
    method: "GET",
    path: `${path}/ServicePrincipals/:id`,
    handle: (request) => ({ body: servicePrincipalJson(request, param(request, "id")) }),
  },
  { method: "PATCH", path: `${path}/ServicePrincipals/:id`, handle: (request) => patch(request, servicePrincipalJson) },
];

/** The workspace's own groups and those that are assigned to it. */
function groupsOf({ workspace, data }: WorkspaceRequest): { id: string; displayName: string }[] {
  const assigned = Object.keys(workspace.assignments).flatMap((id) => data.account.principals[id] ?? []);
  return [
    { id: workspace.groups.admins, displayName: "admins" },
    { id: workspace.groups.users, displayName: "users" },
    ...assigned.filter(({ kind }) => kind === "group"),
  ];
}

const values = (entitlements: readonly string[] = []) => entitlements.map((value) => ({ value }));

function groupJson(request: WorkspaceRequest, id: string): Record<string, unknown> {
  const group = groupsOf(request).find((one) => one.id === id);
  if (group === undefined) throw missing(`Group with id ${id} not found.`);
  return {
    schemas: ["urn:ietf:params:scim:schemas:core:2.0:Group"],
    id,
    displayName: group.displayName,
    entitlements: values(request.workspace.entitlements[id]),
    members: [],
  };
}

function servicePrincipalJson({ workspace, data }: WorkspaceRequest, id: string): Record<string, unknown> {
  const found = data.account.principals[id];
  if (found?.kind !== "service-principal" || workspace.assignments[id] === undefined) {
    throw missing(`Service principal with id ${id} not found.`);
  }
  const { displayName, applicationId, active } = found;
  return { id, displayName, applicationId, active, entitlements: values(workspace.entitlements[id]) };
}

function patch(request: WorkspaceRequest, json: (request: WorkspaceRequest, id: string) => Record<string, unknown>) {
  const { workspace } = request;
  const id = param(request, "id");
  json(request, id);
  const [operation] = readBody(request, entitlementPatch).Operations;
  const asked: string[] = operation?.value.map(({ value }) => value) ?? [];
  const old = workspace.entitlements[id] ?? [];
  const next =
    operation?.op === "replace"
      ? asked
      : operation?.op === "add"
        ? [...new Set([...old, ...asked])]
        : old.filter((one) => !asked.includes(one));
  if (id === workspace.groups.admins && old.some((one) => !next.includes(one))) {
    throw invalid("Entitlements of the group admins cannot be taken away.");
  }
  if (next.includes("workspace-consume") && next.some((one) => /access$/.test(one))) {
    throw invalid("Consumer access cannot be combined with workspace access or Databricks SQL access.");
  }
  change(request, () => {
    workspace.entitlements[id] = next;
  });
  return { body: json(request, id) };
}

/**
 * Who calls, with groups and entitlements. That entitlements of groups are told here too is not confirmed for the real
 * service. A group's `type` is: indirect where only a nested group holds the person.
 */
function me(request: WorkspaceRequest) {
  const { context, caller, workspace, membership, data } = request;
  const user = context.store.data.users[caller.objectId];
  const own = context.store.data.servicePrincipals[caller.objectId];
  const system = [
    ...(membership.isAdmin ? [{ id: workspace.groups.admins, displayName: "admins" }] : []),
    { id: workspace.groups.users, displayName: "users" },
  ];
  const held = membership.principals.flatMap((id) => data.account.principals[id] ?? []);
  const groups = [...system, ...held.filter(({ kind }) => kind === "group")];
  const direct = new Set(directGroups(context.store.data, caller.objectId).map(({ id }) => id));
  const isSystem = (id: string) => system.some((group) => group.id === id);
  const isDirect = (id: string) => direct.has(data.account.principals[id]?.externalId ?? id);
  const [self] = held.filter(({ kind }) => kind !== "group");
  const displayName = user?.displayName ?? own?.displayName ?? self?.displayName ?? "";
  return {
    body: {
      schemas: ["urn:ietf:params:scim:schemas:core:2.0:User"],
      id: self?.id ?? caller.objectId,
      userName: user?.userPrincipalName ?? self?.applicationId ?? caller.clientId,
      displayName,
      active: true,
      ...(user?.mail && { emails: [{ type: "work", value: user.mail, primary: true }] }),
      groups: groups.map(({ id, displayName: display }) => ({
        display,
        value: id,
        $ref: `Groups/${id}`,
        type: isSystem(id) || isDirect(id) ? "direct" : "indirect",
      })),
      entitlements: values(effectiveEntitlements(workspace, membership)),
    },
  };
}
