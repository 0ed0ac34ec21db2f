import type { PropertyMap, PropertyValue } from "../protocol/types.ts";
import { isList, isMap } from "../protocol/values.ts";
import { sameValue } from "./diff.ts";
import type { Comparison, PropertySchema, PropertySchemas } from "./types.ts";

type Value = PropertyValue | undefined;

/**
 * What a program would have to say to get the live resource. `live` holds the input properties that can be read back.
 *
 * On refresh (`olds` given) what the program said keeps its own form as long as it still means the same, and what it left
 * to the cloud stays left out: only a true difference shows as drift. On import everything that is not a default is told.
 */
export function inputsFromLive(
  schemas: PropertySchemas,
  live: PropertyMap,
  olds: PropertyMap | undefined,
  comparison: Comparison,
): PropertyMap {
  const inputs: Record<string, Value> = {};
  for (const [name, schema] of Object.entries(schemas)) {
    const value =
      name in live ? inputFromLive(schema, live[name], olds?.[name], olds === undefined, comparison) : olds?.[name];
    if (value !== undefined) inputs[name] = value;
  }
  return inputs;
}

function inputFromLive(
  schema: PropertySchema,
  live: Value,
  old: Value,
  isImport: boolean,
  comparison: Comparison,
): Value {
  if (old === undefined) {
    if (!isImport && (schema.computed || comparison.omittedIsUnseen)) return undefined;
    if (sameValue({ ...schema, computed: false }, undefined, live, comparison))
      return schema.required ? live : undefined;
    return isMap(live) && schema.properties
      ? inputsFromLive(schema.properties, live, isImport ? undefined : {}, comparison)
      : live;
  }
  if (sameValue({ ...schema, computed: false }, old, live, comparison)) return old;
  if (isMap(live) && isMap(old) && schema.properties) return inputsFromLive(schema.properties, live, old, comparison);
  if (isList(live) && isList(old) && schema.type === "set") return inOldOrder(schema, live, old, comparison);
  return live ?? undefined;
}

/** A set in the order of the program's own list, so that what is still there keeps its place in the diff. */
function inOldOrder(
  schema: PropertySchema,
  live: readonly PropertyValue[],
  old: readonly PropertyValue[],
  comparison: Comparison,
): PropertyValue[] {
  const item: PropertySchema = schema.items ?? { type: "string" };
  const { key } = schema;
  const isNamesake = (left: PropertyValue, right: PropertyValue) =>
    key && isMap(left) && isMap(right) ? left[key] === right[key] : sameValue(item, left, right, comparison);
  const kept: PropertyValue[] = old.flatMap((before): PropertyValue[] => {
    const now = live.find((value) => isNamesake(before, value));
    const value = now === undefined ? undefined : inputFromLive(item, now, before, false, comparison);
    return value === undefined ? [] : [value];
  });
  return [...kept, ...live.filter((value) => !old.some((before) => isNamesake(before, value)))];
}
