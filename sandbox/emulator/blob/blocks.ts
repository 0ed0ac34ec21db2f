import { checkWrite } from "./conditions.ts";
import { BlobError, invalidParameter, notEmulated } from "./errors.ts";
import { describedBy, SETTABLE } from "./properties.ts";
import { type BlobOperation, type BlobRequest, type BlobResponse, containerOf, findBlob } from "./request.ts";
import { checkMd5, md5, stagedName, writeBlob, writtenHeaders } from "./write.ts";

/** Uploads in parts, which Azure's libraries use for what is larger than their buffer. */
export const blockOperations: Readonly<Record<string, BlobOperation>> = {
  "Put Block": {
    method: "PUT",
    on: "blob",
    tells: { comp: "block" },
    parameters: ["blockid"],
    needs: { right: "blobs/write", data: true },
    handle: putBlock,
  },
  "Put Block List": {
    method: "PUT",
    on: "blob",
    tells: { comp: "blocklist" },
    takes: [...SETTABLE, "if-match", "if-none-match"],
    needs: { right: "blobs/write", data: true },
    handle: putBlockList,
  },
};

/** https://learn.microsoft.com/rest/api/storageservices/put-block */
function putBlock(request: BlobRequest): BlobResponse {
  containerOf(request);
  const id = request.query.get("blockid") ?? "";
  const bytes = Buffer.from(id, "base64");
  if (bytes.length === 0 || bytes.length > 64 || bytes.toString("base64") !== id) throw invalidParameter("blockid", id);
  checkMd5(request.body, request.headers.get("content-md5"));
  request.staged.add(stagedName(request), id, request.body);
  return { status: 201, headers: { "content-md5": md5(request.body), "x-ms-request-server-encrypted": "true" } };
}

/**
 * https://learn.microsoft.com/rest/api/storageservices/put-block-list. Which blocks a blob was made of is not kept, so a list can
 * name freshly uploaded ones only.
 */
function putBlockList(request: BlobRequest): BlobResponse {
  const { headers, body, staged } = request;
  checkWrite(headers, findBlob(request));
  checkMd5(body, headers.get("content-md5"));
  const blocks = readBlockList(body.toString("utf8")).map((id) => {
    const bytes = staged.find(stagedName(request), id);
    if (bytes === undefined) {
      throw new BlobError(400, "InvalidBlockList", "The specified block list is invalid.");
    }
    return bytes;
  });
  // The list's own hash is Content-MD5; what the blob's is, only its writer says.
  const blob = writeBlob(request, Buffer.concat(blocks), describedBy(headers));
  return { status: 201, headers: writtenHeaders(blob) };
}

/** The ids of `<BlockList><Latest>id</Latest>…</BlockList>`. Any other document is refused. */
function readBlockList(text: string): string[] {
  const list = /^\s*(?:<\?xml[^>]*\?>)?\s*(?:<BlockList\s*\/>|<BlockList>(.*)<\/BlockList>)\s*$/s.exec(text);
  const blocks = [...(list?.[1] ?? "").matchAll(/\s*<(Latest|Uncommitted|Committed)>([A-Za-z0-9+/=]+)<\/\1>\s*/gy)];
  if (list === null || blocks.map(([whole]) => whole).join("") !== (list[1] ?? "").replace(/^\s+$/, "")) {
    throw new BlobError(400, "InvalidXmlDocument", "XML specified is not syntactically valid.");
  }
  if (blocks.some(([, kind]) => kind === "Committed")) throw notEmulated("lists of committed blocks");
  return blocks.map(([, , id]) => id ?? "");
}
