import { z } from "zod";
import { badRequest } from "./errors.ts";

/** A GUID in any case, kept in lower case. */
export const guid = z
  .string()
  .regex(/^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i, "must be a GUID")
  .toLowerCase();

/** Removes the type marks that clients put beside values (`@odata.type`, `appRoles@odata.type`), at every depth. */
export function withoutTypeMarks(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutTypeMarks);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !name.endsWith("@odata.type"))
      .map(([name, inner]) => [name, withoutTypeMarks(inner)]),
  );
}

/**
 * Checks a body against the resource's schema. The first problem is answered as Graph does: 400 `Request_BadRequest`
 * naming the property.
 */
export function readBody<S extends z.ZodType>(body: unknown, schema: S, resource: string): z.output<S> {
  if (typeof body !== "object" || body === null || Array.isArray(body)) {
    throw badRequest(`The request needs a JSON object that describes the ${resource}.`);
  }
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const path = issue?.path.join(".") ?? "";
  if (issue?.code === "unrecognized_keys") {
    throw badRequest(`Invalid property '${[...issue.path, issue.keys[0]].join(".")}'.`);
  }
  throw badRequest(`Invalid value specified for property '${path}' of resource '${resource}'. ${issue?.message ?? ""}`);
}

/** Lays a PATCH body over an object: complex properties are merged, lists and plain values replaced, absent ones kept. */
export function mergePatch<T extends object>(target: T, patch: object): T {
  const merged: Record<string, unknown> = { ...(target as Record<string, unknown>) };
  for (const [name, value] of Object.entries(patch)) {
    if (value === undefined) continue;
    const current = merged[name];
    merged[name] = isPlainObject(value) && isPlainObject(current) ? mergePatch(current, value) : value;
  }
  return merged as T;
}

function isPlainObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
