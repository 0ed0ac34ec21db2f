/** What is known of a block blob; its bytes stand beside the directory, under the name `content`. */
export interface StoredBlob {
  /** Name of the bytes in `BlobContents`; an overwritten blob gets another one. */
  content: string;
  /** Bytes. */
  length: number;
  /** Under the names of the response headers, lower case, in the order in which they are answered; absent ones were never set. */
  headers: Record<string, string>;
  /** By name without `x-ms-meta-`. */
  metadata: Record<string, string>;
  /** With its quotes. */
  etag: string;
  /** ISO 8601. */
  created: string;
  modified: string;
  /** How the blob came here, if by a copy. */
  copy?: { id: string; source: string; completed: string };
}

/** The blobs of every container: by the container's lower-cased resource id, then by name. */
export type BlobData = Record<string, Record<string, StoredBlob>>;
