import { randomUUID } from "node:crypto";
import type { Context } from "hono";
import { EntraError, tokenErrorReport } from "./errors.ts";
import type { EntraState } from "./state.ts";
import { type TenantSegment, tenantSegment } from "./tenant.ts";

/** What a program posts to one of Entra's endpoints that answer JSON. */
export interface FormRequest {
  readonly tenant: TenantSegment;
  readonly body: URLSearchParams;
  /** `client-request-id` header, or a new GUID. */
  readonly correlationId: string;
}

/** An endpoint below `/{tenant}` that reads a form; what it throws is told as JSON, in Entra's shape. */
export function formEndpoint(
  state: EntraState,
  answer: (c: Context, request: FormRequest) => Response | Promise<Response>,
) {
  return async (c: Context): Promise<Response> => {
    const correlationId = c.req.header("client-request-id") ?? randomUUID();
    setAnswerHeaders(c, correlationId);
    try {
      const tenant = tenantSegment(state.context.store.data, c.req.param("tenant") ?? "");
      if (!(c.req.header("content-type") ?? "").startsWith("application/x-www-form-urlencoded"))
        throw new EntraError(9002313);
      return await answer(c, { tenant, body: new URLSearchParams(await c.req.text()), correlationId });
    } catch (error) {
      if (!(error instanceof EntraError)) throw error;
      return c.json(tokenErrorReport(error, state.context.now(), correlationId), error.details.status);
    }
  };
}

/** Throws AADSTS900144 for a parameter that is missing or empty. */
export function required(body: URLSearchParams, parameter: string): string {
  const value = body.get(parameter);
  if (value === null || value === "") throw new EntraError(900144, { parameter });
  return value;
}

function setAnswerHeaders(c: Context, correlationId: string) {
  c.header("Cache-Control", "no-store, no-cache");
  c.header("Pragma", "no-cache");
  c.header("client-request-id", correlationId);
  c.header("x-ms-request-id", randomUUID());
}
