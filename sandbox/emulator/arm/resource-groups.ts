import { z } from "zod";
import type { ArmResource, Directory } from "../directory.ts";
import { armBadRequest, armConflict, armNotImplemented } from "./errors.ts";
import { acceptedWithLocation } from "./operations.ts";
import { removeResource } from "./remove.ts";
import {
  type ArmRequest,
  type ArmResponse,
  type ArmRoute,
  armParam,
  findResource,
  groupScope,
  location,
  readArmBody,
  resourceGroupOf,
  resourcesUnder,
  subscriptionScope,
  tags,
} from "./request.ts";
import { RESOURCE_GROUP_TYPE } from "./types.ts";

const ACTION = "Microsoft.Resources/subscriptions/resourceGroups";
const path = "/subscriptions/:subscription/resourceGroups/:group";

const newGroup = z.strictObject({
  location,
  tags,
  managedBy: z.string().nullable().optional(),
  // Clients send back what they read.
  id: z.string().optional(),
  name: z.string().optional(),
  type: z.string().optional(),
  properties: z.strictObject({ provisioningState: z.string().optional() }).optional(),
});
const groupPatch = z.strictObject({ tags });

export const resourceGroupRoutes: readonly ArmRoute[] = [
  {
    method: "GET",
    path: "/subscriptions/:subscription/resourceGroups",
    type: RESOURCE_GROUP_TYPE,
    needs: { action: `${ACTION}/read`, scope: subscriptionScope },
    handle: (request) => ({
      status: 200,
      body: { value: resourcesUnder(request.data, subscriptionScope(request)).filter(isGroup) },
    }),
  },
  {
    method: "GET",
    path,
    type: RESOURCE_GROUP_TYPE,
    needs: { action: `${ACTION}/read`, scope: groupScope },
    handle: (request) => ({ status: 200, body: resourceGroupOf(request) }),
  },
  {
    method: "HEAD",
    path,
    type: RESOURCE_GROUP_TYPE,
    needs: { action: `${ACTION}/read`, scope: groupScope },
    handle: (request) => ({ status: findResource(request.data, groupScope(request)) === undefined ? 404 : 204 }),
  },
  {
    method: "PUT",
    path,
    type: RESOURCE_GROUP_TYPE,
    needs: { action: `${ACTION}/write`, scope: groupScope },
    handle: put,
  },
  {
    method: "PATCH",
    path,
    type: RESOURCE_GROUP_TYPE,
    needs: { action: `${ACTION}/write`, scope: groupScope },
    handle: (request) => {
      const group = resourceGroupOf(request);
      const patch = readArmBody(request.body, groupPatch);
      request.context.store.mutate(() => Object.assign(group, patch));
      return { status: 200, body: group };
    },
  },
  {
    method: "DELETE",
    path,
    type: RESOURCE_GROUP_TYPE,
    needs: { action: `${ACTION}/delete`, scope: groupScope },
    handle: (request) => {
      const group = resourceGroupOf(request);
      request.context.store.mutate((data) => removeResource(data, group, request.context.now()));
      return acceptedWithLocation(request);
    },
  },
  {
    method: "GET",
    path: "/subscriptions/:subscription/resources",
    type: "Microsoft.Resources/resources",
    needs: { action: "Microsoft.Resources/subscriptions/resources/read", scope: subscriptionScope },
    handle: (request) => listResources(request, subscriptionScope(request)),
  },
  {
    method: "GET",
    path: `${path}/resources`,
    type: "Microsoft.Resources/resources",
    needs: { action: `${ACTION}/resources/read`, scope: groupScope },
    handle: (request) => listResources(request, resourceGroupOf(request).id),
  },
];

const isGroup = ({ type }: ArmResource) => type === RESOURCE_GROUP_TYPE;

function put(request: ArmRequest): ArmResponse {
  const name = armParam(request, "group");
  if (!/^[-\w.()]{0,89}[-\w()]$/.test(name)) {
    throw armBadRequest(
      `The provided resource group name '${name}' has these invalid characters or is too long, or ends with a period.`,
      "InvalidResourceGroupName",
    );
  }
  const body = readArmBody(request.body, newGroup);
  const existing = findResource(request.data, groupScope(request));
  if (existing !== undefined && existing.location !== body.location) {
    throw armConflict(
      "InvalidResourceGroupLocation",
      `Invalid resource group location '${body.location}'. The Resource group already exists in location '${existing.location}'.`,
    );
  }
  const group: ArmResource = {
    id: existing?.id ?? groupScope(request),
    name: existing?.name ?? name,
    type: RESOURCE_GROUP_TYPE,
    location: body.location,
    ...(body.tags !== undefined && { tags: body.tags }),
    properties: { provisioningState: "Succeeded" },
  };
  request.context.store.mutate((data: Directory) => {
    data.armResources[group.id.toLowerCase()] = group;
  });
  return { status: existing === undefined ? 201 : 200, body: group };
}

/** Top-level resources: those with a location. One filter is known, `resourceType eq '…'`. */
function listResources(request: ArmRequest, scope: string): ArmResponse {
  const filter = request.query.get("$filter");
  const type = filter === null ? undefined : /^resourceType eq '([^']+)'$/i.exec(filter.trim())?.[1];
  if (filter !== null && type === undefined) throw armNotImplemented(`the filter ${filter} on resources`);
  const found = resourcesUnder(request.data, scope)
    .filter((resource) => !isGroup(resource) && resource.location !== undefined)
    .filter((resource) => type === undefined || resource.type.toLowerCase() === type.toLowerCase());
  return {
    status: 200,
    body: { value: found.map(({ id, name, type, location, tags }) => ({ id, name, type, location, tags })) },
  };
}
