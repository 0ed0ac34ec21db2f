import { formatPath, type PathStep } from "../protocol/paths.ts";
import { type CheckResult, type PropertyMap, type PropertyValue, UNKNOWN } from "../protocol/types.ts";
import { isList, isMap } from "../protocol/values.ts";
import type { PropertySchema, PropertySchemas, TextFormat } from "./types.ts";

type Failures = { property: string; reason: string }[];

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const FORMATS: Record<TextFormat, { readonly expected: string; readonly test: (text: string) => boolean }> = {
  uuid: { expected: "a valid UUID", test: (text) => UUID.test(text) },
  "application-path": {
    expected: "an application's resource id of the form /applications/<object id>",
    test: (text) => text.startsWith("/applications/") && UUID.test(text.slice("/applications/".length)),
  },
  "strength-path": {
    expected: "an authentication strength's resource id of the form /policies/authenticationStrengthPolicies/<id>",
    test: (text) =>
      text.startsWith("/policies/authenticationStrengthPolicies/") && UUID.test(text.split("/").at(-1) ?? ""),
  },
  "date-time": {
    expected: "an RFC 3339 date such as 2026-01-31T00:00:00Z",
    test: (text) => /^\d{4}-\d\d-\d\dT.*(Z|[+-]\d\d:\d\d)$/.test(text) && !Number.isNaN(Date.parse(text)),
  },
  "http-url": { expected: "a URL with the scheme http or https", test: (text) => /^https?:\/\/\S+$/.test(text) },
};

/** Checks inputs against the schema, every problem with its property path, and puts the provider's defaults in. */
export function checkInputs(schemas: PropertySchemas, news: PropertyMap): CheckResult {
  const failures: Failures = [];
  return { inputs: checkObject(schemas, news, [], failures), failures };
}

function checkObject(schemas: PropertySchemas, value: PropertyMap, path: PathStep[], failures: Failures): PropertyMap {
  const checked: Record<string, PropertyValue | undefined> = {};
  for (const [name, child] of Object.entries(value)) {
    const schema = schemas[name];
    if (!schema)
      failures.push({
        property: formatPath([...path, name]),
        reason: `An argument named '${name}' is not expected here. Known are: ${Object.keys(schemas).sort().join(", ")}.`,
      });
    else if (child !== undefined && child !== null)
      checked[name] = checkValue(schema, child, [...path, name], failures);
  }
  for (const [name, schema] of Object.entries(schemas)) {
    if (checked[name] !== undefined) continue;
    if (schema.default !== undefined) checked[name] = schema.default;
    else if (schema.required) {
      failures.push({ property: formatPath([...path, name]), reason: `Missing required property '${name}'.` });
    }
  }
  return checked;
}

function checkValue(schema: PropertySchema, value: PropertyValue, path: PathStep[], failures: Failures): PropertyValue {
  if (value === UNKNOWN) return value;
  const wrongType = (found: string) => {
    failures.push({ property: formatPath(path), reason: `Expected a value of the type ${schema.type}, got ${found}.` });
    return value;
  };
  const { items } = schema;
  switch (schema.type) {
    case "object":
      return isMap(value) ? checkObject(schema.properties ?? {}, value, path, failures) : wrongType(kindOf(value));
    case "map":
      if (!isMap(value)) return wrongType(kindOf(value));
      return Object.fromEntries(
        Object.entries(value).map(([name, child]) => [
          name,
          items && child !== undefined && child !== null ? checkValue(items, child, [...path, name], failures) : child,
        ]),
      );
    case "list":
    case "set":
      if (!isList(value)) return wrongType(kindOf(value));
      return value.map((child, index) => (items ? checkValue(items, child, [...path, index], failures) : child));
    case "integer":
      return Number.isInteger(value) ? value : wrongType(kindOf(value));
    default:
      return typeof value === schema.type ? checkText(schema, value, path, failures) : wrongType(kindOf(value));
  }
}

function checkText(schema: PropertySchema, value: PropertyValue, path: PathStep[], failures: Failures): PropertyValue {
  if (typeof value !== "string" || !schema.format) return value;
  const { expected, test } = FORMATS[schema.format];
  if (!test(value))
    failures.push({
      property: formatPath(path),
      reason: `Expected ${expected}${schema.secret ? "" : `, got '${value}'`}.`,
    });
  return value;
}

const kindOf = (value: PropertyValue) => (value === null ? "null" : isList(value) ? "list" : typeof value);
