import { badRequest } from "./errors.ts";
import { list } from "./query.ts";
import { addReference, objectId, objectsJson, referencedId, removeReference, requireOwner } from "./references.ts";
import { type GraphAccess, type GraphRequest, type GraphRoute, NO_CONTENT, param } from "./request.ts";

interface Owned {
  owners: string[];
}

/** `…/owners`, `…/owners/$ref` and `…/owners/{id}/$ref` of an application, service principal or group. */
export function ownerRoutes(
  path: string,
  find: (request: GraphRequest) => Owned,
  read: GraphAccess,
  write: GraphAccess,
  options: { lastOwnerStays: boolean } = { lastOwnerStays: false },
): GraphRoute[] {
  return [
    {
      method: "GET",
      path: `${path}/owners`,
      access: read,
      handle: (request) =>
        list(request, { set: "directoryObjects", mixed: true }, objectsJson(request, find(request).owners)),
    },
    {
      method: "POST",
      path: `${path}/owners/$ref`,
      access: write,
      handle: (request) => {
        const owned = find(request);
        const id = requireOwner(request.data, referencedId(request));
        request.context.store.mutate(() => addReference(owned.owners, id, "owners"));
        return NO_CONTENT;
      },
    },
    {
      method: "DELETE",
      path: `${path}/owners/:owner/$ref`,
      access: write,
      handle: (request) => {
        const owned = find(request);
        const id = objectId(param(request, "owner"));
        if (options.lastOwnerStays && owned.owners.length === 1 && owned.owners.includes(id)) {
          throw badRequest("The group must have at least one owner, hence this owner cannot be removed.");
        }
        request.context.store.mutate(() => removeReference(owned.owners, id));
        return NO_CONTENT;
      },
    },
  ];
}
