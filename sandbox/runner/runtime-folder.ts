import { createHash } from "node:crypto";
import { existsSync, lstatSync, mkdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SandboxLayout } from "../layout.ts";

const MEMORY = "/dev/shm";

/**
 * Where a sandbox's runner keeps what must not stay: mounted secrets, tokens, sockets. In memory where the system has a place
 * for that, so that nothing of it reaches a disk; short, because a socket's path has at most 107 characters.
 */
export function runtimeFolder(layout: SandboxLayout): string {
  const name = createHash("sha256").update(layout.root).digest("hex").slice(0, 10);
  return join(existsSync(MEMORY) ? MEMORY : tmpdir(), `entrada-${process.getuid?.() ?? 0}-${name}`);
}

/** Makes the folder anew, empty and closed to others. @throws Error when somebody else made one of this name. */
export function makeRuntimeFolder(layout: SandboxLayout): string {
  const folder = runtimeFolder(layout);
  removeRuntimeFolder(layout);
  mkdirSync(folder, { mode: 0o700 });
  return folder;
}

/** Takes the folder away with everything in it; does nothing where there is none. */
export function removeRuntimeFolder(layout: SandboxLayout): void {
  const folder = runtimeFolder(layout);
  const found = lstatSync(folder, { throwIfNoEntry: false });
  if (found === undefined) return;
  // Everybody may write into the memory folder: what another user put there under this name is not touched.
  if (!found.isDirectory() || found.uid !== (process.getuid?.() ?? found.uid)) {
    throw new Error(`${folder} belongs to somebody else. Look what it is and take it away by hand.`);
  }
  rmSync(folder, { recursive: true, force: true });
}
