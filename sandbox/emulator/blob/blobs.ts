import { checkRead, checkWrite } from "./conditions.ts";
import type { StoredBlob } from "./data.ts";
import { BlobError, blobNotFound, invalidHeader, missingHeader, notEmulated } from "./errors.ts";
import { blobHeaders, describedBy, SETTABLE } from "./properties.ts";
import { type BlobOperation, type BlobRequest, type BlobResponse, containerOf, findBlob } from "./request.ts";
import { checkMd5, md5, stagedName, writeBlob, writtenHeaders } from "./write.ts";

const MATCHES = ["if-match", "if-none-match"];

/** Operations on a whole blob. */
export const blobOperations: Readonly<Record<string, BlobOperation>> = {
  "Put Blob": {
    method: "PUT",
    on: "blob",
    takes: ["x-ms-blob-type", ...SETTABLE, ...MATCHES],
    needs: { right: "blobs/write", data: true },
    handle: putBlob,
  },
  "Get Blob": {
    method: "GET",
    on: "blob",
    takes: ["x-ms-range", ...MATCHES],
    needs: { right: "blobs/read", data: true },
    handle: getBlob,
  },
  "Get Blob Properties": {
    method: "HEAD",
    on: "blob",
    takes: MATCHES,
    needs: { right: "blobs/read", data: true },
    handle: (request) => {
      const blob = readableBlob(request);
      return {
        status: 200,
        headers: { ...blobHeaders(blob), "x-ms-access-tier": "Hot", "x-ms-access-tier-inferred": "true" },
      };
    },
  },
  "Delete Blob": {
    method: "DELETE",
    on: "blob",
    takes: MATCHES,
    needs: { right: "blobs/delete", data: true },
    handle: deleteBlob,
  },
};

function readableBlob(request: BlobRequest): StoredBlob {
  const blob = findBlob(request);
  if (blob === undefined) throw blobNotFound();
  checkRead(request.headers, blob);
  return blob;
}

/** https://learn.microsoft.com/rest/api/storageservices/put-blob */
function putBlob(request: BlobRequest): BlobResponse {
  const { headers, body } = request;
  const type = headers.get("x-ms-blob-type");
  if (type === null) throw missingHeader("x-ms-blob-type");
  if (type !== "BlockBlob") throw notEmulated(`blobs of the type ${type}`);
  checkWrite(headers, findBlob(request));
  checkMd5(body, headers.get("content-md5"));
  checkMd5(body, headers.get("x-ms-blob-content-md5"));
  const described = describedBy(headers);
  const hash = md5(body);
  const blob = writeBlob(request, body, { ...described, headers: { ...described.headers, "content-md5": hash } });
  return { status: 201, headers: { ...writtenHeaders(blob), "content-md5": hash } };
}

/** https://learn.microsoft.com/rest/api/storageservices/get-blob */
function getBlob(request: BlobRequest): BlobResponse {
  const blob = readableBlob(request);
  const bytes = request.contents.read(blob.content);
  const headers = blobHeaders(blob);
  const range = request.headers.get("x-ms-range") ?? request.headers.get("range");
  if (range === null) return { status: 200, headers, body: bytes };
  const { from, to } = readRange(range, bytes.length);
  const { "content-md5": whole, ...rest } = headers;
  return {
    status: 206,
    headers: {
      ...rest,
      // The hash of a part is not that of the whole, which has a header of its own.
      ...(whole !== undefined && { "x-ms-blob-content-md5": whole }),
      "content-length": String(to - from + 1),
      "content-range": `bytes ${from}-${to}/${bytes.length}`,
    },
    body: bytes.subarray(from, to + 1),
  };
}

/** First and last byte, both included. */
function readRange(range: string, length: number): { from: number; to: number } {
  const match = /^bytes=(\d{1,15})-(\d{1,15})?$/.exec(range);
  if (match === null) throw invalidHeader("Range", range);
  const from = Number(match[1]);
  const to = Math.min(match[2] === undefined ? length - 1 : Number(match[2]), length - 1);
  if (from > to) {
    throw new BlobError(416, "InvalidRange", "The range specified is invalid for the current size of the resource.");
  }
  return { from, to };
}

/** What is deleted is gone: see decision 173. */
function deleteBlob(request: BlobRequest): BlobResponse {
  const { context, contents } = request;
  const blob = findBlob(request);
  if (blob === undefined) throw blobNotFound();
  checkWrite(request.headers, blob);
  const container = containerOf(request).id.toLowerCase();
  context.store.mutate((data) => {
    delete data.blobs[container]?.[request.blob];
  });
  contents.remove(blob.content);
  request.staged.forget(stagedName(request));
  return { status: 202, headers: { "x-ms-delete-type-permanent": "true" } };
}
