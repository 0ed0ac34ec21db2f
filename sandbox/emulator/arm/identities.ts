import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { ArmResource, ServicePrincipal } from "../directory.ts";
import { armBadRequest, resourceNotFound } from "./errors.ts";
import { removeResource } from "./remove.ts";
import {
  type ArmRequest,
  type ArmResponse,
  type ArmRoute,
  armParam,
  checkSameLocation,
  findResource,
  groupScope,
  location,
  readArmBody,
  resourceGroupOf,
  resourcesUnder,
  subscriptionScope,
  tags,
} from "./request.ts";
import { IDENTITY_TYPE } from "./types.ts";

const path =
  "/subscriptions/:subscription/resourceGroups/:group/providers/Microsoft.ManagedIdentity/userAssignedIdentities";
const type = IDENTITY_TYPE;

/** Azure computes these three; clients send them back. */
const computed = z
  .strictObject({
    principalId: z.string().optional(),
    clientId: z.string().optional(),
    tenantId: z.string().optional(),
  })
  .optional();
const identityBody = z.strictObject({ location, tags, properties: computed });
const identityPatch = z.strictObject({ tags, location: location.optional(), properties: computed });

export const identityScope = (request: ArmRequest) =>
  `${groupScope(request)}/providers/${IDENTITY_TYPE}/${armParam(request, "identity")}`;
const needs = (right: string) => ({ action: `${IDENTITY_TYPE}/${right}`, scope: identityScope });

export function identityOf(request: ArmRequest): ArmResource {
  const group = resourceGroupOf(request);
  const identity = findResource(request.data, identityScope(request));
  if (identity === undefined) throw resourceNotFound(IDENTITY_TYPE, armParam(request, "identity"), group.name);
  return identity;
}

/** User-assigned managed identities: each is a service principal of the directory, made and removed with the resource. */
export const identityRoutes: readonly ArmRoute[] = [
  {
    method: "GET",
    path: "/subscriptions/:subscription/providers/Microsoft.ManagedIdentity/userAssignedIdentities",
    type,
    needs: { action: `${IDENTITY_TYPE}/read`, scope: subscriptionScope },
    handle: (request) => listIdentities(request, subscriptionScope(request)),
  },
  {
    method: "GET",
    path,
    type,
    needs: { action: `${IDENTITY_TYPE}/read`, scope: groupScope },
    handle: (request) => listIdentities(request, resourceGroupOf(request).id),
  },
  {
    method: "GET",
    path: `${path}/:identity`,
    type,
    needs: needs("read"),
    handle: (request) => ({ status: 200, body: identityOf(request) }),
  },
  { method: "PUT", path: `${path}/:identity`, type, needs: needs("write"), handle: putIdentity },
  {
    method: "PATCH",
    path: `${path}/:identity`,
    type,
    needs: needs("write"),
    handle: (request) => {
      const identity = identityOf(request);
      const patch = readArmBody(request.body, identityPatch);
      request.context.store.mutate(() => Object.assign(identity, patch.tags && { tags: patch.tags }));
      return { status: 200, body: identity };
    },
  },
  {
    method: "DELETE",
    path: `${path}/:identity`,
    type,
    needs: needs("delete"),
    handle: (request) => {
      const identity = findResource(request.data, identityScope(request));
      if (identity === undefined) return { status: 204 };
      request.context.store.mutate((data) => removeResource(data, identity, request.context.now()));
      return { status: 200 };
    },
  },
];

function listIdentities(request: ArmRequest, scope: string): ArmResponse {
  return { status: 200, body: { value: resourcesUnder(request.data, scope).filter((r) => r.type === IDENTITY_TYPE) } };
}

function putIdentity(request: ArmRequest): ArmResponse {
  const name = armParam(request, "identity");
  if (!/^[A-Za-z0-9][A-Za-z0-9_-]{2,127}$/.test(name)) {
    throw armBadRequest(
      `The identity name '${name}' is invalid: it needs 3 to 128 letters, digits, '-' or '_', starting with a letter or digit.`,
      "InvalidResourceName",
    );
  }
  const body = readArmBody(request.body, identityBody);
  const group = resourceGroupOf(request);
  const existing = findResource(request.data, identityScope(request));
  checkSameLocation(existing, body.location, group.name);
  if (existing !== undefined) {
    request.context.store.mutate(() => Object.assign(existing, { tags: body.tags ?? {} }));
    return { status: 200, body: existing };
  }
  const id = `${group.id}/providers/${IDENTITY_TYPE}/${name}`;
  const principal = managedPrincipal(request, name, id);
  const identity: ArmResource = {
    id,
    name,
    type: IDENTITY_TYPE,
    location: body.location,
    tags: body.tags ?? {},
    properties: { tenantId: request.data.tenantId, principalId: principal.id, clientId: principal.appId },
  };
  request.context.store.mutate((data) => {
    data.armResources[id.toLowerCase()] = identity;
    data.servicePrincipals[principal.id] = principal;
  });
  return { status: 201, body: identity };
}

function managedPrincipal(request: ArmRequest, name: string, resourceId: string): ServicePrincipal {
  const appId = randomUUID();
  return {
    id: randomUUID(),
    appId,
    displayName: name,
    description: null,
    accountEnabled: true,
    appRoleAssignmentRequired: false,
    servicePrincipalType: "ManagedIdentity",
    servicePrincipalNames: [appId],
    appOwnerOrganizationId: request.data.tenantId,
    loginUrl: null,
    notes: null,
    notificationEmailAddresses: [],
    preferredSingleSignOnMode: null,
    alternativeNames: ["isExplicit=True", resourceId],
    tags: [],
    owners: [],
  };
}
