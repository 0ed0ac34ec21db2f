import { z } from "zod";
import type { Directory } from "../directory.ts";
import { badRequest, notFound } from "./errors.ts";
import type { Json } from "./query.ts";
import type { GraphRequest } from "./request.ts";
import { directoryObjectJson } from "./shapes.ts";

/** Graph takes at most this many references in one `@odata.bind`. */
const MAX_BINDINGS = 20;

/** `owners@odata.bind` and `members@odata.bind`. */
export const bindings = z.array(z.string()).max(MAX_BINDINGS, `may hold at most ${MAX_BINDINGS} references`).optional();

const reference = z.strictObject({ "@odata.id": z.string() });

/** The object id in `https://graph.microsoft.com/v1.0/directoryObjects/{id}` (or `/users/{id}` and so on). */
export function idOfReference(url: string): string {
  const id = url.split("/").at(-1)?.toLowerCase();
  if (id === undefined || !/^[0-9a-f-]{36}$/.test(id)) {
    throw badRequest(`Invalid URL format specified in the reference: '${url}'.`);
  }
  return id;
}

/** Reads the body of `POST …/$ref`. */
export function referencedId(request: GraphRequest): string {
  const result = reference.safeParse(request.body);
  if (!result.success)
    throw badRequest("The request body needs exactly one property, '@odata.id', with the object's URL.");
  return idOfReference(result.data["@odata.id"]);
}

/** Owners are users or service principals. */
export function requireOwner(data: Directory, id: string): string {
  if (data.users[id] !== undefined || data.servicePrincipals[id] !== undefined) return id;
  if (data.groups[id] !== undefined || data.applications[id] !== undefined) {
    throw badRequest("The reference target is of a type that is not supported for the reference property 'owners'.");
  }
  throw notFound(id);
}

/** Adds a reference to a list of ids; a second time is 400, in the words that the azuread provider looks for. */
export function addReference(list: string[], id: string, property: string): void {
  if (list.includes(id)) {
    throw badRequest(
      `One or more added object references already exist for the following modified properties: '${property}'.`,
    );
  }
  list.push(id);
}

export function removeReference(list: string[], id: string): void {
  const index = list.indexOf(id);
  if (index < 0) throw notFound(id);
  list.splice(index, 1);
}

export function objectsJson(request: GraphRequest, ids: readonly string[]): Json[] {
  return ids
    .map((id) => directoryObjectJson(request.data, id, request.version))
    .filter((object) => object !== undefined);
}

/** The id in a request's path; a text that is no GUID is 400, as in Graph. */
export function objectId(text: string): string {
  const id = text.toLowerCase();
  if (!/^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/.test(id)) throw badRequest(`Invalid object identifier '${text}'.`);
  return id;
}
