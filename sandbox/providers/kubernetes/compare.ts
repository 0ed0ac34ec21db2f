import { formatPath, type PathStep } from "../protocol/paths.ts";
import { type PropertyMap, type PropertyValue, UNKNOWN } from "../protocol/types.ts";
import { isList, isMap } from "../protocol/values.ts";

export type Change = "add" | "delete" | "update";

/** Path → what happens there. Null and absent are the same; what is not known yet counts as changed. */
export function compareInputs(olds: PropertyMap, news: PropertyMap): Record<string, Change> {
  const changes: Record<string, Change> = {};
  compareMaps(olds, news, [], changes);
  return changes;
}

function compareMaps(
  olds: PropertyMap,
  news: PropertyMap,
  path: readonly PathStep[],
  changes: Record<string, Change>,
): void {
  for (const key of new Set([...Object.keys(olds), ...Object.keys(news)])) {
    compareValues(olds[key] ?? undefined, news[key] ?? undefined, [...path, key], changes);
  }
}

function compareValues(
  before: PropertyValue | undefined,
  after: PropertyValue | undefined,
  path: readonly PathStep[],
  changes: Record<string, Change>,
): void {
  // A map that comes or goes is told field by field, because a single one of them may need a replacement.
  if (descends(before, after)) {
    compareMaps(isMap(before) ? before : {}, isMap(after) ? after : {}, path, changes);
    return;
  }
  if (isList(before) && isList(after)) {
    for (let index = 0; index < Math.max(before.length, after.length); index++) {
      compareValues(before[index], after[index], [...path, index], changes);
    }
    return;
  }
  if (before === undefined && after === undefined) return;
  if (before === after && after !== UNKNOWN) return;
  changes[formatPath(path)] = before === undefined ? "add" : after === undefined ? "delete" : "update";
}

function descends(before: PropertyValue | undefined, after: PropertyValue | undefined): boolean {
  if (isMap(before) && isMap(after)) return true;
  const filled = (value: PropertyValue | undefined) => isMap(value) && Object.keys(value).length > 0;
  return (before === undefined && filled(after)) || (after === undefined && filled(before));
}
