import { BlobError } from "./errors.ts";

export interface BlobPath {
  readonly container: string;
  /** Empty for the container itself. */
  readonly blob: string;
}

/** Container and blob of a URL; the blob's name is decoded, whether its slashes were escaped or not. */
export function readPath({ pathname }: URL): BlobPath {
  const [, container = "", ...rest] = pathname.split("/");
  try {
    const path = { container: decodeURIComponent(container), blob: decodeURIComponent(rest.join("/")) };
    // biome-ignore lint/suspicious/noControlCharactersInRegex: XML has no way to write them, and Azure warns of them
    if (path.blob.length <= 1024 && !/[\u0000-\u001f]/.test(path.blob)) return path;
  } catch {
    // A broken escape is refused like any other name.
  }
  throw new BlobError(400, "InvalidResourceName", "The specified resource name contains invalid characters.");
}
