import type { StoredBlob } from "./data.ts";
import { invalidParameter } from "./errors.ts";
import { CONTENT_HEADERS, httpDate } from "./properties.ts";
import { type BlobOperation, type BlobRequest, type BlobResponse, containerOf } from "./request.ts";
import { element, xmlDocument } from "./xml.ts";

const MOST_RESULTS = 5000;

/** Operations on a container; it is made and removed through Azure Resource Manager alone. */
export const containerOperations: Readonly<Record<string, BlobOperation>> = {
  "List Blobs": {
    method: "GET",
    on: "container",
    tells: { restype: "container", comp: "list" },
    parameters: ["prefix", "delimiter", "marker", "maxresults"],
    needs: { right: "blobs/read", data: true },
    handle: listBlobs,
  },
  "Get Container Properties": {
    method: "GET",
    on: "container",
    tells: { restype: "container" },
    needs: { right: "read", data: false },
    handle: containerProperties,
  },
  "Get Container Properties by HEAD": {
    method: "HEAD",
    on: "container",
    tells: { restype: "container" },
    needs: { right: "read", data: false },
    handle: containerProperties,
  },
};

/** ETag and date are those of the container's making, of which the sandbox keeps no record: only what follows from its state is told. */
function containerProperties(request: BlobRequest): BlobResponse {
  containerOf(request);
  return {
    status: 200,
    headers: {
      "x-ms-lease-status": "unlocked",
      "x-ms-lease-state": "available",
      "x-ms-has-immutability-policy": "false",
      "x-ms-has-legal-hold": "false",
    },
  };
}

/** https://learn.microsoft.com/rest/api/storageservices/list-blobs: by name, blobs and common beginnings together. */
function listBlobs(request: BlobRequest): BlobResponse {
  const { query } = request;
  const container = containerOf(request);
  const blobs = request.context.store.data.blobs[container.id.toLowerCase()] ?? {};
  const prefix = query.get("prefix") ?? "";
  const delimiter = query.get("delimiter") ?? "";
  const limit = limitOf(query.get("maxresults"));
  const start = startOf(query.get("marker"));
  const all = entriesOf(blobs, prefix, delimiter);
  const due = all.filter(({ name }) => name >= start);
  const page = due.slice(0, limit);
  const next = due[limit]?.name;
  const shown = page.map(({ name, blob }) => (blob === undefined ? prefixXml(name) : blobXml(name, blob)));
  const optional = ["prefix", "marker", "maxresults", "delimiter"].filter((name) => (query.get(name) ?? "") !== "");
  const body = xmlDocument(
    element(
      "EnumerationResults",
      {
        xml: [
          ...optional.map((name) => element(ELEMENTS[name] ?? name, query.get(name) ?? "")),
          element("Blobs", { xml: shown }),
          element("NextMarker", next === undefined ? "" : Buffer.from(next).toString("base64url")),
        ],
      },
      {
        ServiceEndpoint: `https://${request.account.name}.blob.core.windows.net/`,
        ContainerName: container.name,
      },
    ),
  );
  return { status: 200, headers: { "content-type": "application/xml" }, body };
}

const ELEMENTS: Readonly<Record<string, string>> = {
  prefix: "Prefix",
  marker: "Marker",
  maxresults: "MaxResults",
  delimiter: "Delimiter",
};

function limitOf(text: string | null): number {
  if (text === null) return MOST_RESULTS;
  const value = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (value < 1) throw invalidParameter("maxresults", text);
  return Math.min(value, MOST_RESULTS);
}

/** A marker is the name with which the next page begins; nobody but the server reads it. */
function startOf(marker: string | null): string {
  return Buffer.from(marker ?? "", "base64url").toString("utf8");
}

interface Entry {
  readonly name: string;
  /** Absent for the common beginning of several blobs. */
  readonly blob?: StoredBlob;
}

function entriesOf(blobs: Readonly<Record<string, StoredBlob>>, prefix: string, delimiter: string): Entry[] {
  const entries = new Map<string, Entry>();
  for (const [name, blob] of Object.entries(blobs)) {
    if (!name.startsWith(prefix)) continue;
    const end = delimiter === "" ? -1 : name.indexOf(delimiter, prefix.length);
    const shared = end < 0 ? undefined : name.slice(0, end + delimiter.length);
    // A blob and a beginning never have the same name: a blob that ends with the delimiter is its own beginning.
    if (shared === undefined) entries.set(name, { name, blob });
    else entries.set(shared, { name: shared });
  }
  return [...entries.values()].sort((one, other) => (one.name < other.name ? -1 : 1));
}

const prefixXml = (name: string) => element("BlobPrefix", { xml: [element("Name", name)] });

function blobXml(name: string, blob: StoredBlob): string {
  const content = CONTENT_HEADERS.map((header) => element(header.xml, blob.headers[header.name] ?? ""));
  const properties = [
    element("Creation-Time", httpDate(blob.created)),
    element("Last-Modified", httpDate(blob.modified)),
    // In lists without the quotes.
    element("Etag", blob.etag.replaceAll('"', "")),
    element("Content-Length", String(blob.length)),
    ...content,
    element("BlobType", "BlockBlob"),
    element("AccessTier", "Hot"),
    element("AccessTierInferred", "true"),
    element("LeaseStatus", "unlocked"),
    element("LeaseState", "available"),
    element("ServerEncrypted", "true"),
  ];
  return element("Blob", { xml: [element("Name", name), element("Properties", { xml: properties })] });
}
