import { Hono } from "hono";
import { STORAGE_ACCOUNT_TYPE } from "../arm/types.ts";
import { recordCall } from "../call-log.ts";
import type { EmulatorContext } from "../context.ts";
import type { ArmResource } from "../directory.ts";
import { authenticate } from "./authenticate.ts";
import { authorize } from "./authorize.ts";
import type { BlobContents } from "./contents.ts";
import { BlobError, errorBody } from "./errors.ts";
import { checkShape, findOperation } from "./operations.ts";
import { readPath } from "./path.ts";
import type { BlobRequest, BlobResponse } from "./request.ts";
import { StagedBlocks } from "./staged.ts";

const HOST = /^([a-z0-9]+)\.blob\.core\.windows\.net(?::\d+)?$/i;

/**
 * The data plane of every storage account, `<name>.blob.core.windows.net`: block blobs, opened by Entra's tokens and Azure's
 * roles. The account's network rules have no effect, since everybody here comes from the machine itself.
 */
export function createBlobApp(context: EmulatorContext, contents: BlobContents): Hono {
  const app = new Hono();
  const staged = new StagedBlocks();

  app.all("*", async (c) => {
    const { method } = c.req;
    const { headers } = c.req.raw;
    const url = new URL(c.req.url);
    const log = { method, route: url.pathname, callerId: undefined as string | undefined };
    const id = crypto.randomUUID();
    const answer = (response: BlobResponse) => {
      recordCall(app, { ...log, status: response.status });
      return respond(context, { method, headers, id }, response);
    };
    try {
      const account = accountOf(context, c.req.header("host") ?? url.host);
      const caller = await authenticate(context, headers, url.searchParams);
      log.callerId = caller.objectId;
      const path = readPath(url);
      const operation = findOperation(method, path, url.searchParams, headers);
      log.route = operation.name;
      checkShape(operation, url.searchParams, headers);
      const containerId = `${account.id}/blobServices/default/containers/${path.container}`;
      authorize(context, caller, operation.needs, containerId);
      const request: BlobRequest = {
        context,
        contents,
        staged,
        caller,
        account,
        containerId,
        blob: path.blob,
        query: url.searchParams,
        headers,
        body: Buffer.from(await c.req.arrayBuffer()),
      };
      return answer(operation.handle(request));
    } catch (error) {
      if (!(error instanceof BlobError)) throw error;
      const told = { "content-type": "application/xml", "x-ms-error-code": error.code };
      return answer({ status: error.status, headers: told, body: errorBody(error, id, context.now()) });
    }
  });
  return app;
}

/** An account that does not exist has no DNS name either; the sandbox has to answer something, and answers 404. */
function accountOf(context: EmulatorContext, host: string): ArmResource {
  const name = HOST.exec(host)?.[1]?.toLowerCase();
  const account = Object.values(context.store.data.armResources).find(
    (resource) => resource.type === STORAGE_ACCOUNT_TYPE && resource.name === name,
  );
  if (account === undefined) throw new BlobError(404, "ResourceNotFound", `There is no storage account at ${host}.`);
  return account;
}

/** The 401 tells the client where to get which token. */
function respond(
  context: EmulatorContext,
  asked: { readonly method: string; readonly headers: Headers; readonly id: string },
  response: BlobResponse,
): Response {
  const headers = new Headers(response.headers);
  headers.set("x-ms-request-id", asked.id);
  for (const name of ["x-ms-version", "x-ms-client-request-id"]) {
    const value = asked.headers.get(name);
    if (value !== null) headers.set(name, value);
  }
  if (response.status === 401) {
    const authority = `https://login.microsoftonline.com/${context.store.data.tenantId}/oauth2/authorize`;
    headers.set("www-authenticate", `Bearer authorization_uri=${authority} resource_id=https://storage.azure.com`);
  }
  const silent = asked.method === "HEAD" || response.status === 304;
  const body = silent || response.body === undefined ? null : response.body;
  return new Response(typeof body === "string" || body === null ? body : new Uint8Array(body), {
    status: response.status,
    headers,
  });
}
