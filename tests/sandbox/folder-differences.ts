import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export interface Differences {
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
}

/** What another folder has more, otherwise, or no more, by path; entries of these names are passed over at any depth. */
export function differences(before: string, after: string, passed: ReadonlySet<string>): Differences {
  const [old, young] = [filesBelow(before, passed), filesBelow(after, passed)];
  const same = (path: string) => readFileSync(join(before, path)).equals(readFileSync(join(after, path)));
  return {
    added: young.filter((path) => !old.includes(path)),
    changed: young.filter((path) => old.includes(path) && !same(path)),
    removed: old.filter((path) => !young.includes(path)),
  };
}

function filesBelow(root: string, passed: ReadonlySet<string>, path = ""): string[] {
  return readdirSync(join(root, path), { withFileTypes: true })
    .filter(({ name }) => !passed.has(name))
    .flatMap((entry) => {
      const below = path === "" ? entry.name : `${path}/${entry.name}`;
      return entry.isDirectory() ? filesBelow(root, passed, below) : [below];
    })
    .sort();
}
