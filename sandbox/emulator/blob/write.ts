import { createHash, randomBytes } from "node:crypto";
import type { StoredBlob } from "./data.ts";
import { BlobError } from "./errors.ts";
import { httpDate } from "./properties.ts";
import { type BlobRequest, containerOf, findBlob } from "./request.ts";

export const md5 = (bytes: Buffer) => createHash("md5").update(bytes).digest("base64");

/** Whether the body is what its sender says. */
export function checkMd5(bytes: Buffer, claimed: string | null): void {
  if (claimed === null || claimed === "" || claimed === md5(bytes)) return;
  throw new BlobError(
    400,
    "Md5Mismatch",
    "The MD5 value specified in the request did not match with the MD5 value calculated by the server.",
    { UserSpecifiedMd5: claimed, ServerCalculatedMd5: md5(bytes) },
  );
}

/** Under which a blob's blocks are staged. */
export const stagedName = (request: BlobRequest) => `${request.containerId.toLowerCase()}/${request.blob}`;

/** Puts a blob in the place of what has its name: bytes first, so that a kill leaves the blob as it was or as it is to be. */
export function writeBlob(
  request: BlobRequest,
  bytes: Buffer,
  what: Pick<StoredBlob, "headers" | "metadata" | "copy">,
): StoredBlob {
  const { context, contents } = request;
  const container = containerOf(request).id.toLowerCase();
  const before = findBlob(request);
  const now = context.now().toISOString();
  const blob: StoredBlob = {
    content: contents.add(bytes),
    length: bytes.length,
    headers: what.headers,
    metadata: what.metadata,
    etag: `"0x8D${randomBytes(7).toString("hex").slice(1).toUpperCase()}"`,
    created: before?.created ?? now,
    modified: now,
    ...(what.copy !== undefined && { copy: what.copy }),
  };
  context.store.mutate((data) => {
    data.blobs[container] = { ...data.blobs[container], [request.blob]: blob };
  });
  if (before !== undefined) contents.remove(before.content);
  request.staged.forget(stagedName(request));
  return blob;
}

/** What every write answers. */
export const writtenHeaders = (blob: StoredBlob) => ({
  etag: blob.etag,
  "last-modified": httpDate(blob.modified),
  "x-ms-request-server-encrypted": "true",
});
