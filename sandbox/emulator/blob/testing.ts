import { type ArmWorld, armWorld, GROUP } from "../arm/testing.ts";
import { createBlobApp } from "./app.ts";
import { type BlobContents, memoryContents } from "./contents.ts";

export const ACCOUNT = `${GROUP}/providers/Microsoft.Storage/storageAccounts/stentrada1`;
export const CONTAINER = `${ACCOUNT}/blobServices/default/containers/pulumi`;
export const HOST = "https://stentrada1.blob.core.windows.net";
export const BLOB_ROLES = {
  contributor: "ba92f5b4-2d11-453d-a403-e96b0029c9fe",
  reader: "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1",
} as const;

export interface BlobAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** What a request has besides its method and path. */
export interface BlobAsk {
  readonly body?: string;
  /** Name of a caller; default: the deployer; empty: no token at all. */
  readonly as?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface BlobWorld extends ArmWorld {
  /** Sends to the account stentrada1, or to another host. */
  ask(method: string, path: string, options?: BlobAsk): Promise<BlobAnswer>;
  put(name: string, body: string, headers?: Readonly<Record<string, string>>): Promise<BlobAnswer>;
}

/** The account stentrada1 with the container `pulumi`, which the deployer may write. */
export async function blobWorld(contents: BlobContents = memoryContents()): Promise<BlobWorld> {
  const world = armWorld();
  const app = createBlobApp(world.context, contents);
  await world.deploy();
  const account = {
    location: "westeurope",
    kind: "StorageV2",
    sku: { name: "Standard_ZRS" },
    properties: { allowSharedKeyAccess: false },
  };
  await world.arm("PUT", `${ACCOUNT}?api-version=2024-01-01`, account);
  await world.arm("PUT", `${CONTAINER}?api-version=2024-01-01`, {});
  await world.assign(world.deployer.objectId, BLOB_ROLES.contributor, CONTAINER);
  const ask: BlobWorld["ask"] = async (method, path, { body, as = "deployer", headers } = {}) => {
    const response = await app.request(path.startsWith("https:") ? path : `${HOST}${path}`, {
      method,
      headers: { ...(as !== "" && { authorization: `Bearer ${as}` }), "x-ms-version": "2026-02-06", ...headers },
      ...(body !== undefined && { body }),
    });
    return { status: response.status, headers: response.headers, text: await response.text() };
  };
  return {
    ...world,
    ask,
    put: (name, body, headers = {}) =>
      ask("PUT", `/pulumi/${encodeURIComponent(name)}`, {
        body,
        headers: { "x-ms-blob-type": "BlockBlob", ...headers },
      }),
  };
}
