import type { z } from "zod";
import type { ArmResource } from "../directory.ts";
import { ArmError, armBadRequest, resourceNotFound } from "./errors.ts";
import { removeResource } from "./remove.ts";
import {
  type ArmRequest,
  type ArmResponse,
  type ArmRoute,
  armParam,
  checkSameLocation,
  findResource,
  groupScope,
  readArmBody,
  resourceGroupOf,
  resourcesUnder,
  subscriptionScope,
} from "./request.ts";
import type { ArmType } from "./versions.ts";

/** A body as every resource with a location has it. */
export interface PlainBody {
  readonly location: string;
  readonly tags?: Record<string, string> | undefined;
  readonly sku?: unknown;
  readonly identity?: unknown;
}

/** A resource of a resource group whose life is PUT, GET and DELETE. */
export interface PlainResource<B extends PlainBody> {
  /** For example `Microsoft.Network/natGateways`. */
  readonly type: ArmType;
  readonly name: RegExp;
  readonly body: z.ZodType<B>;
  /** What is stored; `before` is there at an update. Throws what Azure would refuse. */
  properties(request: ArmRequest, body: B, before: ArmResource | undefined, id: string): Record<string, unknown>;
  /** What is answered, where that is more than what is stored. @default the stored resource */
  json?(request: ArmRequest, resource: ArmResource): unknown;
  /** Headers of the answer to a creation that goes on after it. */
  creating?(request: ArmRequest, body: B): Record<string, string>;
  /** The answer to a deletion. @default 200 */
  deleted?(request: ArmRequest, resource: ArmResource): ArmResponse;
  /** Error code of a deletion while other resources name this one; absent where Azure lets it go. */
  readonly inUse?: string;
  /** Throws what else keeps Azure from deleting it. */
  refuseDeletion?(request: ArmRequest, resource: ArmResource): void;
}

/** The routes of such a resource: list, read, put and delete. */
export function plainResourceRoutes<B extends PlainBody>(resource: PlainResource<B>): readonly ArmRoute[] {
  const { type, json = (_, found) => found } = resource;
  const collection = `/subscriptions/:subscription/resourceGroups/:group/providers/${type}`;
  const idOf = (request: ArmRequest) => `${groupScope(request)}/providers/${type}/${armParam(request, "name")}`;
  const needs = (right: string) => ({ action: `${type}/${right}`, scope: idOf });
  const list = (request: ArmRequest, scope: string): ArmResponse => {
    const found = resourcesUnder(request.data, scope).filter((one) => one.type === type);
    return { status: 200, body: { value: found.map((one) => json(request, one)) } };
  };
  return [
    {
      method: "GET",
      path: `/subscriptions/:subscription/providers/${type}`,
      type,
      needs: { action: `${type}/read`, scope: subscriptionScope },
      handle: (request) => list(request, subscriptionScope(request)),
    },
    {
      method: "GET",
      path: collection,
      type,
      needs: { action: `${type}/read`, scope: groupScope },
      handle: (request) => list(request, resourceGroupOf(request).id),
    },
    {
      method: "GET",
      path: `${collection}/:name`,
      type,
      needs: needs("read"),
      handle: (request) => {
        const group = resourceGroupOf(request);
        const found = findResource(request.data, idOf(request));
        if (found === undefined) throw resourceNotFound(type, armParam(request, "name"), group.name);
        return { status: 200, body: json(request, found) };
      },
    },
    { method: "PUT", path: `${collection}/:name`, type, needs: needs("write"), handle: (request) => put(request) },
    {
      method: "DELETE",
      path: `${collection}/:name`,
      type,
      needs: needs("delete"),
      handle: (request) => {
        const found = findResource(request.data, idOf(request));
        if (found === undefined) return { status: 204 };
        if (resource.inUse !== undefined) refuseInUse(request, found, resource.inUse);
        resource.refuseDeletion?.(request, found);
        request.context.store.mutate((data) => removeResource(data, found, request.context.now()));
        return resource.deleted?.(request, found) ?? { status: 200 };
      },
    },
  ];

  function put(request: ArmRequest): ArmResponse {
    const name = armParam(request, "name");
    if (!resource.name.test(name))
      throw armBadRequest(`The resource name '${name}' is invalid.`, "InvalidResourceName");
    const body = readArmBody(request.body, resource.body);
    const group = resourceGroupOf(request);
    const before = findResource(request.data, idOf(request));
    checkSameLocation(before, body.location, group.name);
    const now = request.context.now().toISOString();
    const id = before?.id ?? `${group.id}/providers/${type}/${name}`;
    const after: ArmResource = {
      id,
      name: before?.name ?? name,
      type,
      location: body.location,
      ...(body.tags !== undefined && { tags: body.tags }),
      ...(body.sku !== undefined && { sku: body.sku }),
      ...(body.identity !== undefined && { identity: body.identity }),
      systemData: { createdAt: before?.systemData?.createdAt ?? now, lastModifiedAt: now },
      properties: resource.properties(request, body, before, id),
    };
    request.context.store.mutate((data) => {
      data.armResources[id.toLowerCase()] = after;
    });
    if (before !== undefined) return { status: 200, body: json(request, after) };
    return { status: 201, headers: resource.creating?.(request, body) ?? {}, body: json(request, after) };
  }
}

/** Azure keeps what others name. Whoever lies below the resource, or is what it names, does not count. */
export function refuseInUse(request: ArmRequest, resource: ArmResource, code: string): void {
  const id = resource.id.toLowerCase();
  const user = Object.values(request.data.armResources).find(
    (other) =>
      !other.id.toLowerCase().startsWith(id) && JSON.stringify(other.properties).toLowerCase().includes(`"${id}"`),
  );
  if (user === undefined) return;
  throw new ArmError(400, code, `${resource.id} cannot be deleted because it is in use by ${user.id}.`);
}

/** The resource that a body names by id; 400 `InvalidResourceReference`, as the network's API says it. */
export function referenced(request: ArmRequest, id: string, type: ArmType, by: string): ArmResource {
  const found = findResource(request.data, id);
  if (found?.type === type) return found;
  throw armBadRequest(
    `Resource ${id} referenced by resource ${by} was not found. Please make sure that the referenced resource exists, and that both resources are in the same region.`,
    "InvalidResourceReference",
  );
}
