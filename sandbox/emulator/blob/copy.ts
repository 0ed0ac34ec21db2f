import { randomUUID } from "node:crypto";
import { authorize } from "./authorize.ts";
import { checkWrite } from "./conditions.ts";
import type { StoredBlob } from "./data.ts";
import { blobNotFound, invalidHeader, notEmulated } from "./errors.ts";
import { readPath } from "./path.ts";
import { describedBy } from "./properties.ts";
import { type BlobOperation, type BlobRequest, type BlobResponse, findBlob } from "./request.ts";
import { writeBlob, writtenHeaders } from "./write.ts";

const SOURCE = "x-ms-copy-source";

export const copyOperations: Readonly<Record<string, BlobOperation>> = {
  "Copy Blob": {
    method: "PUT",
    on: "blob",
    tellsHeader: SOURCE,
    takes: [SOURCE, "x-ms-meta-", "if-match", "if-none-match"],
    needs: { right: "blobs/write", data: true },
    handle: copyBlob,
  },
};

/** https://learn.microsoft.com/rest/api/storageservices/copy-blob: within an account it is done when it is answered. */
function copyBlob(request: BlobRequest): BlobResponse {
  checkWrite(request.headers, findBlob(request));
  const address = request.headers.get(SOURCE) ?? "";
  const source = sourceOf(request, address);
  const { metadata } = describedBy(request.headers);
  const blob = writeBlob(request, request.contents.read(source.content), {
    headers: source.headers,
    metadata: Object.keys(metadata).length > 0 ? metadata : source.metadata,
    copy: { id: randomUUID(), source: address, completed: request.context.now().toISOString() },
  });
  return {
    status: 202,
    headers: { ...writtenHeaders(blob), "x-ms-copy-id": blob.copy?.id ?? "", "x-ms-copy-status": "success" },
  };
}

/** The caller has to be allowed to read what is copied. */
function sourceOf(request: BlobRequest, address: string): StoredBlob {
  const { context, caller, account } = request;
  if (!URL.canParse(address)) throw invalidHeader(SOURCE, address);
  const url = new URL(address);
  if (url.host !== `${account.name}.blob.core.windows.net`) throw notEmulated("copies from other accounts");
  if (url.search !== "") throw notEmulated("copies of snapshots and versions");
  const path = readPath(url);
  const containerId = `${account.id}/blobServices/default/containers/${path.container}`;
  authorize(context, caller, { right: "blobs/read", data: true }, containerId);
  const source = findBlob({ ...request, containerId }, path.blob);
  if (source === undefined) throw blobNotFound();
  return source;
}
