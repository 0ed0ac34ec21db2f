import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { ServicePrincipal } from "../directory.ts";
import { guid, mergePatch, readBody } from "./body.ts";
import { deleteServicePrincipal } from "./cascade.ts";
import { badRequest, conflict, denied, notFound } from "./errors.ts";
import { ownerRoutes } from "./owners.ts";
import {
  CREATE_APPLICATIONS,
  holdsAny,
  READ_APPLICATIONS,
  WRITE_APPLICATIONS,
  WRITE_OWN_APPLICATIONS,
} from "./permissions.ts";
import { entity, list, type Shape } from "./query.ts";
import { bindings, idOfReference, objectId, objectsJson, requireOwner } from "./references.ts";
import { type GraphAccess, type GraphRequest, type GraphRoute, NO_CONTENT, param } from "./request.ts";
import { servicePrincipalJson } from "./shapes.ts";

const read: GraphAccess = { anyOf: READ_APPLICATIONS };
const write: GraphAccess = {
  anyOf: WRITE_APPLICATIONS,
  ownerNeeds: WRITE_OWN_APPLICATIONS,
  owners: (request) => lookUp(request)?.owners,
};

const text = z.string().nullable();
const writable = {
  accountEnabled: z.boolean().optional(),
  alternativeNames: z.array(z.string()).optional(),
  appRoleAssignmentRequired: z.boolean().optional(),
  description: text.optional(),
  loginUrl: text.optional(),
  notes: text.optional(),
  notificationEmailAddresses: z.array(z.string()).optional(),
  preferredSingleSignOnMode: z.enum(["password", "saml", "notSupported", "oidc"]).nullable().optional(),
  samlSingleSignOnSettings: z
    .strictObject({ relayState: text.default(null) })
    .nullable()
    .optional(),
  tags: z.array(z.string()).optional(),
};
const newPrincipal = z.strictObject({ appId: guid, ...writable, "owners@odata.bind": bindings });
const principalPatch = z.strictObject({ id: guid.optional(), ...writable });

/** The service principal of the path: by object id, or by client id in the form `/servicePrincipals(appId='…')`. */
function lookUp(request: GraphRequest): ServicePrincipal | undefined {
  const id = param(request, "id");
  if (!id.startsWith("appId=")) return request.data.servicePrincipals[objectId(id)];
  const appId = objectId(id.slice("appId=".length));
  return Object.values(request.data.servicePrincipals).find((principal) => principal.appId === appId);
}

export function servicePrincipalOf(request: GraphRequest): ServicePrincipal {
  const principal = lookUp(request);
  if (principal === undefined) throw notFound(param(request, "id"));
  return principal;
}

const shapeOf = (request: GraphRequest): Shape => ({
  set: "servicePrincipals",
  expand: { owners: (id) => objectsJson(request, request.data.servicePrincipals[id]?.owners ?? []) },
});

const json = (request: GraphRequest, principal: ServicePrincipal) =>
  servicePrincipalJson(request.data, principal, request.version);

export const servicePrincipalRoutes: readonly GraphRoute[] = [
  {
    method: "GET",
    path: "/servicePrincipals",
    access: read,
    handle: (request) =>
      list(
        request,
        shapeOf(request),
        Object.values(request.data.servicePrincipals).map((principal) => json(request, principal)),
      ),
  },
  { method: "POST", path: "/servicePrincipals", access: { anyOf: CREATE_APPLICATIONS }, handle: createPrincipal },
  {
    method: "GET",
    path: "/servicePrincipals/:id",
    access: read,
    handle: (request) => entity(request, shapeOf(request), json(request, servicePrincipalOf(request))),
  },
  { method: "PATCH", path: "/servicePrincipals/:id", access: write, handle: updatePrincipal },
  { method: "DELETE", path: "/servicePrincipals/:id", access: write, handle: removePrincipal },
  ...ownerRoutes("/servicePrincipals/:id", servicePrincipalOf, read, write),
];

/** https://learn.microsoft.com/graph/api/serviceprincipal-post-serviceprincipals */
function createPrincipal(request: GraphRequest) {
  const { "owners@odata.bind": bound, ...body } = readBody(request.body, newPrincipal, "ServicePrincipal");
  const application = Object.values(request.data.applications).find(({ appId }) => appId === body.appId);
  if (application === undefined) {
    throw badRequest(
      `The appId '${body.appId}' of the service principal does not reference a valid application object.`,
    );
  }
  if (Object.values(request.data.servicePrincipals).some(({ appId }) => appId === body.appId)) {
    throw conflict(
      `The service principal cannot be created, updated, or restored because the service principal name ${body.appId} is already in use.`,
    );
  }
  const managesAll = holdsAny(request, WRITE_APPLICATIONS);
  if (!managesAll && !application.owners.includes(request.caller.objectId)) throw denied();
  const owners = (bound ?? []).map((url) => requireOwner(request.data, idOfReference(url)));
  if (!managesAll || request.caller.user !== undefined) owners.push(request.caller.objectId);
  const blank: ServicePrincipal = {
    id: randomUUID(),
    appId: application.appId,
    displayName: application.displayName,
    description: null,
    accountEnabled: true,
    appRoleAssignmentRequired: false,
    servicePrincipalType: "Application",
    servicePrincipalNames: [application.appId, ...application.identifierUris],
    appOwnerOrganizationId: request.data.tenantId,
    loginUrl: null,
    notes: null,
    notificationEmailAddresses: [],
    preferredSingleSignOnMode: null,
    alternativeNames: [],
    tags: [],
    owners: [...new Set(owners)],
  };
  const principal = mergePatch(blank, body);
  request.context.store.mutate((data) => {
    data.servicePrincipals[principal.id] = principal;
  });
  return entity(request, shapeOf(request), json(request, principal), 201);
}

function updatePrincipal(request: GraphRequest) {
  const principal = servicePrincipalOf(request);
  const { id, ...patch } = readBody(request.body, principalPatch, "ServicePrincipal");
  request.context.store.mutate((data) => {
    data.servicePrincipals[principal.id] = mergePatch(principal, patch);
  });
  return NO_CONTENT;
}

function removePrincipal(request: GraphRequest) {
  const principal = servicePrincipalOf(request);
  if (principal.servicePrincipalType === "ManagedIdentity") {
    throw badRequest("The service principal of a managed identity is deleted with its Azure resource only.");
  }
  request.context.store.mutate((data) => deleteServicePrincipal(data, principal.id));
  return NO_CONTENT;
}
