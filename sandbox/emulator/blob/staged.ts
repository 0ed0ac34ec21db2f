/**
 * Blocks that were uploaded and are no blob's yet, by container, blob and block id. They live in memory: Azure keeps them for
 * a week, but whoever is interrupted here starts the upload anew.
 */
export class StagedBlocks {
  readonly #blobs = new Map<string, Map<string, Buffer>>();

  add(blob: string, id: string, bytes: Buffer): void {
    const blocks = this.#blobs.get(blob) ?? new Map<string, Buffer>();
    blocks.set(id, bytes);
    this.#blobs.set(blob, blocks);
  }

  find(blob: string, id: string): Buffer | undefined {
    return this.#blobs.get(blob)?.get(id);
  }

  /** After a commit, and after any other write of the blob. */
  forget(blob: string): void {
    this.#blobs.delete(blob);
  }
}
