import { Hono } from "hono";
import { recordCall } from "../call-log.ts";
import type { EmulatorContext } from "../context.ts";
import { metadataEndpoints } from "../entra/metadata-endpoints.ts";
import { findRoute } from "../routing.ts";
import { mayAct } from "./access.ts";
import { clusterRoutes } from "./clusters.ts";
import { databricksWorkspaceRoutes } from "./databricks-workspaces.ts";
import { dnsZoneRoutes } from "./dns-zones.ts";
import { ArmError, armBadRequest, armNotImplemented } from "./errors.ts";
import { guardRoutes, refuseLocked } from "./guards.ts";
import { identityRoutes } from "./identities.ts";
import { identityCredentialRoutes } from "./identity-credentials.ts";
import { diagnosticSettingRoutes, logWorkspaceRoutes } from "./logs.ts";
import { networkRoutes } from "./network.ts";
import { operationRoutes } from "./operations.ts";
import { postgresRoutes } from "./postgres.ts";
import { privateLinkRoutes } from "./private-links.ts";
import { redisRoutes } from "./redis.ts";
import type { ArmRequest, ArmResponse, ArmRoute } from "./request.ts";
import { resourceGroupRoutes } from "./resource-groups.ts";
import { roleAssignmentRoutes } from "./role-assignments.ts";
import { roleDefinitionRoutes } from "./role-definition-routes.ts";
import { storageRoutes } from "./storage.ts";
import { subnetRoutes } from "./subnets.ts";
import { subscriptionOf, subscriptionRoutes } from "./subscriptions.ts";
import { deletedVaultRoutes } from "./vaults/deleted.ts";
import { vaultKeyRoutes } from "./vaults/keys.ts";
import { vaultRoutes } from "./vaults/routes.ts";
import { vaultSecretRoutes } from "./vaults/secrets.ts";
import { readApiVersion } from "./versions.ts";

const AUDIENCE = "https://management.azure.com";
/** The one version in which providers ask for the cloud's hosts. */
const METADATA_VERSION = "2022-09-01";

const routes: readonly ArmRoute[] = [
  ...subscriptionRoutes,
  ...operationRoutes,
  ...resourceGroupRoutes,
  ...vaultRoutes,
  ...deletedVaultRoutes,
  ...vaultSecretRoutes,
  ...vaultKeyRoutes,
  ...storageRoutes,
  ...identityRoutes,
  ...identityCredentialRoutes,
  ...networkRoutes,
  ...subnetRoutes,
  ...databricksWorkspaceRoutes,
  ...logWorkspaceRoutes,
  ...diagnosticSettingRoutes,
  ...privateLinkRoutes,
  ...dnsZoneRoutes,
  ...clusterRoutes,
  ...postgresRoutes,
  ...redisRoutes,
  ...guardRoutes,
  ...roleAssignmentRoutes,
  ...roleDefinitionRoutes,
];

/**
 * Azure Resource Manager over the sandbox's directory: resource groups, Key Vault, managed identities, Azure roles, networks with
 * private endpoints, clusters, PostgreSQL, Redis, logs, DNS zones, locks, budgets, and Databricks workspaces. Every other route or resource type is 501 by name.
 */
export function createArmApp(context: EmulatorContext): Hono {
  const app = new Hono();

  app.all("*", async (c) => {
    const method = c.req.method;
    const url = new URL(c.req.url);
    const log = { method, route: url.pathname, callerId: undefined as string | undefined };
    const answer = ({ status, body, headers }: ArmResponse) => {
      recordCall(app, { ...log, status });
      return respond(status, method === "HEAD" ? undefined : body, headers ?? {});
    };
    try {
      if (method === "GET" && url.pathname === "/metadata/endpoints") {
        checkMetadataVersion(url.searchParams);
        return metadataEndpoints()(c);
      }
      const authorization = c.req.header("authorization");
      const caller = await context.authenticate(authorization, AUDIENCE);
      if (caller === undefined) throw unauthenticated(authorization);
      log.callerId = caller.objectId;
      const found = findRoute(routes, method, url.pathname);
      if (found === undefined) throw armNotImplemented(`${method} ${url.pathname}`);
      log.route = found.route.path;
      const request: ArmRequest = {
        context,
        data: context.store.data,
        caller,
        params: found.params,
        query: url.searchParams,
        apiVersion: readApiVersion(url.searchParams, found.route.type),
        body: await readJson(c.req.raw),
      };
      authorize(request, found.route);
      if (method === "DELETE") refuseLocked(request.data, url.pathname);
      return answer(await found.route.handle(request));
    } catch (error) {
      if (!(error instanceof ArmError)) throw error;
      return answer({ status: error.status, body: { error: { code: error.code, message: error.message } } });
    }
  });
  return app;
}

function checkMetadataVersion(query: URLSearchParams): void {
  if (query.get("api-version") === METADATA_VERSION) return;
  throw armBadRequest(`/metadata/endpoints needs api-version=${METADATA_VERSION}.`, "InvalidApiVersionParameter");
}

function authorize(request: ArmRequest, route: ArmRoute): void {
  if (request.params.subscription !== undefined) subscriptionOf(request);
  if (route.needs === undefined) return;
  const { action } = route.needs;
  const scope = route.needs.scope(request);
  if (mayAct(request.data, request.caller.objectId, action, scope)) return;
  throw new ArmError(
    403,
    "AuthorizationFailed",
    `The client '${request.caller.clientId}' with object id '${request.caller.objectId}' does not have authorization to perform action '${action}' over scope '${scope}' or the scope is invalid. If access was recently granted, please refresh your credentials.`,
  );
}

function unauthenticated(authorization: string | undefined): ArmError {
  return authorization === undefined
    ? new ArmError(401, "AuthenticationFailed", "Authentication failed. The 'Authorization' header is missing.")
    : new ArmError(401, "InvalidAuthenticationToken", "The access token is invalid.");
}

async function readJson(request: Request): Promise<unknown> {
  const text = await request.text();
  if (text === "") return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw armBadRequest("The request content was invalid and could not be deserialized.", "InvalidRequestContent");
  }
}

function respond(status: number, body: unknown, extra: Readonly<Record<string, string>>): Response {
  const headers = new Headers({ "x-ms-request-id": crypto.randomUUID(), "Cache-Control": "no-cache", ...extra });
  if (status === 401)
    headers.set(
      "WWW-Authenticate",
      `Bearer authorization_uri="https://login.microsoftonline.com/common", error="invalid_token"`,
    );
  if (body === undefined) return new Response(null, { status, headers });
  headers.set("Content-Type", "application/json; charset=utf-8");
  return new Response(JSON.stringify(body), { status, headers });
}
