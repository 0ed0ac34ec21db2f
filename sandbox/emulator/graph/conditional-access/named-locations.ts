import { randomUUID } from "node:crypto";
import type { Directory } from "../../directory.ts";
import { entity, type Json, list } from "../query.ts";
import { type GraphRequest, type GraphResponse, type GraphRoute, NO_CONTENT, param } from "../request.ts";
import { readPolicies, writeLocations } from "./access.ts";
import type { StoredLocation } from "./data.ts";
import { refused, unknownObject } from "./errors.ts";
import { newLocation, readLocation } from "./location-schema.ts";

const path = "/identity/conditionalAccess/namedLocations";
const shape = { set: "identity/conditionalAccess/namedLocations", mixed: true };

/** https://learn.microsoft.com/graph/api/resources/namedlocation, both kinds. */
export const namedLocationRoutes: readonly GraphRoute[] = [
  {
    method: "GET",
    path,
    access: readPolicies,
    handle: (request) => list(request, shape, Object.values(request.data.namedLocations).map(json)),
  },
  { method: "POST", path, access: writeLocations, handle: createLocation },
  {
    method: "GET",
    path: `${path}/:id`,
    access: readPolicies,
    handle: (request) => entity(request, shape, json(locationOf(request))),
  },
  { method: "PATCH", path: `${path}/:id`, access: writeLocations, handle: updateLocation },
  { method: "DELETE", path: `${path}/:id`, access: writeLocations, handle: deleteLocation },
];

const json = (location: StoredLocation): Json => ({ ...location });

function locationOf(request: GraphRequest): StoredLocation {
  const id = param(request, "id").toLowerCase();
  const location = request.data.namedLocations[id];
  if (location === undefined) throw unknownObject("NamedLocation", id);
  return location;
}

function createLocation(request: GraphRequest): GraphResponse {
  const body = readLocation(request);
  const now = request.context.now().toISOString();
  const location = newLocation(body, request.version, {
    id: randomUUID(),
    createdDateTime: now,
    modifiedDateTime: now,
  });
  keep(request, location);
  return entity(request, shape, json(location), 201);
}

function updateLocation(request: GraphRequest): GraphResponse {
  const before = locationOf(request);
  const patch = readLocation(request);
  if (patch["@odata.type"] !== before["@odata.type"])
    throw refused(request.version, "The type of a named location cannot be changed.");
  const after = Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined));
  keep(request, { ...before, ...after, modifiedDateTime: request.context.now().toISOString() } as StoredLocation);
  return NO_CONTENT;
}

function keep(request: GraphRequest, location: StoredLocation): void {
  request.context.store.mutate((data) => {
    data.namedLocations[location.id] = location;
  });
}

/** Trusted locations stay until they are trusted no more, and those that a policy names until it names them no more. */
function deleteLocation(request: GraphRequest): GraphResponse {
  const location = locationOf(request);
  const { id } = location;
  // https://github.com/MicrosoftDocs/azure-docs/pull/108713
  if (location["@odata.type"] === "#microsoft.graph.ipNamedLocation" && location.isTrusted)
    throw refused(request.version, `NamedLocation with id ${id} cannot be deleted because it is marked as trusted.`);
  const users = policiesThatName(request.data, id);
  if (users.length > 0) {
    throw refused(
      request.version,
      `NamedLocation with id ${id} cannot be deleted because it is referenced by one or more Conditional Access policies: ${users.join(", ")}.`,
    );
  }
  request.context.store.mutate((data) => {
    delete data.namedLocations[id];
  });
  return NO_CONTENT;
}

function policiesThatName(data: Directory, id: string): string[] {
  return Object.values(data.conditionalAccessPolicies)
    .filter(({ conditions: { locations } }) =>
      [...(locations?.includeLocations ?? []), ...(locations?.excludeLocations ?? [])].includes(id),
    )
    .map((policy) => policy.id);
}
