import { Hono } from "hono";
import { recordCall } from "../call-log.ts";
import type { EmulatorContext } from "../context.ts";
import { userinfo } from "../entra/userinfo.ts";
import { findRoute } from "../routing.ts";
import { appRoleAssignmentRoutes } from "./app-role-assignments.ts";
import { federatedCredentialRoutes } from "./applications/federated-credentials.ts";
import { passwordRoutes } from "./applications/passwords.ts";
import { applicationRoutes } from "./applications/routes.ts";
import { auditLogRoutes } from "./audit-logs/routes.ts";
import { answerBatch } from "./batch.ts";
import { withoutTypeMarks } from "./body.ts";
import { evaluateRoutes } from "./conditional-access/evaluate.ts";
import { namedLocationRoutes } from "./conditional-access/named-locations.ts";
import { conditionalAccessPolicyRoutes } from "./conditional-access/policies.ts";
import { authenticationStrengthRoutes } from "./conditional-access/strengths.ts";
import { directoryObjectRoutes } from "./directory-objects.ts";
import { denied, errorBody, GraphError, notImplemented } from "./errors.ts";
import { memberRoutes } from "./groups/members.ts";
import { groupRoutes } from "./groups/routes.ts";
import { organizationRoutes } from "./organization.ts";
import { permissionGrantRoutes } from "./permission-grants.ts";
import { mayCall } from "./permissions.ts";
import type { GraphRequest, GraphResponse, GraphRoute, GraphVersion } from "./request.ts";
import { servicePrincipalRoutes } from "./service-principals.ts";
import { userRoutes } from "./users.ts";

const AUDIENCE = "https://graph.microsoft.com";

const routes: readonly GraphRoute[] = [
  ...applicationRoutes,
  ...passwordRoutes,
  ...federatedCredentialRoutes,
  ...servicePrincipalRoutes,
  ...appRoleAssignmentRoutes,
  ...permissionGrantRoutes,
  ...groupRoutes,
  ...memberRoutes,
  ...userRoutes,
  ...directoryObjectRoutes,
  ...organizationRoutes,
  ...auditLogRoutes,
  ...conditionalAccessPolicyRoutes,
  ...namedLocationRoutes,
  ...authenticationStrengthRoutes,
  ...evaluateRoutes,
];

/**
 * Microsoft Graph, v1.0 and beta, over the sandbox's directory: what the azuread provider, the Graph client and the
 * sandbox's own parts call. Everything else is 501 naming the route.
 */
export function createGraphApp(context: EmulatorContext): Hono {
  const app = new Hono();

  app.on(["GET", "POST"], "/oidc/userinfo", userinfo(context));

  app.all("*", async (c) => {
    const method = c.req.method;
    const url = new URL(c.req.url);
    const log = { method, route: url.pathname, callerId: undefined as string | undefined };
    const answer = (status: number, body?: unknown) => {
      recordCall(app, { ...log, status });
      return respond(status, body, c.req.header("client-request-id"));
    };
    try {
      const authorization = c.req.header("authorization");
      const caller = await context.authenticate(authorization, AUDIENCE);
      if (caller === undefined || authorization === undefined) throw unauthenticated(authorization);
      log.callerId = caller.objectId;
      const { version, path } = splitVersion(method, url.pathname);
      const body = await readJson(c.req.raw);
      if (method === "POST" && path === "/$batch") {
        log.route = path;
        return answer(200, await answerBatch(body, version, authorization, async (request) => app.fetch(request)));
      }
      const found = findRoute(
        routes.filter((route) => route.versions?.includes(version) ?? true),
        method,
        withKeySegments(path),
      );
      if (found === undefined) throw notImplemented(`${method} ${url.pathname}`);
      log.route = found.route.path;
      const request: GraphRequest = {
        context,
        data: context.store.data,
        caller,
        version,
        params: found.params,
        query: url.searchParams,
        headers: c.req.raw.headers,
        path,
        body: withoutTypeMarks(body),
        rawBody: body,
      };
      const { status, body: answered } = run(found.route, request);
      return answer(status, answered);
    } catch (error) {
      if (!(error instanceof GraphError)) throw error;
      return answer(error.status, errorBody(error, context.now()));
    }
  });
  return app;
}

function run(route: GraphRoute, request: GraphRequest): GraphResponse {
  // `/me` of an application is refused by the route itself, in its own words.
  const applicationAsksForMe = route.path === "/me" && request.caller.user === undefined;
  if (!applicationAsksForMe && !mayCall(request, route.access)) throw (route.access.denied ?? denied)();
  return route.handle(request);
}

function unauthenticated(authorization: string | undefined): GraphError {
  const message = authorization
    ? "Access token validation failure. Invalid audience, signature or lifetime."
    : "Access token is empty.";
  return new GraphError(401, "InvalidAuthenticationToken", message);
}

function splitVersion(method: string, pathname: string): { version: GraphVersion; path: string } {
  const match = /^\/(v1\.0|beta)(\/.*)$/.exec(pathname);
  if (match === null) throw notImplemented(`${method} ${pathname}`);
  return { version: match[1] === "beta" ? "beta" : "v1.0", path: match[2] ?? "/" };
}

/** Turns OData keys into segments: `/users('x')` to `/users/x`, `/servicePrincipals(appId='x')` to `/…/appId=x`. */
function withKeySegments(path: string): string {
  return path.replace(/\(((?:appId=)?)(?:'|%27)(.+?)(?:'|%27)\)/g, "/$1$2");
}

async function readJson(request: Request): Promise<unknown> {
  const text = await request.text();
  if (text === "") return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new GraphError(
      400,
      "BadRequest",
      "Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of valid JSON format.",
    );
  }
}

function respond(status: number, body: unknown, clientRequestId: string | undefined): Response {
  const headers = new Headers({ "request-id": crypto.randomUUID(), "OData-Version": "4.0" });
  if (clientRequestId !== undefined) headers.set("client-request-id", clientRequestId);
  if (status === 401)
    headers.set(
      "WWW-Authenticate",
      `Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize"`,
    );
  if (body === undefined) return new Response(null, { status, headers });
  const plain = typeof body === "number";
  headers.set("Content-Type", plain ? "text/plain" : "application/json;odata.metadata=minimal;charset=utf-8");
  return new Response(plain ? String(body) : JSON.stringify(body), { status, headers });
}
