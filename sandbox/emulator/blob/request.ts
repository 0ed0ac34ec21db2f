import type { Caller, EmulatorContext } from "../context.ts";
import type { ArmResource } from "../directory.ts";
import type { BlobContents } from "./contents.ts";
import type { StoredBlob } from "./data.ts";
import { containerNotFound } from "./errors.ts";
import type { StagedBlocks } from "./staged.ts";

/** One authenticated request to a storage account that exists. */
export interface BlobRequest {
  readonly context: EmulatorContext;
  readonly contents: BlobContents;
  readonly staged: StagedBlocks;
  readonly caller: Caller;
  readonly account: ArmResource;
  /** Resource id of the container, which may not exist. */
  readonly containerId: string;
  /** Decoded; empty when the container itself is asked. */
  readonly blob: string;
  readonly query: URLSearchParams;
  readonly headers: Headers;
  readonly body: Buffer;
}

export interface BlobResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer | string;
}

/** One operation of the Blob service (https://learn.microsoft.com/rest/api/storageservices/blob-service-rest-api). */
export interface BlobOperation {
  readonly method: "GET" | "HEAD" | "PUT" | "DELETE";
  readonly on: "container" | "blob";
  /** Query parameters that tell it apart from others of the same method. */
  readonly tells?: Readonly<Record<string, string>>;
  /** A header that tells it apart. */
  readonly tellsHeader?: string;
  /** Further query parameters that it takes. */
  readonly parameters?: readonly string[];
  /** `x-ms-` headers and conditions that it takes, beside those that every request may have; `x-ms-meta-` stands for all metadata. */
  readonly takes?: readonly string[];
  /** Right below `Microsoft.Storage/storageAccounts/blobServices/containers/`, and whether it is one on data. */
  readonly needs: { readonly right: string; readonly data: boolean };
  readonly handle: (request: BlobRequest) => BlobResponse;
}

/** The container of the request. */
export function containerOf({ context, containerId }: BlobRequest): ArmResource {
  const found = context.store.data.armResources[containerId.toLowerCase()];
  if (found === undefined) throw containerNotFound();
  return found;
}

/** The blob of the request, or another one of its container; undefined when there is none. */
export function findBlob(request: BlobRequest, name = request.blob): StoredBlob | undefined {
  const blobs = request.context.store.data.blobs[containerOf(request).id.toLowerCase()];
  return blobs !== undefined && Object.hasOwn(blobs, name) ? blobs[name] : undefined;
}
