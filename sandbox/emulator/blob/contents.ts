import { randomUUID } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Directory } from "../directory.ts";

/** Names of the bytes of every blob that is known. */
export function contentsInUse({ blobs }: Pick<Directory, "blobs">): string[] {
  return Object.values(blobs).flatMap((container) => Object.values(container).map(({ content }) => content));
}

/** The bytes of blobs, which would make the directory's file too large to write at every change. */
export interface BlobContents {
  /** Keeps the bytes and returns the name under which they are found again. */
  add(bytes: Buffer): string;
  /** Throws when there are none. */
  read(name: string): Buffer;
  remove(name: string): void;
}

/** Contents that are forgotten, for tests. */
export function memoryContents(): BlobContents {
  const kept = new Map<string, Buffer>();
  return {
    add: (bytes) => {
      const name = randomUUID();
      kept.set(name, bytes);
      return name;
    },
    read: (name) => {
      const bytes = kept.get(name);
      if (bytes === undefined) throw new Error(`There is no content ${name}.`);
      return bytes;
    },
    remove: (name) => kept.delete(name),
  };
}

/**
 * Contents as files in a private folder, each written completely before it has its name.
 * @param used names that are still known; what else lies in the folder was left over by a kill or by a deleted container
 */
export function folderContents(folder: string, used: Iterable<string>): BlobContents {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const known = new Set(used);
  for (const name of readdirSync(folder)) if (!known.has(name)) rmSync(join(folder, name), { force: true });
  return {
    add: (bytes) => {
      const name = randomUUID();
      const draft = join(folder, `${name}.next`);
      writeFileSync(draft, bytes, { mode: 0o600 });
      renameSync(draft, join(folder, name));
      return name;
    },
    read: (name) => readFileSync(join(folder, name)),
    remove: (name) => rmSync(join(folder, name), { force: true }),
  };
}
