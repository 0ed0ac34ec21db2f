/** One environment's settings, as `parseSettings` gives them. */
export interface Environment {
  readonly name: string;
  readonly settings: unknown;
}

/** A setting that is not the same everywhere. */
export interface Difference {
  /** Where it stands. @example "tools.superset.replicas.min" */
  readonly setting: string;
  /** Environment → its value; `null` where it has none, `THERE` for a whole part that only some of them have. */
  readonly values: Readonly<Record<string, unknown>>;
}

/** Stands for a part with settings of its own, such as a tool, where other environments have nothing. */
export const THERE = "there";

type Place = { readonly name: string; readonly value: unknown }[];

/**
 * The settings that differ between environments, defaults included, each once. A part that some don't have is one row; what
 * is in it gets rows of its own only where those that have it differ. The order is that of the schema and the files.
 */
export function differences(environments: readonly Environment[]): Difference[] {
  return rows(
    environments.map(({ name, settings }) => ({ name, value: settings })),
    [],
  ).map(({ setting, values }) => ({
    setting,
    values: Object.fromEntries(environments.map(({ name }) => [name, values[name] ?? null])),
  }));
}

function rows(place: Place, path: readonly string[]): Difference[] {
  const there = place.filter(({ value }) => !isNothing(value));
  if (there.length === 0) return [];
  const maps = there.every(({ value }) => isMap(value));
  const missing = there.length < place.length;
  if (!maps) {
    const different = missing || there.some(({ value }) => !same(value, there[0]?.value));
    return different ? [row(there, path, (value) => value)] : [];
  }
  const inside = keysOf(there).flatMap((key) =>
    rows(
      there.map(({ name, value }) => ({ name, value: (value as Record<string, unknown>)[key] })),
      [...path, key],
    ),
  );
  return missing ? [row(there, path, () => THERE), ...inside] : inside;
}

function row(there: Place, path: readonly string[], shown: (value: unknown) => unknown): Difference {
  return {
    setting: path
      .map((key, index) => (/^[\w-]+$/.test(key) ? `${index === 0 ? "" : "."}${key}` : `[${JSON.stringify(key)}]`))
      .join(""),
    values: Object.fromEntries(there.map(({ name, value }) => [name, shown(value)])),
  };
}

/** Every key that one of them has, in the order of the last one, which has most: production. */
function keysOf(place: Place): string[] {
  return [...new Set(place.toReversed().flatMap(({ value }) => Object.keys(value as object)))];
}

/** An empty list or map says as much as none. */
function isNothing(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  return typeof value === "object" && Object.keys(value).length === 0;
}

function isMap(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
