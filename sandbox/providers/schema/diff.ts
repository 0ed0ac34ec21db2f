import { isDeepStrictEqual } from "node:util";
import { formatPath, type PathStep } from "../protocol/paths.ts";
import { type ChangeKind, type PropertyMap, type PropertyValue, UNKNOWN } from "../protocol/types.ts";
import { isList, isMap } from "../protocol/values.ts";
import type { Comparison, PropertySchema, PropertySchemas } from "./types.ts";

type Value = PropertyValue | undefined;
type Changes = Record<string, ChangeKind>;

/** Compares old and new inputs by the schema; answers each change by its path, in the engine's own syntax. */
export function diffInputs(
  schemas: PropertySchemas,
  olds: PropertyMap,
  news: PropertyMap,
  comparison: Comparison,
): Changes {
  const changes: Changes = {};
  diffObject(schemas, olds, news, { path: [], replace: false, changes, comparison });
  return changes;
}

/** Whether two values of a property mean the same to the provider. */
export function sameValue(schema: PropertySchema, old: Value, fresh: Value, comparison: Comparison): boolean {
  const changes: Changes = {};
  diffValue(schema, old, fresh, { path: ["value"], replace: false, changes, comparison });
  return Object.keys(changes).length === 0;
}

interface Place {
  readonly path: readonly PathStep[];
  readonly replace: boolean;
  readonly changes: Changes;
  readonly comparison: Comparison;
}

const below = (place: Place, step: PathStep): Place => ({ ...place, path: [...place.path, step] });

function record(place: Place, kind: "add" | "delete" | "update"): void {
  place.changes[formatPath(place.path)] = place.replace ? `${kind}-replace` : kind;
}

function diffObject(schemas: PropertySchemas, olds: PropertyMap, news: PropertyMap, place: Place): void {
  for (const [name, schema] of Object.entries(schemas)) diffValue(schema, olds[name], news[name], below(place, name));
}

function diffValue(schema: PropertySchema, old: Value, fresh: Value, outer: Place): void {
  if (schema.computed && isAbsent(fresh)) return;
  const before = isAbsent(old) ? schema.default : old;
  const after = isAbsent(fresh) ? schema.default : fresh;
  const kind = isAbsent(old) ? "add" : isAbsent(fresh) ? "delete" : "update";
  const replace = schema.replace === true || (schema.replace === "presence" && kind !== "update");
  const place = { ...outer, replace: outer.replace || replace };
  if (after === UNKNOWN || before === UNKNOWN) record(place, kind);
  else if (schema.type === "object") diffNested(schema, before, after, kind, place);
  else if (isUnset(before, place) && isUnset(after, place)) return;
  else if (kind !== "update") {
    if (!isDeepStrictEqual(before, after)) record(place, kind);
  } else if (isList(before) && isList(after))
    (schema.type === "set" ? diffSet : diffList)(schema, before, after, place);
  else if (isMap(before) && isMap(after)) diffMap(schema, before, after, place);
  else if (!isDeepStrictEqual(before, after)) record(place, kind);
}

const isAbsent = (value: Value): value is null | undefined => value === undefined || value === null;

function isUnset(value: Value, place: Place): boolean {
  if (isAbsent(value)) return true;
  if (!place.comparison.zeroIsUnset) return false;
  if (isList(value)) return value.length === 0;
  if (isMap(value)) return Object.keys(value).length === 0;
  return value === false || value === "" || value === 0;
}

function diffNested(
  schema: PropertySchema,
  before: Value,
  after: Value,
  kind: "add" | "delete" | "update",
  place: Place,
): void {
  const inner: Changes = {};
  const properties = schema.properties ?? {};
  diffObject(properties, isMap(before) ? before : {}, isMap(after) ? after : {}, { ...place, changes: inner });
  if (kind === "update" || Object.keys(inner).length === 0) Object.assign(place.changes, inner);
  else record(place, kind);
}

function diffMap(schema: PropertySchema, before: PropertyMap, after: PropertyMap, place: Place): void {
  const item: PropertySchema = schema.items ?? { type: "string" };
  for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
    diffItem(item, before[name], after[name], below(place, name));
  }
}

function diffList(
  schema: PropertySchema,
  before: readonly PropertyValue[],
  after: readonly PropertyValue[],
  place: Place,
): void {
  const item: PropertySchema = schema.items ?? { type: "string" };
  for (let index = 0; index < Math.max(before.length, after.length); index++) {
    diffItem(item, before[index], after[index], below(place, index));
  }
}

/** An entry of a list or a map is there or not, whatever its value: an added empty text is a change too. */
function diffItem(item: PropertySchema, before: Value, after: Value, place: Place): void {
  if (isAbsent(before) && isAbsent(after)) return;
  if (isAbsent(before)) record(place, "add");
  else if (isAbsent(after)) record(place, "delete");
  else diffValue(item, before, after, place);
}

interface Entry {
  readonly value: PropertyValue;
  readonly index: number;
}

function diffSet(
  schema: PropertySchema,
  before: readonly PropertyValue[],
  after: readonly PropertyValue[],
  place: Place,
): void {
  const item: PropertySchema = schema.items ?? { type: "string" };
  const same = (left: PropertyValue, right: PropertyValue) =>
    left !== UNKNOWN && right !== UNKNOWN && sameValue(item, left, right, place.comparison);
  const gone = before.flatMap((value, index) =>
    after.some((other) => same(value, other)) ? [] : [{ value, index } as Entry],
  );
  const added = after.flatMap((value, index) =>
    before.some((other) => same(other, value)) ? [] : [{ value, index } as Entry],
  );
  const { key } = schema;
  const keyOf = (value: PropertyValue) => (key && isMap(value) ? value[key] : undefined);
  for (const { value, index } of added) {
    // The same object at the same place: say which of its properties changed.
    const old = gone.find(
      (other) => other.index === index && (keyOf(value) === undefined || keyOf(other.value) === keyOf(value)),
    );
    if (old) {
      gone.splice(gone.indexOf(old), 1);
      diffItem(item, old.value, value, below(place, index));
    } else record(below(place, index), before[index] === undefined ? "add" : "update");
  }
  for (const { index } of gone) record(below(place, index), after[index] === undefined ? "delete" : "update");
}
