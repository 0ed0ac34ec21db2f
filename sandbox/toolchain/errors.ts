/** The toolchain cannot be had; the message says what is missing and how to get it. */
export class ToolchainError extends Error {
  override readonly name = "ToolchainError";
}

/** The disk is full, whoever noticed it: Node (ENOSPC) or the Go compiler in its own words. */
export function isDiskFull(error: unknown): boolean {
  if ((error as NodeJS.ErrnoException | undefined)?.code === "ENOSPC") return true;
  return error instanceof Error && /no space left on device/i.test(error.message);
}

/** Says where room is needed; other errors pass through unchanged. */
export function explainDisk(error: unknown, folder: string): unknown {
  if (!isDiskFull(error)) return error;
  return new ToolchainError(
    `The disk that holds ${folder} is full. The toolchain takes about 0.6 GB there, and 6 GB in Go's own caches while it is built: free some room, or name another folder in ENTRADA_CACHE.`,
  );
}
