import type { z } from "zod";
import { descriptionOf, schemaAt } from "./described.ts";
import { innermost, keysAt, valueAt } from "./structure.ts";
import { suggest } from "./suggest.ts";

/** More rounds than any real file needs: each round mends every issue of one depth. */
const ROUNDS = 8;

/**
 * Settings that the schema accepts, as near to the raw ones as can be: mistyped keys renamed, other unknown keys left
 * out, wrong values replaced by the key's example. They serve one purpose: to check what spans several keys although
 * something else is wrong, so that a person hears of all problems at once. Nothing is ever deployed from them.
 */
export function repaired<T>(schema: z.ZodType<T>, raw: unknown): T | undefined {
  const copy: unknown = structuredClone(raw);
  for (let round = 0; round < ROUNDS; round++) {
    const parsed = schema.safeParse(copy);
    if (parsed.success) return parsed.data;
    for (const issue of parsed.error.issues.flatMap(innermost)) {
      if (issue.code === "unrecognized_keys") {
        for (const key of issue.keys) renameOrRemove(valueAt(copy, issue.path), key, keysAt(schema, issue.path));
      } else {
        const parent = valueAt(copy, issue.path.slice(0, -1));
        const example = issue.code === "invalid_key" ? undefined : descriptionOf(schemaAt(schema, issue.path)).example;
        put(parent, issue.path.at(-1), example);
      }
    }
  }
  return undefined;
}

function renameOrRemove(parent: unknown, key: string, known: readonly string[]): void {
  if (!isObject(parent)) return;
  const meant = suggest(key, known);
  if (meant !== undefined && parent[meant] === undefined) parent[meant] = parent[key];
  delete parent[key];
}

function put(parent: unknown, key: PropertyKey | undefined, example: unknown): void {
  if (!isObject(parent) || key === undefined) return;
  if (example === undefined) delete parent[key];
  else parent[key] = structuredClone(example);
}

function isObject(value: unknown): value is Record<PropertyKey, unknown> {
  return typeof value === "object" && value !== null;
}
