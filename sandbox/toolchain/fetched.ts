import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { openEntry, publish, temporaryFolder } from "./cache.ts";
import type { Run } from "./index.ts";
import { withLock } from "./lock.ts";

/**
 * The cache's entry of that name, which is fetched when it is not there yet: `fill` leaves an empty folder with what the entry
 * is to hold, and nothing else. Two runs may come at once: one of them fetches, the other waits.
 */
export async function fetchedEntry(
  { cache, log }: Run,
  key: string,
  fill: (folder: string) => Promise<void>,
): Promise<string> {
  await mkdir(cache, { recursive: true, mode: 0o755 });
  const onWait = () => log("another run is preparing the toolchain: waiting for it");
  return withLock(join(cache, "lock"), { onWait }, async () => {
    const known = await openEntry(cache, key, log);
    if (known) return known;
    const folder = await temporaryFolder(cache);
    try {
      await fill(folder);
      return await publish(cache, key, folder);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
}
