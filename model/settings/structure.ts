import { z } from "zod";
import { descriptionOf, schemaAt, unwrapped } from "./described.ts";
import { type Finding, namesSecret, shown } from "./problem.ts";
import { suggest, suggestion } from "./suggest.ts";

type Issue = z.core.$ZodIssue;

/** Turns what the schema found wrong into findings: one per key, with the allowed values and a fix from its description. */
export function structuralFindings(schema: z.ZodType, raw: unknown, issues: readonly Issue[]): Finding[] {
  const flat = issues.flatMap(innermost);
  const mistyped = new Set(flat.flatMap((issue) => meantKeys(schema, issue)));
  return flat
    .filter((issue) => !(isMissing(raw, issue) && mistyped.has(placeOf(issue.path))))
    .flatMap((issue) => findings(schema, raw, issue));
}

/** An issue of a union says little; the issues of the option that fits best say it all. */
export function innermost(issue: Issue): Issue[] {
  if (issue.code !== "invalid_union") return [issue];
  const fitting = issue.errors.find((option) =>
    option.every(({ code, path }) => code !== "invalid_type" || path.length > 0),
  );
  if (fitting === undefined || fitting.length === 0) return [issue];
  return fitting.map((found) => ({ ...found, path: [...issue.path, ...found.path] }) as Issue);
}

/** The keys of the object at a path. */
export function keysAt(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  const place = schemaAt(schema, path);
  const plain = place === undefined ? undefined : unwrapped(place);
  const object = plain instanceof z.ZodUnion ? plain.options.find((option) => option instanceof z.ZodObject) : plain;
  return object instanceof z.ZodObject ? Object.keys(object.shape) : [];
}

/** The value at a path of raw settings. */
export function valueAt(raw: unknown, path: readonly PropertyKey[]): unknown {
  let value = raw;
  for (const key of path) {
    if (typeof value !== "object" || value === null) return undefined;
    value = (value as Record<PropertyKey, unknown>)[key];
  }
  return value;
}

/** Where an unknown key was probably meant to be a known one, that one's place. */
function meantKeys(schema: z.ZodType, issue: Issue): string[] {
  if (issue.code !== "unrecognized_keys") return [];
  const known = keysAt(schema, issue.path);
  return issue.keys.flatMap((key) => {
    const meant = suggest(key, known);
    return meant === undefined ? [] : [placeOf([...issue.path, meant])];
  });
}

function placeOf(path: readonly PropertyKey[]): string {
  return JSON.stringify(path.map(String));
}

function isMissing(raw: unknown, issue: Issue): boolean {
  return issue.code !== "unrecognized_keys" && valueAt(raw, issue.path) === undefined;
}

function findings(schema: z.ZodType, raw: unknown, issue: Issue): Finding[] {
  if (issue.code === "unrecognized_keys") {
    const known = keysAt(schema, issue.path);
    return issue.keys.map((key) => unknownKey([...issue.path, key], key, known));
  }
  if (issue.code === "invalid_key") return [wrongName(schema, issue.path)];
  const { allowed, example } = descriptionOf(schemaAt(schema, issue.path));
  const value = valueAt(raw, issue.path);
  const last = issue.path.at(-1);
  const wanted = example === undefined ? "Correct it." : `Write for example ${JSON.stringify(example)}.`;
  if (value === undefined || value === null) {
    const fix = example === undefined ? "Add it." : `Add it, for example ${String(last)}: ${JSON.stringify(example)}`;
    return [{ path: issue.path, found: "nothing", allowed: allowed ?? issue.message, fix }];
  }
  if (issue.code === "custom") {
    return [
      { path: issue.path, found: shown(value), allowed: allowed ?? issue.message, fix: `${issue.message} ${wanted}` },
    ];
  }
  const fix = issue.code === "invalid_value" ? suggestion(String(value), issue.values.map(String), wanted) : wanted;
  return [{ path: issue.path, found: shown(value), allowed: allowed ?? issue.message, fix }];
}

function unknownKey(path: readonly PropertyKey[], key: string, known: readonly string[]): Finding {
  const remove = namesSecret(key)
    ? "Remove it: secrets never stand in settings. Entrada makes a tool's secrets itself and keeps them in Key Vault."
    : "Remove it.";
  const fix = suggestion(key, known, remove);
  return {
    path,
    found: "an unknown key",
    allowed: known.length === 0 ? "no key here" : `the keys ${known.join(", ")}`,
    fix,
  };
}

function wrongName(schema: z.ZodType, path: readonly PropertyKey[]): Finding {
  const place = schemaAt(schema, path.slice(0, -1));
  const plain = place === undefined ? undefined : unwrapped(place);
  const { allowed, example } = plain instanceof z.ZodRecord ? descriptionOf(plain.keyType as z.ZodType) : {};
  const fix = example === undefined ? "Rename it." : `Rename it, for example to ${JSON.stringify(example)}.`;
  return { path, found: `the name ${shown(String(path.at(-1)))}`, allowed: allowed ?? "another name", fix };
}
