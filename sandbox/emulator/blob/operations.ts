import { blobOperations } from "./blobs.ts";
import { blockOperations } from "./blocks.ts";
import { containerOperations } from "./containers.ts";
import { copyOperations } from "./copy.ts";
import { notEmulated } from "./errors.ts";
import type { BlobPath } from "./path.ts";
import type { BlobOperation } from "./request.ts";

/** An operation with the name that Microsoft's pages give it. */
export interface NamedOperation extends BlobOperation {
  readonly name: string;
}

/** Whoever is told apart by more comes first. */
const OPERATIONS: readonly NamedOperation[] = Object.entries({
  ...containerOperations,
  ...blockOperations,
  ...copyOperations,
  ...blobOperations,
}).map(([name, operation]) => ({ name, ...operation }));

/** What every request may have. */
const COMMON_HEADERS = ["x-ms-version", "x-ms-date", "x-ms-client-request-id", "x-ms-return-client-request-id"];
/** Conditions that change what an operation does; where they are not named, they are not emulated. */
const CONDITIONS = ["if-match", "if-none-match", "if-modified-since", "if-unmodified-since"];

/** The operation that a request means; 501 with its signs when the sandbox does not have it. */
export function findOperation(
  method: string,
  path: BlobPath,
  query: URLSearchParams,
  headers: Headers,
): NamedOperation {
  const on = path.blob === "" ? "container" : "blob";
  const signs = ["restype", "comp"].filter((name) => query.has(name)).map((name) => `${name}=${query.get(name)}`);
  const found = OPERATIONS.find((one) => {
    const tells = Object.entries(one.tells ?? {});
    return (
      one.method === method &&
      one.on === on &&
      tells.length === signs.length &&
      tells.every(([name, value]) => query.get(name)?.toLowerCase() === value) &&
      (one.tellsHeader === undefined || headers.has(one.tellsHeader))
    );
  });
  // One segment without restype=container is a blob of the account's root container.
  if (found !== undefined && path.container !== "") return found;
  const where = path.container === "" ? "the account" : `a ${on}`;
  throw notEmulated(`${[method, ...signs].join(" ")} on ${where}`);
}

/** A parameter or header that changes what an operation does is never passed over. */
export function checkShape(operation: NamedOperation, query: URLSearchParams, headers: Headers): void {
  const parameters = [...Object.keys(operation.tells ?? {}), ...(operation.parameters ?? []), "timeout"];
  const parameter = [...query.keys()].find((name) => !parameters.includes(name));
  if (parameter !== undefined) throw notEmulated(`the parameter ${parameter} of ${operation.name}`);
  const taken = [...COMMON_HEADERS, ...(operation.takes ?? [])];
  const header = [...headers.keys()].find(
    (name) =>
      (name.startsWith("x-ms-") || CONDITIONS.includes(name)) &&
      !taken.some((one) => name === one || (one === "x-ms-meta-" && name.startsWith(one))),
  );
  if (header !== undefined) throw notEmulated(`the header ${header} of ${operation.name}`);
}
