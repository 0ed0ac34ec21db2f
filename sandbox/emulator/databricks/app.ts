import { randomUUID } from "node:crypto";
import { Hono } from "hono";
import { recordCall } from "../call-log.ts";
import type { Caller, EmulatorContext } from "../context.ts";
import { DATABRICKS } from "../first-party.ts";
import type { Hosts } from "../hosts.ts";
import { findRoute } from "../routing.ts";
import { accountRoutes } from "./account-routes.ts";
import { addressListRoutes, isShutOut, SANDBOX_ADDRESS } from "./address-lists.ts";
import { catalogRoutes } from "./catalog-routes.ts";
import type { DatabricksData, DatabricksWorkspace } from "./data.ts";
import { DatabricksError, denied, invalid, notEmulated } from "./errors.ts";
import { HOST_PARTS } from "./life.ts";
import { admitByAzureRole, membershipOf } from "./membership.ts";
import type { DatabricksRequest, DatabricksResponse, Route, WorkspaceRequest } from "./request.ts";
import { scimRoutes } from "./scim-routes.ts";
import { settingsRoutes } from "./settings-routes.ts";

const workspaceRoutes: readonly Route<WorkspaceRequest>[] = [
  ...scimRoutes,
  ...settingsRoutes,
  ...addressListRoutes,
  ...catalogRoutes,
];

/** Databricks' hosts: the account's, and those of the workspaces, `adb-<id>.<number>.azuredatabricks.net`. */
export function databricksHosts(context: EmulatorContext): Hosts {
  const workspaces = createWorkspaceApp(context);
  const parts = Array.from({ length: HOST_PARTS }, (_, part) => [`*.${part}.azuredatabricks.net`, workspaces] as const);
  return { "accounts.azuredatabricks.net": createAccountApp(context), ...Object.fromEntries(parts) };
}

/** The account's API: its admins' alone. */
export function createAccountApp(context: EmulatorContext): Hono {
  return createApp(context, accountRoutes, async (request, route) => {
    const { id, admins } = request.data.account;
    if (route.path.includes(":account") && request.params.account !== id) {
      throw denied(`Account ${request.params.account} is not the account of this tenant.`);
    }
    if (!admins.includes(request.caller.objectId)) throw denied("This API is for account admins only.");
    return request;
  });
}

/** A workspace's API: for those who are in it, from where its address list lets them. */
export function createWorkspaceApp(context: EmulatorContext): Hono {
  return createApp(context, workspaceRoutes, async (request, route, raw) => {
    const host = (raw.headers.get("host") ?? new URL(raw.url).host).replace(/:\d+$/, "").toLowerCase();
    const { data, caller } = request;
    const workspace = Object.values(data.workspaces).find((one) => one.host === host);
    if (workspace === undefined) throw new DatabricksError(404, 404, `There is no workspace at ${host}.`);
    await admitByAzureRole(context, data, workspace, caller, raw.headers);
    const membership = membershipOf(context, data, workspace, caller);
    if (membership === undefined) {
      const message = `Unauthorized access to Org: ${workspace.id} [ReqId: ${randomUUID()}]`;
      throw new DatabricksError(403, 403, message);
    }
    checkAddress(workspace, caller.ipAddress);
    const who = route.who ?? "admin";
    if (who !== "everybody" && !membership.isAdmin) throw denied("Only admins of the workspace can do this.");
    if (who === "account-admin" && !data.account.admins.includes(caller.objectId)) {
      throw denied("Only account admins can do this.");
    }
    return { ...request, workspace, membership };
  });
}

/** People come from where they signed in, programs from the sandbox's own address: all connections here are loopback. */
function checkAddress({ id, conf, addressLists }: DatabricksWorkspace, address = SANDBOX_ADDRESS): void {
  if (conf.enableIpAccessLists !== "true" || !isShutOut(Object.values(addressLists), address)) return;
  throw new DatabricksError(
    403,
    403,
    `Source IP address: ${address} is blocked by Databricks IP ACL for workspace: ${id}`,
  );
}

function createApp<R extends DatabricksRequest>(
  context: EmulatorContext,
  routes: readonly Route<R>[],
  admit: (request: DatabricksRequest, route: Route<R>, raw: Request) => Promise<R | DatabricksRequest>,
): Hono {
  const app = new Hono();
  app.all("*", async (c) => {
    const method = c.req.method;
    const url = new URL(c.req.url);
    const log = { method, route: url.pathname, callerId: undefined as string | undefined };
    const answer = ({ status = 200, body }: DatabricksResponse) => {
      recordCall(app, { ...log, status });
      return body === undefined || status === 204 ? new Response(null, { status }) : Response.json(body, { status });
    };
    try {
      const caller = await authenticated(context, c.req.header("authorization"));
      log.callerId = caller.objectId;
      const found = findRoute(routes, method, url.pathname);
      if (found === undefined) throw notEmulated(`${method} ${url.host}${url.pathname}`);
      log.route = found.route.path;
      const { params } = found;
      const body = await readJson(c.req.raw);
      const request = { context, data: dataOf(context), caller, params, query: url.searchParams, body };
      // `admit` adds what this app's routes ask for.
      return answer(found.route.handle((await admit(request, found.route, c.req.raw)) as R));
    } catch (error) {
      if (!(error instanceof DatabricksError)) throw error;
      const { status, code, message, details } = error;
      return answer({ status, body: { error_code: code, message, ...(details.length > 0 && { details }) } });
    }
  });
  return app;
}

function dataOf({ store }: EmulatorContext): DatabricksData {
  if (store.data.databricks === undefined) throw new Error("The seed made no Databricks account.");
  return store.data.databricks;
}

async function authenticated(context: EmulatorContext, authorization: string | undefined): Promise<Caller> {
  if (authorization === undefined) {
    throw new DatabricksError(401, 401, "Credential was not sent or was of an unsupported type for this API.");
  }
  const caller = await context.authenticate(authorization, DATABRICKS);
  if (caller === undefined) throw new DatabricksError(403, 403, "Invalid access token.");
  return caller;
}

async function readJson(request: Request): Promise<unknown> {
  const text = await request.text();
  if (text === "") return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw invalid("Could not parse request object.", "MALFORMED_REQUEST");
  }
}
