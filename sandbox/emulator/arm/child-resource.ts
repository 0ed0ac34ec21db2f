import type { z } from "zod";
import type { ArmResource } from "../directory.ts";
import { type ArmError, armBadRequest, resourceNotFound } from "./errors.ts";
import { oneWriter } from "./one-writer.ts";
import { removeResource } from "./remove.ts";
import {
  type ArmRequest,
  type ArmResponse,
  type ArmRoute,
  armParam,
  findResource,
  groupScope,
  readArmBody,
  resourceGroupOf,
  resourcesUnder,
} from "./request.ts";
import type { ArmType } from "./versions.ts";

/** Fields that a child may have beside its properties. */
interface ChildBody {
  readonly properties: unknown;
  readonly location?: string;
  readonly tags?: Record<string, string> | undefined;
}

/** A resource below another one whose life is PUT, GET and DELETE, such as a database of a server. */
export interface ChildResource<B extends ChildBody> {
  /** Its whole type; the part before the last slash is its parent's. */
  readonly type: ArmType;
  readonly parent: ArmType;
  readonly name: RegExp;
  readonly body: z.ZodType<B>;
  /** What is stored; `before` is there at an update. Throws what Azure would refuse. */
  properties(
    request: ArmRequest,
    body: B,
    place: { readonly parent: ArmResource; readonly before: ArmResource | undefined; readonly id: string },
  ): Record<string, unknown>;
  /** Headers of the answer to a write that goes on after it. */
  creating?(request: ArmRequest, parent: ArmResource): Record<string, string>;
  /** What Azure says to a second write below the same parent while the first goes on; absent where it takes both. */
  readonly busy?: (parentId: string) => ArmError;
  /** Whether it is always there and cannot be deleted. */
  readonly lasting?: boolean;
  /** What is answered of one that is always there and nobody has written. */
  unwritten?(name: string): Record<string, unknown> | undefined;
}

/** The routes of such a resource: list, read, put and, unless it is lasting, delete. */
export function childResourceRoutes<B extends ChildBody>(child: ChildResource<B>): readonly ArmRoute[] {
  const { type, parent: parentType, busy } = child;
  const segment = type.slice(parentType.length + 1);
  const collection = `/subscriptions/:subscription/resourceGroups/:group/providers/${parentType}/:parent/${segment}`;
  const parentId = (request: ArmRequest) =>
    `${groupScope(request)}/providers/${parentType}/${armParam(request, "parent")}`;
  const idOf = (request: ArmRequest) => `${parentId(request)}/${segment}/${armParam(request, "name")}`;
  const needs = (right: string) => ({ action: `${type}/${right}`, scope: idOf });
  const writer = busy === undefined ? undefined : oneWriter(busy);
  const alone = (request: ArmRequest, write: () => ArmResponse) =>
    writer === undefined ? write() : writer(parentOf(request).id, write);

  return [
    {
      method: "GET",
      path: collection,
      type,
      needs: { action: `${type}/read`, scope: parentId },
      handle: (request) => {
        const found = resourcesUnder(request.data, parentOf(request).id).filter((one) => one.type === type);
        return { status: 200, body: { value: found } };
      },
    },
    { method: "GET", path: `${collection}/:name`, type, needs: needs("read"), handle: read },
    {
      method: "PUT",
      path: `${collection}/:name`,
      type,
      needs: needs("write"),
      handle: (request) => alone(request, () => put(request)),
    },
    ...(child.lasting === true
      ? []
      : [
          {
            method: "DELETE",
            path: `${collection}/:name`,
            type,
            needs: needs("delete"),
            handle: (request: ArmRequest) => alone(request, () => remove(request)),
          },
        ]),
  ];

  function parentOf(request: ArmRequest): ArmResource {
    const group = resourceGroupOf(request);
    const found = findResource(request.data, parentId(request));
    if (found === undefined) throw resourceNotFound(parentType, armParam(request, "parent"), group.name);
    return found;
  }

  function read(request: ArmRequest): ArmResponse {
    const parent = parentOf(request);
    const found = findResource(request.data, idOf(request));
    if (found !== undefined) return { status: 200, body: found };
    const name = armParam(request, "name");
    const properties = child.unwritten?.(name);
    if (properties !== undefined) {
      return { status: 200, body: { id: `${parent.id}/${segment}/${name}`, name, type, properties } };
    }
    throw resourceNotFound(type, `${parent.name}/${name}`, resourceGroupOf(request).name);
  }

  function put(request: ArmRequest): ArmResponse {
    const parent = parentOf(request);
    const name = armParam(request, "name");
    if (!child.name.test(name)) throw armBadRequest(`The resource name '${name}' is invalid.`, "InvalidResourceName");
    const body = readArmBody(request.body, child.body);
    const before = findResource(request.data, idOf(request));
    const id = before?.id ?? `${parent.id}/${segment}/${name}`;
    const after: ArmResource = {
      id,
      name: before?.name ?? name,
      type,
      ...(body.location !== undefined && { location: body.location }),
      ...(body.tags !== undefined && { tags: body.tags }),
      properties: child.properties(request, body, { parent, before, id }),
    };
    request.context.store.mutate((data) => {
      data.armResources[id.toLowerCase()] = after;
    });
    const headers = child.creating?.(request, parent);
    return { status: before === undefined ? 201 : 200, ...(headers && { headers }), body: after };
  }

  function remove(request: ArmRequest): ArmResponse {
    const parent = parentOf(request);
    const found = findResource(request.data, idOf(request));
    if (found === undefined) return { status: 204 };
    request.context.store.mutate((data) => removeResource(data, found, request.context.now()));
    const headers = child.creating?.(request, parent);
    return headers === undefined ? { status: 200 } : { status: 202, headers };
  }
}
