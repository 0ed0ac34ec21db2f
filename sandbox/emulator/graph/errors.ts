import { randomUUID } from "node:crypto";

/** An error in Graph's shape (https://learn.microsoft.com/graph/errors). Thrown by handlers, answered by the app. */
export class GraphError extends Error {
  readonly status: number;
  readonly code: string;
  /** What a service behind Graph said, where Graph puts it beside its own words. */
  readonly innerMessage: string | undefined;

  constructor(status: number, code: string, message: string, innerMessage?: string) {
    super(message);
    this.status = status;
    this.code = code;
    this.innerMessage = innerMessage;
  }
}

export const badRequest = (message: string) => new GraphError(400, "Request_BadRequest", message);

export const unsupportedQuery = (message: string) => new GraphError(400, "Request_UnsupportedQuery", message);

/** 404, in the words that the azuread provider and other clients look for. */
export const notFound = (id: string) =>
  new GraphError(
    404,
    "Request_ResourceNotFound",
    `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`,
  );

export const denied = () =>
  new GraphError(403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.");

export const conflict = (message: string) => new GraphError(409, "Request_MultipleObjectsWithSameKeyValue", message);

export const duplicateValue = (property: string) =>
  badRequest(`Another object with the same value for property ${property} already exists.`);

export const notImplemented = (what: string) =>
  new GraphError(501, "NotImplemented", `The sandbox's Microsoft Graph does not emulate ${what}.`);

export function errorBody(
  error: { code: string; message: string; innerMessage?: string | undefined },
  now: Date,
): unknown {
  const requestId = randomUUID();
  return {
    error: {
      code: error.code,
      message: error.message,
      innerError: {
        ...(error.innerMessage !== undefined && { message: error.innerMessage }),
        date: now.toISOString().slice(0, 19),
        "request-id": requestId,
        "client-request-id": requestId,
      },
    },
  };
}
