import { randomUUID } from "node:crypto";
import { isIPv4 } from "node:net";
import { z } from "zod";
import { isListed, RANGE } from "../ranges.ts";
import type { AddressList } from "./data.ts";
import { DatabricksError, missing } from "./errors.ts";
import { change, param, type Route, readBody, type WorkspaceRequest } from "./request.ts";

/** Under this address everything that runs in the sandbox is seen by the internet (a range for examples, RFC 5737). */
export const SANDBOX_ADDRESS = "203.0.113.10";
const MAX_ADDRESSES = 1000;
const path = "/api/2.0/ip-access-lists";

const listBody = z.strictObject({
  label: z.string().min(1),
  list_type: z.enum(["ALLOW", "BLOCK"]),
  ip_addresses: z.array(
    z.string().refine((text) => isIPv4(text) || (RANGE.test(text) && isIPv4(text.split("/")[0] ?? "")), {
      error: "must be an IPv4 address or range",
    }),
  ),
  enabled: z.boolean().optional(),
});

/** https://docs.databricks.com/api/azure/workspace/ipaccesslists */
export const addressListRoutes: readonly Route<WorkspaceRequest>[] = [
  {
    method: "GET",
    path,
    handle: ({ workspace }) => ({ body: { ip_access_lists: Object.values(workspace.addressLists).map(json) } }),
  },
  { method: "POST", path, handle: (request) => ({ body: { ip_access_list: json(put(request, undefined)) } }) },
  { method: "GET", path: `${path}/:id`, handle: (request) => ({ body: { ip_access_list: json(listOf(request)) } }) },
  {
    method: "PATCH",
    path: `${path}/:id`,
    handle: (request) => ({ body: { ip_access_list: json(put(request, listOf(request))) } }),
  },
  {
    method: "DELETE",
    path: `${path}/:id`,
    handle: (request) => {
      const { listId } = listOf(request);
      change(request, () => delete request.workspace.addressLists[listId]);
      return { body: {} };
    },
  },
];

/** Block lists come first; then, where there is an allow list, the address must stand in one. */
export function isShutOut(lists: readonly AddressList[], address = SANDBOX_ADDRESS): boolean {
  const active = lists.filter(({ enabled }) => enabled);
  // The lists hold IPv4 addresses only, so no other one stands in any of them.
  const stands = (type: AddressList["listType"]) =>
    isIPv4(address) &&
    isListed(
      address,
      active.filter(({ listType }) => listType === type).flatMap(({ addresses }) => addresses),
    );
  if (stands("BLOCK")) return true;
  return active.some(({ listType }) => listType === "ALLOW") && !stands("ALLOW");
}

function listOf(request: WorkspaceRequest): AddressList {
  const id = param(request, "id");
  const found = request.workspace.addressLists[id];
  if (found === undefined) throw missing(`IP access list ${id} does not exist.`);
  return found;
}

/** A list that would shut its maker out is refused, whether the feature is switched on or not. */
function put(request: WorkspaceRequest, before: AddressList | undefined): AddressList {
  const { label, list_type, ip_addresses, enabled } = readBody(request, listBody);
  const now = request.context.now().getTime();
  const list: AddressList = {
    listId: before?.listId ?? randomUUID(),
    label,
    listType: list_type,
    addresses: ip_addresses,
    enabled: enabled ?? before?.enabled ?? true,
    createdAt: before?.createdAt ?? now,
    updatedAt: now,
  };
  const others = Object.values(request.workspace.addressLists).filter(({ listId }) => listId !== list.listId);
  const all = [...others, list];
  if (all.flatMap(({ addresses }) => addresses).length > MAX_ADDRESSES) {
    throw new DatabricksError(400, "QUOTA_EXCEEDED", `A workspace takes ${MAX_ADDRESSES} addresses and ranges.`);
  }
  if (isShutOut(all)) {
    throw new DatabricksError(
      400,
      "INVALID_STATE",
      `Your current IP ${SANDBOX_ADDRESS} will not be allowed to access the workspace under current configuration`,
    );
  }
  change(request, () => {
    request.workspace.addressLists[list.listId] = list;
  });
  return list;
}

function json({ listId, label, listType, addresses, enabled, createdAt, updatedAt }: AddressList): unknown {
  return {
    list_id: listId,
    label,
    list_type: listType,
    ip_addresses: addresses,
    address_count: addresses.length,
    enabled,
    created_at: createdAt,
    updated_at: updatedAt,
  };
}
