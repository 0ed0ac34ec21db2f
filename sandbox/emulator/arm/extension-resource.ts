import type { z } from "zod";
import type { ArmResource } from "../directory.ts";
import { ArmError } from "./errors.ts";
import { type ArmRequest, type ArmResponse, type ArmRoute, armParam, findResource, readArmBody } from "./request.ts";
import type { ArmType } from "./versions.ts";

/** A resource that says something of the scope it lies at, such as a lock of a server. */
export interface ExtensionResource<B> {
  readonly type: ArmType;
  readonly body: z.ZodType<B>;
  /** What is stored. Throws what Azure would refuse, the scope included. */
  properties(request: ArmRequest, body: B, scope: string): Record<string, unknown>;
}

/** The routes of such a resource: read, put and delete. */
export function extensionResourceRoutes<B>(resource: ExtensionResource<B>): readonly ArmRoute[] {
  const { type } = resource;
  const path = `/*scope/providers/${type}/:name`;
  const scopeOf = (request: ArmRequest) => (armParam(request, "scope") === "" ? "" : `/${armParam(request, "scope")}`);
  const idOf = (request: ArmRequest) => `${scopeOf(request)}/providers/${type}/${armParam(request, "name")}`;
  // What lies at no scope is the tenant's: its rights lie at the provider itself.
  const rightsAt = (request: ArmRequest) => scopeOf(request) || `/providers/${type.split("/")[0]}`;
  const needs = (right: string) => ({ action: `${type}/${right}`, scope: rightsAt });
  return [
    {
      method: "GET",
      path,
      type,
      needs: needs("read"),
      handle: (request) => {
        const found = findResource(request.data, idOf(request));
        if (found !== undefined) return { status: 200, body: found };
        throw new ArmError(404, "ResourceNotFound", `The resource '${idOf(request)}' could not be found.`);
      },
    },
    { method: "PUT", path, type, needs: needs("write"), handle: put },
    {
      method: "DELETE",
      path,
      type,
      needs: needs("delete"),
      handle: (request) => {
        const found = findResource(request.data, idOf(request));
        if (found === undefined) return { status: 204 };
        request.context.store.mutate((data) => {
          delete data.armResources[found.id.toLowerCase()];
        });
        return { status: 200 };
      },
    },
  ];

  function put(request: ArmRequest): ArmResponse {
    const scope = scopeOf(request);
    const body = readArmBody(request.body, resource.body);
    const before = findResource(request.data, idOf(request));
    const after: ArmResource = {
      id: before?.id ?? idOf(request),
      name: armParam(request, "name"),
      type,
      properties: resource.properties(request, body, scope),
    };
    request.context.store.mutate((data) => {
      data.armResources[after.id.toLowerCase()] = after;
    });
    return { status: before === undefined ? 201 : 200, body: after };
  }
}
