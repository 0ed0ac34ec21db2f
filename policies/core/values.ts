/**
 * Reads property bags of resources without ever stumbling over a value that a preview cannot know.
 *
 * The bag that the policy SDK hands to a rule throws as soon as an unknown is read, and the server then drops the rest of the
 * rule, mandatory or not. So rules look at properties through `known` only, one element at a time: an unknown host in one
 * redirect URI then hides neither the other URIs nor the other properties.
 */

/** What is to be found at a path: a value, something the preview cannot know yet, or nothing (`null` counts as nothing). */
export type Known =
  | { readonly kind: "value"; readonly value: unknown }
  | { readonly kind: "unknown" }
  | { readonly kind: "absent" };

/** Keys from the outside in: `"web.redirectUris[0]"`, or a list where a key has dots of its own (annotations). */
export type Path = string | readonly (string | number)[];

/** One member of a list or map, with its path for messages. */
export interface Element {
  readonly path: string;
  readonly key: string;
  readonly item: Known;
}

/** What the engine sends in place of a text that is not known yet; `unknownValues` has the other kinds. */
export const unknownText = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** The engine's stand-ins for unknown text, boolean, number, list, file, archive and object. They are part of its wire protocol. */
export const unknownValues: ReadonlySet<unknown> = new Set([
  unknownText,
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

/** How many unknown values have been read so far. A rule that read one cannot tell that all is well. */
export const reads = { unknown: 0 };

const unknown: Known = { kind: "unknown" };
const absent: Known = { kind: "absent" };

function segments(path: Path): readonly string[] {
  return typeof path === "string" ? (path.match(/[^.[\]]+/g) ?? []) : path.map(String);
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function member(holder: unknown, key: string): Known {
  if (!isObject(holder)) return absent;
  // A descriptor is read past the SDK's throwing proxy, which traps plain reads only.
  const value: unknown = Object.getOwnPropertyDescriptor(holder, key)?.value;
  if (value === undefined || value === null) return absent;
  if (!unknownValues.has(value)) return { kind: "value", value };
  reads.unknown += 1;
  return unknown;
}

/** What stands at `path` in a property bag. Everything below an unknown is unknown. */
export function known(props: unknown, path: Path): Known {
  let found: Known = { kind: "value", value: props };
  for (const key of segments(path)) {
    found = member(found.value, key);
    if (found.kind !== "value") return found;
  }
  return found;
}

/** The value at `path`, when it is there and known. For checks where unknown and absent both mean "nothing to object to". */
export function value(props: unknown, path: Path): unknown {
  const found = known(props, path);
  return found.kind === "value" ? found.value : undefined;
}

/** The text at `path`, when it is there, known, and a text. */
export function text(props: unknown, path: Path): string | undefined {
  const found = value(props, path);
  return typeof found === "string" ? found : undefined;
}

/** `spec.containers[0].env`, with quotes around keys that are no plain words. */
export function formatPath(path: Path): string {
  if (typeof path === "string") return path;
  return path
    .map((key, at) => {
      if (/^\d+$/.test(String(key))) return `[${key}]`;
      if (!/^[\w$-]+$/.test(String(key))) return `[${JSON.stringify(key)}]`;
      return at === 0 ? String(key) : `.${key}`;
    })
    .join("");
}

/**
 * The members of the list or map at `path`, known or not. A list that is unknown as a whole is one unknown member; an absent
 * one has none.
 */
export function elements(props: unknown, path: Path): readonly Element[] {
  const at = segments(path);
  const found = known(props, path);
  if (found.kind === "absent") return [];
  if (found.kind === "unknown") return [{ path: formatPath(at), key: "", item: unknown }];
  if (!isObject(found.value)) return [];
  const holder = found.value;
  return Object.keys(holder)
    .filter((key) => !key.startsWith("__"))
    .map((key) => ({ path: formatPath([...at, key]), key, item: member(holder, key) }));
}

/** Calls `visit` with every known text below `path`, however deep. */
export function eachText(props: unknown, path: Path, visit: (text: string, path: readonly string[]) => void): void {
  const at = segments(path);
  const found = known(props, at);
  if (found.kind !== "value") return;
  if (typeof found.value === "string") {
    visit(found.value, at);
    return;
  }
  for (const { key } of elements(props, at)) eachText(props, [...at, key], visit);
}
