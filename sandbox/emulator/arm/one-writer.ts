import { setTimeout as wait } from "node:timers/promises";
import type { ArmError } from "./errors.ts";
import type { ArmResponse } from "./request.ts";

/** How long a write takes: long enough for a second one at the same time to meet it. */
const WRITE_MS = 30;

/**
 * Where Azure refuses a second write below one resource while the first goes on: runs a write alone.
 *
 * @param refusal the error for the second, by the id of the resource above
 */
export function oneWriter(refusal: (id: string) => ArmError) {
  const writing = new Set<string>();
  return async (id: string, write: () => ArmResponse): Promise<ArmResponse> => {
    const key = id.toLowerCase();
    if (writing.has(key)) throw refusal(id);
    writing.add(key);
    try {
      await wait(WRITE_MS);
      return write();
    } finally {
      writing.delete(key);
    }
  };
}
