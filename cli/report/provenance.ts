import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { relative } from "node:path";

/** Which settings a report was made from. */
export interface Provenance {
  /** Path of the stack file below the checkout. */
  readonly file: string;
  /** SHA-256 of the file's content, hexadecimal. */
  readonly digest: string;
  /** What is checked out; undefined where the file stands in no git checkout. */
  readonly commit?: {
    readonly hash: string;
    /** RFC 3339 in UTC. */
    readonly date: string;
    /** Whether the file differs from that commit, or is none of its files. */
    readonly changed: boolean;
  };
}

/**
 * @param file the stack file
 * @param root folder of the checkout
 */
export function provenanceOf(file: string, root: string): Provenance {
  const path = relative(root, file);
  const digest = createHash("sha256").update(readFileSync(file)).digest("hex");
  const [hash, date] = git(root, "log", "-1", "--format=%H %cI")?.trim().split(" ") ?? [];
  if (hash === undefined || date === undefined) return { file: path, digest };
  const changed = git(root, "status", "--porcelain", "--", path) !== "";
  return { file: path, digest, commit: { hash, date: `${new Date(date).toISOString().slice(0, 19)}Z`, changed } };
}

/** What git prints; undefined where it says no, or is not there. */
function git(root: string, ...args: string[]): string | undefined {
  try {
    return execFileSync("git", args, { cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  } catch {
    return undefined;
  }
}
