import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const FOLDER = fileURLToPath(new URL("../", import.meta.url));

/**
 * What a supervisor runs: a hash of the sandbox's own code and of the toolchain that it was given. A running supervisor of
 * another hash is one from before a `git pull`: it would not know what the program now asks for.
 */
export function softwareOf(toolchain: unknown): string {
  const hash = createHash("sha256").update(JSON.stringify(toolchain));
  const files = readdirSync(FOLDER, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts") && !entry.name.endsWith(".test.ts"))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  for (const file of files) hash.update(file.slice(FOLDER.length)).update(readFileSync(file));
  return hash.digest("hex").slice(0, 16);
}
