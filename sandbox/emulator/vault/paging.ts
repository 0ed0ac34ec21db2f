import { vaultBadParameter } from "./errors.ts";
import type { VaultRequest, VaultResponse } from "./request.ts";

const MAX_PAGE = 25;

/** A page of at most `maxresults` (25 when not given, never more) items, in the order of their keys, with `nextLink`. */
export function vaultPage<T>(
  request: VaultRequest,
  items: readonly T[],
  keyOf: (item: T) => string,
  show: (item: T) => unknown,
): VaultResponse {
  const size = pageSize(request);
  const after = request.query.get("$skiptoken");
  const key = (item: T) => keyOf(item).toLowerCase();
  const sorted = [...items].sort((a, b) => (key(a) < key(b) ? -1 : 1));
  const rest = after === null ? sorted : sorted.filter((item) => key(item) > after);
  const page = rest.slice(0, size);
  const last = page.at(-1);
  const hasMore = rest.length > page.length && last !== undefined;
  return { status: 200, body: { value: page.map(show), nextLink: hasMore ? nextLink(request, key(last)) : null } };
}

function pageSize(request: VaultRequest): number {
  const asked = request.query.get("maxresults");
  if (asked === null) return MAX_PAGE;
  const size = Number(asked);
  if (!Number.isInteger(size) || size < 1 || size > MAX_PAGE) {
    throw vaultBadParameter(`Property maxresults must be between 1 and ${MAX_PAGE}.`);
  }
  return size;
}

function nextLink(request: VaultRequest, last: string): string {
  const query = new URLSearchParams(request.query);
  query.set("$skiptoken", last);
  return `https://${request.vault.name.toLowerCase()}.vault.azure.net${request.path}?${query}`;
}
