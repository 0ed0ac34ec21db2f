import { mayAct, mayActOnData } from "../arm/access.ts";
import { BLOB_CONTAINER_TYPE } from "../arm/types.ts";
import type { Caller, EmulatorContext } from "../context.ts";
import { BlobError } from "./errors.ts";
import type { BlobOperation } from "./request.ts";

/** Azure roles at the container, the account or anything above. Being Owner opens no blob. */
export function authorize(
  context: EmulatorContext,
  caller: Caller,
  { right, data }: BlobOperation["needs"],
  containerId: string,
): void {
  const may = data ? mayActOnData : mayAct;
  if (may(context.store.data, caller.objectId, `${BLOB_CONTAINER_TYPE}/${right}`, containerId)) return;
  throw new BlobError(
    403,
    "AuthorizationPermissionMismatch",
    "This request is not authorized to perform this operation using this permission.",
  );
}
