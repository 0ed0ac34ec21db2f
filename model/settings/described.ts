import { z } from "zod";

/** What a person needs to know about one key: shown by editors, in the documentation and in problems. */
export interface Description {
  /** What the key means, with its unit and what its default does. */
  readonly description: string;
  /** What may stand there, as the end of "allowed: …". */
  readonly allowed: string;
  /** A value that the key's own schema accepts. */
  readonly example: unknown;
}

/**
 * Attaches the texts to a schema. They travel into the JSON Schema under the names that editors know: `description`,
 * `examples` and `errorMessage` (read by yaml-language-server).
 */
export function described<T extends z.ZodType>(schema: T, text: Description): T {
  return schema.meta({ description: text.description, errorMessage: text.allowed, examples: [text.example] }) as T;
}

/** The texts of a schema, or of what it wraps (an optional, a default). */
export function descriptionOf(schema: z.ZodType | undefined): Partial<Description> {
  for (let current = schema; current !== undefined; current = inner(current)) {
    const meta = z.globalRegistry.get(current);
    if (meta?.errorMessage !== undefined) {
      return {
        description: String(meta.description),
        allowed: String(meta.errorMessage),
        example: Array.isArray(meta.examples) ? meta.examples[0] : undefined,
      };
    }
  }
  return {};
}

/** The schema of the value at a path of the settings; undefined where the schema has no such place. */
export function schemaAt(schema: z.ZodType, path: readonly PropertyKey[]): z.ZodType | undefined {
  let current: z.ZodType | undefined = schema;
  for (const key of path) {
    if (current === undefined) return undefined;
    current = child(current, key);
  }
  return current;
}

/** The schema without its optional and default wrappers. */
export function unwrapped(schema: z.ZodType): z.ZodType {
  const next = inner(schema);
  return next === undefined ? schema : unwrapped(next);
}

function inner(schema: z.ZodType): z.ZodType | undefined {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault) {
    return schema.unwrap() as z.ZodType;
  }
  return schema instanceof z.ZodPipe ? (schema.in as z.ZodType) : undefined;
}

function child(schema: z.ZodType, key: PropertyKey): z.ZodType | undefined {
  const plain = unwrapped(schema);
  if (plain instanceof z.ZodObject) return plain.shape[String(key)] as z.ZodType | undefined;
  if (plain instanceof z.ZodRecord) return plain.valueType as z.ZodType;
  if (plain instanceof z.ZodArray) return plain.element as z.ZodType;
  if (plain instanceof z.ZodUnion) {
    for (const option of plain.options) {
      const found = child(option as z.ZodType, key);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}
