import { z } from "zod";
import type { Caller, EmulatorContext } from "../context.ts";
import type { ArmResource, Directory } from "../directory.ts";
import type { PathParams, RoutePattern } from "../routing.ts";
import { ArmError, armBadRequest, resourceGroupNotFound } from "./errors.ts";
import type { ArmType } from "./versions.ts";

/** One authenticated request with a known api-version, its body already read. */
export interface ArmRequest {
  readonly context: EmulatorContext;
  readonly data: Directory;
  readonly caller: Caller;
  readonly params: PathParams;
  readonly query: URLSearchParams;
  readonly apiVersion: string;
  readonly body: unknown;
}

export interface ArmResponse {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface ArmRoute extends RoutePattern {
  /** The resource type, which decides the api-versions that are taken. */
  readonly type: ArmType;
  /**
   * The action of Azure RBAC (https://learn.microsoft.com/azure/role-based-access-control/resource-provider-operations)
   * and the scope where the caller must hold it; absent where every signed-in caller may ask.
   */
  readonly needs?: { readonly action: string; readonly scope: (request: ArmRequest) => string };
  readonly handle: (request: ArmRequest) => ArmResponse | Promise<ArmResponse>;
}

export function armParam(request: ArmRequest, name: string): string {
  return request.params[name] ?? "";
}

export const subscriptionScope = (request: ArmRequest) => `/subscriptions/${armParam(request, "subscription")}`;
export const groupScope = (request: ArmRequest) =>
  `${subscriptionScope(request)}/resourceGroups/${armParam(request, "group")}`;

/** Ids are compared without regard to case. */
export function findResource(data: Directory, id: string): ArmResource | undefined {
  return data.armResources[id.toLowerCase()];
}

/** The resource group of the path; 404 `ResourceGroupNotFound`. */
export function resourceGroupOf(request: ArmRequest): ArmResource {
  const group = findResource(request.data, groupScope(request));
  if (group === undefined) throw resourceGroupNotFound(armParam(request, "group"));
  return group;
}

/** Every resource below an id, itself left out. */
export function resourcesUnder(data: Directory, id: string): ArmResource[] {
  const prefix = `${id.toLowerCase()}/`;
  return Object.entries(data.armResources)
    .filter(([key]) => key.startsWith(prefix))
    .map(([, resource]) => resource);
}

/** `West Europe` and `westeurope` are the same place. */
export function normalLocation(location: string): string {
  return location.toLowerCase().replaceAll(" ", "");
}

export const location = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9 ]+$/, "must be an Azure region such as westeurope")
  .transform(normalLocation);

export const tags = z.record(z.string().max(512), z.string().max(256)).optional();

/** Checks a body; the first problem is answered as 400 `InvalidRequestContent`, naming the property. */
export function readArmBody<S extends z.ZodType>(body: unknown, schema: S): z.output<S> {
  const result = schema.safeParse(body ?? {});
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const path = [...(issue?.path ?? []), ...(issue?.code === "unrecognized_keys" ? [issue.keys[0]] : [])].join(".");
  const problem =
    issue?.code === "unrecognized_keys"
      ? `Could not find member '${path}'.`
      : `'${path}' is not valid: ${issue?.message}.`;
  throw armBadRequest(`The request content was invalid. ${problem}`, "InvalidRequestContent");
}

/** A resource's location is fixed at its creation. */
export function checkSameLocation(existing: ArmResource | undefined, wanted: string, group: string): void {
  if (existing?.location === undefined || existing.location === wanted) return;
  throw new ArmError(
    409,
    "InvalidResourceLocation",
    `The resource '${existing.name}' already exists in location '${existing.location}' in resource group '${group}'. A resource with the same name cannot be created in location '${wanted}'. Please select a new resource name.`,
  );
}
