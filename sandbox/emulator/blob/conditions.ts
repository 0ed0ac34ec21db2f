import type { StoredBlob } from "./data.ts";
import { BlobError } from "./errors.ts";

const notMet = (status: number) =>
  new BlobError(status, "ConditionNotMet", "The condition specified using HTTP conditional header(s) is not met.");

const names = (condition: string, blob: StoredBlob) => condition === "*" || condition === blob.etag;

/** If-Match and If-None-Match of a read: https://learn.microsoft.com/rest/api/storageservices/specifying-conditional-headers-for-blob-service-operations */
export function checkRead(headers: Headers, blob: StoredBlob): void {
  const match = headers.get("if-match");
  const noneMatch = headers.get("if-none-match");
  if (match !== null && !names(match, blob)) throw notMet(412);
  if (noneMatch !== null && names(noneMatch, blob)) throw notMet(304);
}

/** The same of a write; the blob may not be there yet. */
export function checkWrite(headers: Headers, blob: StoredBlob | undefined): void {
  const match = headers.get("if-match");
  const noneMatch = headers.get("if-none-match");
  if (match !== null && (blob === undefined || !names(match, blob))) throw notMet(412);
  if (noneMatch === null || blob === undefined || !names(noneMatch, blob)) return;
  if (noneMatch === "*") throw new BlobError(409, "BlobAlreadyExists", "The specified blob already exists.");
  throw notMet(412);
}
