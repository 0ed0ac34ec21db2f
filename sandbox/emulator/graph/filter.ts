import { badRequest, unsupportedQuery } from "./errors.ts";

type Literal = string | number | boolean | null;

/**
 * The part of OData's `$filter` that directory objects support
 * (https://learn.microsoft.com/graph/filter-query-parameter): eq, ne, in, startswith, endswith, any, and, or, not.
 */
export type Filter =
  | { kind: "compare"; path: string[]; operator: "eq" | "ne"; value: Literal }
  | { kind: "in"; path: string[]; values: Literal[] }
  | { kind: "text"; operator: "startswith" | "endswith"; path: string[]; value: string }
  | { kind: "any"; path: string[]; variable: string; inner: Filter }
  | { kind: "and" | "or"; left: Filter; right: Filter }
  | { kind: "not"; inner: Filter };

/** Graph refuses more alternatives than this in one filter. */
const MAX_ALTERNATIVES = 15;

const TOKEN =
  /\s*(?:('(?:[^']|'')*')|(-?\d+(?:\.\d+)?(?![\w-]))|([A-Za-z0-9_@.#-]+(?:\/[A-Za-z0-9_@.#-]+)*)|([(),:]))/y;

/** Reads a `$filter`; a filter that is not understood is 400, never ignored. */
export function parseFilter(text: string): Filter {
  const tokens = tokenize(text);
  let position = 0;
  const invalid = () => badRequest(`Invalid filter clause: ${text}`);
  const peek = () => tokens[position];
  const take = () => {
    const token = tokens[position++];
    if (token === undefined) throw invalid();
    return token;
  };
  const expect = (token: string) => {
    if (take() !== token) throw invalid();
  };

  const either = (): Filter => {
    let left = both();
    while (peek() === "or") {
      take();
      left = { kind: "or", left, right: both() };
    }
    return left;
  };
  const both = (): Filter => {
    let left = single();
    while (peek() === "and") {
      take();
      left = { kind: "and", left, right: single() };
    }
    return left;
  };
  const single = (): Filter => {
    const token = take();
    if (token === "not") return { kind: "not", inner: single() };
    if (token === "(") {
      const inner = either();
      expect(")");
      return inner;
    }
    const name = token.toLowerCase();
    if ((name === "startswith" || name === "endswith") && peek() === "(") {
      take();
      const path = property(take());
      expect(",");
      const value = literal(take());
      expect(")");
      if (typeof value !== "string") throw invalid();
      return { kind: "text", operator: name, path, value };
    }
    if (name.endsWith("/any") && peek() === "(") {
      take();
      const variable = take();
      expect(":");
      const inner = either();
      expect(")");
      return { kind: "any", path: property(token.slice(0, -"/any".length)), variable, inner };
    }
    return comparison(property(token));
  };
  const comparison = (path: string[]): Filter => {
    const operator = take();
    if (operator === "eq" || operator === "ne") return { kind: "compare", path, operator, value: literal(take()) };
    if (operator !== "in") throw invalid();
    expect("(");
    const values = [literal(take())];
    while (peek() === ",") {
      take();
      values.push(literal(take()));
    }
    expect(")");
    return { kind: "in", path, values };
  };
  const property = (token: string): string[] => {
    if (!/^[A-Za-z]/.test(token)) throw invalid();
    return token.split("/");
  };
  const literal = (token: string): Literal => {
    if (token.startsWith("'")) return token.slice(1, -1).replaceAll("''", "'");
    if (token === "null") return null;
    if (token === "true" || token === "false") return token === "true";
    if (/^-?\d+(\.\d+)?$/.test(token)) return Number(token);
    if (/^[0-9a-f]{8}-[0-9a-f-]{27}$/i.test(token)) return token;
    throw invalid();
  };

  const filter = either();
  if (position < tokens.length) throw invalid();
  const count = alternatives(filter);
  if (count > MAX_ALTERNATIVES) {
    throw unsupportedQuery(
      `Too many child clauses specified in search filter expression containing 'OR' operators: ${count}. Max allowed: ${MAX_ALTERNATIVES}.`,
    );
  }
  return filter;
}

function tokenize(text: string): string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.trimEnd().length) {
    const match = TOKEN.exec(text);
    if (match === null) throw badRequest(`Invalid filter clause: ${text}`);
    tokens.push(match[0].trim());
  }
  return tokens;
}

function alternatives(filter: Filter): number {
  if (filter.kind === "in") return filter.values.length;
  if (filter.kind === "or") return alternatives(filter.left) + alternatives(filter.right);
  if (filter.kind === "and") return Math.max(alternatives(filter.left), alternatives(filter.right));
  if (filter.kind === "not" || filter.kind === "any") return alternatives(filter.inner);
  return 1;
}

/** Whether Graph wants `ConsistencyLevel: eventual` and `$count=true` for the filter. */
export function isAdvanced(filter: Filter): boolean {
  switch (filter.kind) {
    case "compare":
      return filter.operator === "ne";
    case "text":
      return filter.operator === "endswith";
    case "not":
      return true;
    case "any":
      return isAdvanced(filter.inner);
    case "in":
      return false;
    default:
      return isAdvanced(filter.left) || isAdvanced(filter.right);
  }
}

/** Whether an object, in its JSON form, passes the filter. Text is compared without regard to case, as Entra does. */
export function matches(filter: Filter, object: unknown, variable?: string): boolean {
  const read = (path: readonly string[]) => valueAt(object, path, variable);
  switch (filter.kind) {
    case "and":
      return matches(filter.left, object, variable) && matches(filter.right, object, variable);
    case "or":
      return matches(filter.left, object, variable) || matches(filter.right, object, variable);
    case "not":
      return !matches(filter.inner, object, variable);
    case "compare":
      return same(read(filter.path), filter.value) === (filter.operator === "eq");
    case "in": {
      const value = read(filter.path);
      return filter.values.some((candidate) => same(value, candidate));
    }
    case "text": {
      const value = read(filter.path);
      if (typeof value !== "string") return false;
      const [text, part] = [value.toLowerCase(), filter.value.toLowerCase()];
      return filter.operator === "startswith" ? text.startsWith(part) : text.endsWith(part);
    }
    case "any": {
      const list = read(filter.path);
      return Array.isArray(list) && list.some((item) => matches(filter.inner, item, filter.variable));
    }
  }
}

function same(value: unknown, expected: Literal): boolean {
  if (typeof value === "string" && typeof expected === "string") return value.toLowerCase() === expected.toLowerCase();
  return (value ?? null) === expected;
}

/** Reads `a/b`; inside `any(x:…)` the first step is the variable itself. */
function valueAt(object: unknown, path: readonly string[], variable: string | undefined): unknown {
  const steps = variable !== undefined && path[0] === variable ? path.slice(1) : path;
  let value: unknown = object;
  for (const [index, step] of steps.entries()) {
    if (typeof value !== "object" || value === null) return undefined;
    if (index === 0 && variable === undefined && !(step in value)) {
      throw badRequest(`Invalid filter clause: Could not find a property named '${step}'.`);
    }
    value = (value as Record<string, unknown>)[step];
  }
  return value;
}
