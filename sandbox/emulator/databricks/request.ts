import type { z } from "zod";
import type { Caller, EmulatorContext } from "../context.ts";
import type { PathParams, RoutePattern } from "../routing.ts";
import type { DatabricksData, DatabricksWorkspace } from "./data.ts";
import { invalid } from "./errors.ts";

/** One authenticated request to the account or to a workspace. */
export interface DatabricksRequest {
  readonly context: EmulatorContext;
  readonly data: DatabricksData;
  readonly caller: Caller;
  readonly params: PathParams;
  readonly query: URLSearchParams;
  readonly body: unknown;
}

export interface WorkspaceRequest extends DatabricksRequest {
  readonly workspace: DatabricksWorkspace;
  /** What the caller is there: themselves and all groups that hold them. */
  readonly membership: Membership;
}

/** What somebody is in a workspace. */
export interface Membership {
  /** Ids of the principals that the account knows: the caller's own first, if it is known. */
  readonly principals: readonly string[];
  readonly isAdmin: boolean;
}

export interface DatabricksResponse {
  readonly status?: number;
  readonly body?: unknown;
}

export interface Route<R extends DatabricksRequest> extends RoutePattern {
  /** Who may: everybody in the workspace, its admins, or the account's admins. @default "admin" */
  readonly who?: "everybody" | "admin" | "account-admin";
  readonly handle: (request: R) => DatabricksResponse;
}

export function param(request: DatabricksRequest, name: string): string {
  return request.params[name] ?? "";
}

/** Checks a body; the first problem is answered as 400, naming the field. */
export function readBody<S extends z.ZodType>(request: DatabricksRequest, schema: S): z.output<S> {
  const result = schema.safeParse(request.body ?? {});
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const path = [...(issue?.path ?? []), ...(issue?.code === "unrecognized_keys" ? issue.keys : [])].join(".");
  throw invalid(`Could not parse request object: ${path}: ${issue?.message}`, "MALFORMED_REQUEST");
}

/** Runs a change of Databricks' data and keeps it. */
export function change<T>(request: DatabricksRequest, run: () => T): T {
  return request.context.store.mutate(run);
}
