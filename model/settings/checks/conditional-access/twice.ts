import { type Finding, shown } from "../../problem.ts";

/** Entries of a list that stand there already. */
export function twice(path: readonly PropertyKey[], entries: readonly string[]): Finding[] {
  return entries.flatMap((entry, index) =>
    entries.indexOf(entry) === index
      ? []
      : [{ path: [...path, index], found: `${shown(entry)} twice`, allowed: "each once", fix: "Remove it here." }],
  );
}
