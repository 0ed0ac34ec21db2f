import { randomUUID } from "node:crypto";
import type { Application } from "../../directory.ts";
import { mergePatch, readBody } from "../body.ts";
import { deleteApplication } from "../cascade.ts";
import { notFound } from "../errors.ts";
import { ownerRoutes } from "../owners.ts";
import { CREATE_APPLICATIONS, READ_APPLICATIONS, WRITE_APPLICATIONS, WRITE_OWN_APPLICATIONS } from "../permissions.ts";
import { entity, list, type Shape } from "../query.ts";
import { idOfReference, objectId, objectsJson, requireOwner } from "../references.ts";
import { type GraphAccess, type GraphRequest, type GraphRoute, NO_CONTENT, param } from "../request.ts";
import { applicationJson } from "../shapes.ts";
import { blankApplication } from "./blank.ts";
import { checkApplication } from "./rules.ts";
import { applicationPatch, newApplication } from "./schema.ts";

export const readApplications: GraphAccess = { anyOf: READ_APPLICATIONS };
export const writeApplication: GraphAccess = {
  anyOf: WRITE_APPLICATIONS,
  ownerNeeds: WRITE_OWN_APPLICATIONS,
  owners: (request) => lookUp(request)?.owners,
};

/** The application of the path: by object id, or by client id in the form `/applications(appId='…')`. */
function lookUp(request: GraphRequest): Application | undefined {
  const id = param(request, "id");
  if (!id.startsWith("appId=")) return request.data.applications[objectId(id)];
  const appId = objectId(id.slice("appId=".length));
  return Object.values(request.data.applications).find((application) => application.appId === appId);
}

export function applicationOf(request: GraphRequest): Application {
  const application = lookUp(request);
  if (application === undefined) throw notFound(param(request, "id"));
  return application;
}

const shapeOf = (request: GraphRequest): Shape => ({
  set: "applications",
  expand: { owners: (id) => objectsJson(request, request.data.applications[id]?.owners ?? []) },
});

export const applicationRoutes: readonly GraphRoute[] = [
  {
    method: "GET",
    path: "/applications",
    access: readApplications,
    handle: (request) =>
      list(
        request,
        shapeOf(request),
        Object.values(request.data.applications).map((application) => applicationJson(application, request.version)),
      ),
  },
  { method: "POST", path: "/applications", access: { anyOf: CREATE_APPLICATIONS }, handle: createApplication },
  {
    method: "GET",
    path: "/applications/:id",
    access: readApplications,
    handle: (request) => entity(request, shapeOf(request), applicationJson(applicationOf(request), request.version)),
  },
  { method: "PATCH", path: "/applications/:id", access: writeApplication, handle: updateApplication },
  {
    method: "DELETE",
    path: "/applications/:id",
    access: writeApplication,
    handle: (request) => {
      const { id } = applicationOf(request);
      request.context.store.mutate((data) => deleteApplication(data, id));
      return NO_CONTENT;
    },
  },
  ...ownerRoutes("/applications/:id", applicationOf, readApplications, writeApplication),
];

function createApplication(request: GraphRequest) {
  const { "owners@odata.bind": bound, ...body } = readBody(
    request.body,
    newApplication[request.version],
    "Application",
  );
  const owners = (bound ?? []).map((url) => requireOwner(request.data, idOfReference(url)));
  // Graph makes the caller an owner when it may manage nothing but its own applications.
  const ownsByDefault =
    request.caller.user !== undefined || !request.caller.roles.includes("Application.ReadWrite.All");
  if (ownsByDefault) owners.push(request.caller.objectId);
  const application = mergePatch(
    blankApplication({
      id: randomUUID(),
      appId: randomUUID(),
      displayName: "",
      createdDateTime: request.context.now().toISOString(),
      publisherDomain: request.data.domains[0] ?? "",
    }),
    body,
  );
  application.owners = [...new Set(owners)];
  checkApplication(request.data, application);
  request.context.store.mutate((data) => {
    data.applications[application.id] = application;
  });
  return entity(request, shapeOf(request), applicationJson(application, request.version), 201);
}

function updateApplication(request: GraphRequest) {
  const before = applicationOf(request);
  const { id, ...patch } = readBody(request.body, applicationPatch[request.version], "Application");
  const after = mergePatch(before, patch);
  checkApplication(request.data, after, before);
  request.context.store.mutate((data) => {
    data.applications[before.id] = after;
    for (const principal of Object.values(data.servicePrincipals)) {
      if (principal.appId !== after.appId) continue;
      principal.displayName = after.displayName;
      principal.servicePrincipalNames = [after.appId, ...after.identifierUris];
    }
  });
  return NO_CONTENT;
}
