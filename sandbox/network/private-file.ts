import { chmodSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/**
 * Reads a file that only its user may read (mode 0600), making it first where it is missing. Two processes that start
 * together get the same content: the file appears complete under its name, and the first one wins. A file whose mode
 * somebody widened is narrowed again.
 */
export async function readOrCreatePrivateFile(file: string, make: () => Promise<string> | string): Promise<string> {
  const found = readPrivateFile(file);
  if (found !== undefined) return found;
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.${process.pid}.${Date.now()}`;
  try {
    writeFileSync(draft, await make(), { mode: 0o600, flag: "wx" });
    try {
      linkSync(draft, file);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
  } finally {
    rmSync(draft, { force: true });
  }
  return readFileSync(file, "utf8");
}

function readPrivateFile(file: string): string | undefined {
  try {
    const content = readFileSync(file, "utf8");
    chmodSync(file, 0o600);
    return content;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
