import type { StoredBlob } from "./data.ts";

/** What a blob says of its content: the answer's header, the request's header that sets it, and its element in lists. */
export const CONTENT_HEADERS = [
  { name: "content-type", set: "x-ms-blob-content-type", xml: "Content-Type" },
  { name: "content-encoding", set: "x-ms-blob-content-encoding", xml: "Content-Encoding" },
  { name: "content-language", set: "x-ms-blob-content-language", xml: "Content-Language" },
  { name: "content-md5", set: "x-ms-blob-content-md5", xml: "Content-MD5" },
  { name: "cache-control", set: "x-ms-blob-cache-control", xml: "Cache-Control" },
  { name: "content-disposition", set: "x-ms-blob-content-disposition", xml: "Content-Disposition" },
] as const;

/** The headers of a request that say something of a blob's content. */
export const SETTABLE = [...CONTENT_HEADERS.map(({ set }) => set), "x-ms-meta-"];

/** What a write says of the blob: its content headers, without empty ones, and its metadata. */
export function describedBy(headers: Headers): Pick<StoredBlob, "headers" | "metadata"> {
  const content = CONTENT_HEADERS.flatMap(({ name, set }) => {
    const value = headers.get(set) ?? "";
    return value === "" ? [] : [[name, value] as const];
  });
  const metadata = [...headers].flatMap(([name, value]) =>
    name.startsWith("x-ms-meta-") ? [[name.slice("x-ms-meta-".length), value] as const] : [],
  );
  return {
    headers: { "content-type": "application/octet-stream", ...Object.fromEntries(content) },
    metadata: Object.fromEntries(metadata),
  };
}

/** Date of the HTTP headers, in whole seconds. */
export const httpDate = (iso: string) => new Date(iso).toUTCString();

/** What both Get Blob and Get Blob Properties say of a blob. */
export function blobHeaders(blob: StoredBlob): Record<string, string> {
  const metadata = Object.entries(blob.metadata).map(([name, value]) => [`x-ms-meta-${name}`, value] as const);
  return {
    ...blob.headers,
    "content-length": String(blob.length),
    "accept-ranges": "bytes",
    "last-modified": httpDate(blob.modified),
    etag: blob.etag,
    "x-ms-blob-type": "BlockBlob",
    "x-ms-creation-time": httpDate(blob.created),
    "x-ms-lease-status": "unlocked",
    "x-ms-lease-state": "available",
    "x-ms-server-encrypted": "true",
    ...(blob.copy !== undefined && {
      "x-ms-copy-id": blob.copy.id,
      "x-ms-copy-source": blob.copy.source,
      "x-ms-copy-status": "success",
      "x-ms-copy-progress": `${blob.length}/${blob.length}`,
      "x-ms-copy-completion-time": httpDate(blob.copy.completed),
    }),
    ...Object.fromEntries(metadata),
  };
}
