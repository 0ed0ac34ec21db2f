import type { Caller, EmulatorContext } from "../context.ts";
import type { Directory } from "../directory.ts";
import type { PathParams, RoutePattern } from "../routing.ts";
import type { GraphError } from "./errors.ts";

export type GraphVersion = "v1.0" | "beta";

/** One authenticated request, with its body already read. */
export interface GraphRequest {
  readonly context: EmulatorContext;
  readonly data: Directory;
  readonly caller: Caller;
  readonly version: GraphVersion;
  readonly params: PathParams;
  readonly query: URLSearchParams;
  readonly headers: Headers;
  /** The path after the version, as asked. */
  readonly path: string;
  /** The JSON body without its `@odata.type` marks; undefined when there is none. */
  readonly body: unknown;
  /** The JSON body as sent, for what can only be told by its type mark. */
  readonly rawBody: unknown;
}

export interface GraphResponse {
  readonly status: number;
  readonly body?: unknown;
}

/** Who may call a route (the permissions tables of https://learn.microsoft.com/graph/permissions-reference). */
export interface GraphAccess {
  /** Any one of these, as application or delegated permission, is enough. */
  readonly anyOf: readonly string[];
  /** Any one of these is needed on top of the first. */
  readonly and?: readonly string[];
  /** Enough for who owns the object; an empty list means that ownership alone is enough. */
  readonly ownerNeeds?: readonly string[];
  /** The owners of the object that the request is about; undefined when there is no such object. */
  readonly owners?: (request: GraphRequest) => readonly string[] | undefined;
  /** The object that a signed-in person may read for being that object. */
  readonly self?: (request: GraphRequest) => string | undefined;
  /** How the service behind the route refuses; Graph's own refusal when not given. */
  readonly denied?: () => GraphError;
}

export interface GraphRoute extends RoutePattern {
  /** Both versions when not given. */
  readonly versions?: readonly GraphVersion[];
  readonly access: GraphAccess;
  readonly handle: (request: GraphRequest) => GraphResponse;
}

export const NO_CONTENT: GraphResponse = { status: 204 };

/** Fills in a parameter that the route's own pattern names. */
export function param(request: GraphRequest, name: string): string {
  return request.params[name] ?? "";
}
