import { randomBytes } from "node:crypto";
import { z } from "zod";
import type { Directory, OAuth2PermissionGrant } from "../directory.ts";
import { guid, readBody } from "./body.ts";
import { badRequest, conflict, notFound } from "./errors.ts";
import { READ_GRANTS, WRITE_GRANTS } from "./permissions.ts";
import { entity, type Json, list } from "./query.ts";
import { type GraphRequest, type GraphRoute, NO_CONTENT, param } from "./request.ts";
import { servicePrincipalOf } from "./service-principals.ts";

const newGrant = z.strictObject({
  clientId: guid,
  consentType: z.enum(["AllPrincipals", "Principal"]),
  principalId: guid.nullable().optional(),
  resourceId: guid,
  scope: z.string().min(1),
  // Older clients send these two; Graph takes and ignores them.
  startTime: z.string().nullable().optional(),
  expiryTime: z.string().nullable().optional(),
});
const grantPatch = z.strictObject({ id: z.string().optional(), scope: z.string() });

const shape = { set: "oauth2PermissionGrants" };
const json = (grant: OAuth2PermissionGrant): Json => ({ ...grant });
const read = { anyOf: READ_GRANTS };
const write = { anyOf: WRITE_GRANTS };
const path = "/oauth2PermissionGrants";

/** Consents to delegated permissions (https://learn.microsoft.com/graph/api/resources/oauth2permissiongrant). */
export const permissionGrantRoutes: readonly GraphRoute[] = [
  {
    method: "GET",
    path,
    access: read,
    handle: (request) => list(request, shape, Object.values(request.data.oauth2PermissionGrants).map(json)),
  },
  {
    method: "GET",
    path: "/servicePrincipals/:id/oauth2PermissionGrants",
    access: read,
    handle: (request) => {
      const { id } = servicePrincipalOf(request);
      const given = Object.values(request.data.oauth2PermissionGrants).filter((grant) => grant.clientId === id);
      return list(request, shape, given.map(json));
    },
  },
  { method: "POST", path, access: write, handle: createGrant },
  {
    method: "GET",
    path: `${path}/:id`,
    access: read,
    handle: (request) => entity(request, shape, json(grantOf(request))),
  },
  {
    method: "PATCH",
    path: `${path}/:id`,
    access: write,
    handle: (request) => {
      const grant = grantOf(request);
      const { scope } = readBody(request.body, grantPatch, "OAuth2PermissionGrant");
      checkScopes(request.data, grant.resourceId, scope);
      request.context.store.mutate(() => {
        grant.scope = scope;
      });
      return NO_CONTENT;
    },
  },
  {
    method: "DELETE",
    path: `${path}/:id`,
    access: write,
    handle: (request) => {
      const { id } = grantOf(request);
      request.context.store.mutate((data) => {
        delete data.oauth2PermissionGrants[id];
      });
      return NO_CONTENT;
    },
  },
];

function grantOf(request: GraphRequest): OAuth2PermissionGrant {
  const id = param(request, "id");
  const grant = request.data.oauth2PermissionGrants[id];
  if (grant === undefined) throw notFound(id);
  return grant;
}

function createGrant(request: GraphRequest) {
  const body = readBody(request.body, newGrant, "OAuth2PermissionGrant");
  const principalId = body.principalId ?? null;
  if ((body.consentType === "Principal") !== (principalId !== null)) {
    throw badRequest("principalId is required when consentType is 'Principal', and must be null for 'AllPrincipals'.");
  }
  for (const id of [body.clientId, body.resourceId]) {
    if (request.data.servicePrincipals[id] === undefined) throw notFound(id);
  }
  if (principalId !== null && request.data.users[principalId] === undefined) throw notFound(principalId);
  checkScopes(request.data, body.resourceId, body.scope);
  const same = Object.values(request.data.oauth2PermissionGrants).some(
    (other) =>
      other.clientId === body.clientId && other.resourceId === body.resourceId && other.principalId === principalId,
  );
  if (same) throw conflict("Permission entry already exists.");
  const grant: OAuth2PermissionGrant = {
    id: randomBytes(32).toString("base64url"),
    clientId: body.clientId,
    consentType: body.consentType,
    principalId,
    resourceId: body.resourceId,
    scope: body.scope,
  };
  request.context.store.mutate((data) => {
    data.oauth2PermissionGrants[grant.id] = grant;
  });
  return entity(request, shape, json(grant), 201);
}

/** Every scope must be one that the resource offers. */
function checkScopes(data: Directory, resourceId: string, scope: string): void {
  const resource = data.servicePrincipals[resourceId];
  const application = Object.values(data.applications).find(({ appId }) => appId === resource?.appId);
  const offered = resource?.firstParty?.oauth2PermissionScopes ?? application?.api.oauth2PermissionScopes ?? [];
  const unknown = scope
    .split(" ")
    .filter(Boolean)
    .find((name) => !offered.some(({ value }) => value === name));
  if (unknown !== undefined) throw badRequest(`The scope '${unknown}' does not exist on the resource '${resourceId}'.`);
}
