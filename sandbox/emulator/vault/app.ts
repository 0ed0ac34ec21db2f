import { Hono } from "hono";
import { mayActOnData } from "../arm/access.ts";
import { VAULT_TYPE } from "../arm/types.ts";
import { recordCall } from "../call-log.ts";
import type { EmulatorContext } from "../context.ts";
import type { ArmResource } from "../directory.ts";
import { findRoute } from "../routing.ts";
import { deletedSecretRoutes, purgeDueSecrets } from "./deleted-routes.ts";
import { VaultError, vaultBadParameter, vaultErrorBody, vaultNotImplemented } from "./errors.ts";
import { keyRoutes } from "./key-routes.ts";
import type { VaultRequest, VaultResponse, VaultRoute } from "./request.ts";
import { secretRoutes } from "./secret-routes.ts";

const AUDIENCE = "https://vault.azure.net";
const HOST = /^([a-z0-9-]+)\.vault\.azure\.net(?::\d+)?$/i;
const API_VERSIONS = ["7.4", "7.5", "7.6"];

const routes: readonly VaultRoute[] = [...secretRoutes, ...deletedSecretRoutes, ...keyRoutes];

/**
 * The data plane of every vault, `<name>.vault.azure.net`: secrets and the use of keys, guarded by Azure roles. Certificates and
 * backups are 501. The vault's network rules have no effect, since everybody here comes from the machine itself.
 */
export function createVaultApp(context: EmulatorContext): Hono {
  const app = new Hono();

  app.all("*", async (c) => {
    const method = c.req.method;
    const url = new URL(c.req.url);
    const log = { method, route: url.pathname, callerId: undefined as string | undefined };
    const answer = ({ status, body }: VaultResponse) => {
      recordCall(app, { ...log, status });
      return respond(context, status, body);
    };
    try {
      const vault = vaultOf(context, c.req.header("host") ?? url.host);
      const authorization = c.req.header("authorization");
      const caller = await context.authenticate(authorization, AUDIENCE);
      if (caller === undefined) throw unauthenticated(authorization);
      log.callerId = caller.objectId;
      const found = findRoute(routes, method, url.pathname);
      if (found === undefined) throw vaultNotImplemented(`${method} ${url.pathname}`);
      log.route = found.route.path;
      checkApiVersion(url.searchParams);
      const body = await readJson(c.req.raw);
      const request: VaultRequest = {
        context,
        caller,
        vault,
        params: found.params,
        path: url.pathname,
        query: url.searchParams,
        body,
      };
      authorize(request, found.route);
      purgeDueSecrets(request);
      return answer(await found.route.handle(request));
    } catch (error) {
      if (!(error instanceof VaultError)) throw error;
      return answer({ status: error.status, body: vaultErrorBody(error) });
    }
  });
  return app;
}

/** A vault that does not exist has no DNS name either; the sandbox has to answer something, and answers 404. */
function vaultOf(context: EmulatorContext, host: string): ArmResource {
  const name = HOST.exec(host)?.[1]?.toLowerCase();
  const vault = Object.values(context.store.data.armResources).find(
    (resource) => resource.type === VAULT_TYPE && resource.name.toLowerCase() === name,
  );
  if (vault === undefined) throw new VaultError(404, "VaultNotFound", `There is no key vault at ${host}.`);
  return vault;
}

/** Azure roles at the secret or key, the vault or anything above. */
function authorize(request: VaultRequest, route: VaultRoute): void {
  const { caller, vault, params } = request;
  const action = `${VAULT_TYPE}/${route.action}`;
  const [collection] = route.action.split("/");
  const scope = params.name === undefined ? vault.id : `${vault.id}/${collection}/${params.name}`;
  if (mayActOnData(request.context.store.data, caller.objectId, action, scope)) return;
  throw new VaultError(
    403,
    "Forbidden",
    [
      "Caller is not authorized to perform action on resource.",
      "If role assignments, deny assignments or role definitions were changed recently, please observe propagation time.",
      `Caller: appid=${caller.clientId};oid=${caller.objectId}`,
      `Action: '${action}'`,
      `Resource: '${scope.toLowerCase()}'`,
      "Assignment: (not found)",
      `Vault: ${vault.name};location=${vault.location}`,
    ].join("\r\n"),
    "ForbiddenByRbac",
  );
}

function checkApiVersion(query: URLSearchParams): void {
  const version = query.get("api-version");
  if (version === null) throw vaultBadParameter("The api-version query parameter is required.");
  if (API_VERSIONS.includes(version)) return;
  throw vaultBadParameter(
    `The specified version (${version}) is not recognized. Consider using the latest supported version (${API_VERSIONS.at(-1)}).`,
  );
}

function unauthenticated(authorization: string | undefined): VaultError {
  return authorization === undefined
    ? new VaultError(401, "Unauthorized", "AKV10000: Request is missing a Bearer or PoP token.")
    : new VaultError(
        401,
        "Unauthorized",
        "AKV10032: The token is not valid for this vault: wrong issuer, audience or signature, or expired.",
      );
}

async function readJson(request: Request): Promise<unknown> {
  const text = await request.text();
  if (text === "") return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw vaultBadParameter("The request body is not valid JSON.");
  }
}

/** The 401 tells the client where to get which token: the challenge that every Key Vault client waits for. */
function respond(context: EmulatorContext, status: number, body: unknown): Response {
  const headers = new Headers({ "x-ms-request-id": crypto.randomUUID(), "Cache-Control": "no-cache" });
  if (status === 401) {
    const authority = `https://login.microsoftonline.com/${context.store.data.tenantId}`;
    headers.set("WWW-Authenticate", `Bearer authorization="${authority}", resource="${AUDIENCE}"`);
  }
  if (body === undefined) return new Response(null, { status, headers });
  headers.set("Content-Type", "application/json; charset=utf-8");
  return new Response(JSON.stringify(body), { status, headers });
}
