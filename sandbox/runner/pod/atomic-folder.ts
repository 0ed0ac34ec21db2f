import { mkdirSync, readlinkSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** A file of a volume. */
export interface VolumeFile {
  /** Path below the volume. */
  readonly path: string;
  readonly content: string | Buffer;
  /** @example 0o400 */
  readonly mode: number;
}

/**
 * Gives a volume its files in one step, as the kubelet does: they lie in a folder of their own, the link `..data` leads to it,
 * and links with the files' names lead through `..data`. A reader sees all old files or all new ones.
 */
export function writeAtomically(volume: string, files: readonly VolumeFile[]): void {
  mkdirSync(volume, { recursive: true, mode: 0o755 });
  const data = join(volume, "..data");
  const before = linkTarget(data);
  const name = `..${Date.now()}-${process.hrtime.bigint()}`;
  for (const { path, content, mode } of files) {
    const file = join(volume, name, path);
    mkdirSync(dirname(file), { recursive: true, mode: 0o755 });
    // "wx": a name that comes twice is a mistake of the pod's, not a reason to overwrite.
    writeFileSync(file, content, { mode, flag: "wx" });
  }
  mkdirSync(join(volume, name), { recursive: true });
  symlinkSync(name, `${data}.next`);
  renameSync(`${data}.next`, data);
  for (const top of new Set(files.map(({ path }) => path.split("/")[0] ?? path))) {
    if (linkTarget(join(volume, top)) === undefined) symlinkSync(join("..data", top), join(volume, top));
  }
  if (before !== undefined) rmSync(join(volume, before), { recursive: true, force: true });
}

function linkTarget(link: string): string | undefined {
  try {
    return readlinkSync(link);
  } catch {
    return undefined;
  }
}
