import type { PropertyMap, PropertyValue } from "../protocol/types.ts";
import { isList, isMap } from "../protocol/values.ts";
import { sameQuantity } from "./quantity.ts";

/**
 * What the program would have to say to get the live object: its own inputs, with the values that the live object has by now. Fields that
 * the program never named (defaults, status, what other managers added) stay out, so only true drift shows.
 */
export function inputsFromLive(olds: PropertyMap, live: PropertyMap): PropertyMap {
  const inputs = mapFromLive(olds, live);
  // Secrets are written as stringData and read back as data.
  return isMap(olds.stringData) ? { ...inputs, stringData: textsFromLive(olds.stringData, live.data) } : inputs;
}

/** For an import there is no program yet: everything that a person could have written. */
export function inputsForImport(live: PropertyMap): PropertyMap {
  const { status: _status, metadata, ...rest } = live;
  const { name, namespace, labels, annotations } = isMap(metadata) ? metadata : {};
  return { ...rest, metadata: { name, namespace, labels, annotations } };
}

function mapFromLive(olds: PropertyMap, live: PropertyMap): PropertyMap {
  const result: Record<string, PropertyValue> = {};
  for (const [key, old] of Object.entries(olds)) {
    const value = valueFromLive(old ?? undefined, live[key] ?? undefined);
    if (value !== undefined) result[key] = value;
  }
  return result;
}

function valueFromLive(old: PropertyValue | undefined, live: PropertyValue | undefined): PropertyValue | undefined {
  // The API server leaves empty values out, and no one can have meant anything by their absence.
  if (live === undefined) return isEmpty(old) ? old : undefined;
  if (old === undefined) return undefined;
  if (isMap(old) && isMap(live)) return mapFromLive(old, live);
  if (isList(old) && isList(live)) return listFromLive(old, live);
  return sameQuantity(old, live) ? old : live;
}

/** Lists whose items carry a unique name are maps to Kubernetes: items of other managers are not the program's business. */
function listFromLive(olds: readonly PropertyValue[], live: readonly PropertyValue[]): PropertyValue {
  const oldNames = uniqueNames(olds);
  const liveNames = uniqueNames(live);
  if (!oldNames || !liveNames)
    return live.map((item, index) => (index < olds.length ? (valueFromLive(olds[index], item) ?? item) : item));
  const kept = olds.filter((_, index) => liveNames.has(oldNames.list[index] ?? ""));
  return kept.map((item) => valueFromLive(item, liveNames.get(nameOf(item) ?? "")) ?? item);
}

function uniqueNames(items: readonly PropertyValue[]) {
  const list = items.map(nameOf);
  const names = new Map<string, PropertyValue>(items.map((item, index) => [list[index] ?? "", item]));
  if (names.size !== items.length || names.has("")) return undefined;
  return Object.assign(names, { list });
}

function nameOf(item: PropertyValue): string | undefined {
  const name = isMap(item) ? item.name : undefined;
  return typeof name === "string" ? name : undefined;
}

function textsFromLive(olds: PropertyMap, data: PropertyValue | undefined): PropertyMap {
  const live = isMap(data) ? data : {};
  const entries = Object.keys(olds).flatMap((key) => {
    const value = live[key];
    return typeof value === "string" ? [[key, Buffer.from(value, "base64").toString("utf8")] as const] : [];
  });
  return Object.fromEntries(entries);
}

function isEmpty(value: PropertyValue | undefined): boolean {
  if (value === undefined || value === null || value === "" || value === false || value === 0) return true;
  if (isList(value)) return value.length === 0;
  return isMap(value) && Object.values(value).every((child) => isEmpty(child));
}
