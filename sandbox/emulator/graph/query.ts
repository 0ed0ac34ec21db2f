import { badRequest, notImplemented, unsupportedQuery } from "./errors.ts";
import { type Filter, isAdvanced, matches, parseFilter } from "./filter.ts";
import type { GraphRequest, GraphResponse } from "./request.ts";

/** An object in its JSON form: every property that Graph would serve. */
export type Json = Record<string, unknown>;

export interface Shape {
  /** The name in `@odata.context`, for example `applications`. */
  readonly set: string;
  /** Properties served without `$select`; all when absent. */
  readonly defaults?: readonly string[];
  /** What `$expand` may name, and how to read it. */
  readonly expand?: Readonly<Record<string, (id: string) => Json[]>>;
  /** A list of mixed types: a property that one of them lacks is not an error. */
  readonly mixed?: boolean;
}

/** The objects of a list; or, where an index knows better than to read them all, those among which a filter's are. */
export type Candidates = readonly Json[] | ((filter: Filter | undefined) => readonly Json[]);

const GRAPH = "https://graph.microsoft.com";
const PAGE_SIZE = 100;
const MAX_PAGE_SIZE = 999;
const KNOWN_OPTIONS = new Set(["$filter", "$select", "$top", "$skiptoken", "$count", "$expand", "$format"]);
const NOT_EMULATED = new Set(["$search", "$orderby", "$skip", "$apply", "$deltatoken"]);

/** One object, with `$select` and `$expand` followed. */
export function entity(request: GraphRequest, shape: Shape, object: Json, status = 200): GraphResponse {
  checkOptions(request);
  const context = `${GRAPH}/${request.version}/$metadata#${shape.set}/$entity`;
  return { status, body: { "@odata.context": context, ...shaped(request, shape, object) } };
}

/** A list, with `$filter`, `$select`, `$top`, `$count`, `$expand` and paging followed. */
export function list(request: GraphRequest, shape: Shape, objects: Candidates): GraphResponse {
  checkOptions(request);
  const found = filtered(request, objects).sort((a, b) => (String(a.id) < String(b.id) ? -1 : 1));
  const size = pageSize(request);
  const after = request.query.get("$skiptoken");
  const rest = after === null ? found : found.filter((object) => String(object.id) > readToken(after));
  const page = rest.slice(0, size);
  const last = page.at(-1);
  const body: Json = { "@odata.context": `${GRAPH}/${request.version}/$metadata#${shape.set}` };
  if (request.query.get("$count") === "true" && isEventual(request)) body["@odata.count"] = found.length;
  if (rest.length > size && last !== undefined) body["@odata.nextLink"] = nextLink(request, String(last.id));
  body.value = page.map((object) => shaped(request, shape, object));
  return { status: 200, body };
}

/** `/$count`: a bare number, which Graph gives only with `ConsistencyLevel: eventual`. */
export function count(request: GraphRequest, objects: Candidates): GraphResponse {
  checkOptions(request);
  if (!isEventual(request)) throw badRequest("$count is not currently supported.");
  return { status: 200, body: filtered(request, objects).length };
}

function filtered(request: GraphRequest, objects: Candidates): Json[] {
  const among = (filter: Filter | undefined) => (typeof objects === "function" ? objects(filter) : objects);
  const text = request.query.get("$filter");
  if (text === null) return [...among(undefined)];
  const filter = parseFilter(text);
  if (isAdvanced(filter) && !(isEventual(request) && request.query.get("$count") === "true")) {
    throw unsupportedQuery(
      "Unsupported or invalid query filter clause specified: it needs the header ConsistencyLevel: eventual and $count=true.",
    );
  }
  return among(filter).filter((object) => matches(filter, object));
}

function shaped(request: GraphRequest, shape: Shape, object: Json): Json {
  const result: Json = {};
  const type = object["@odata.type"];
  if (shape.mixed && type !== undefined) result["@odata.type"] = type;
  for (const name of selection(request, shape, object)) result[name] = object[name];
  const expand = request.query.get("$expand");
  for (const item of expand === null ? [] : expand.split(/,(?![^(]*\))/)) {
    const name = item.trim().replace(/\(.*\)$/, "");
    const read = shape.expand?.[name];
    if (read === undefined) throw notImplemented(`$expand=${name} on ${shape.set}`);
    result[name] = read(String(object.id)).map((inner) => expanded(item, inner));
  }
  return result;
}

/** `owners($select=id)`: the one nested option that clients send. */
function expanded(item: string, inner: Json): Json {
  const nested = /\((.*)\)$/.exec(item.trim())?.[1];
  if (nested === undefined) return inner;
  const names = /^\$select=([\w,]+)$/.exec(nested)?.[1];
  if (names === undefined) throw notImplemented(`$expand option ${nested}`);
  const kept = new Set(["@odata.type", ...names.split(",")]);
  return Object.fromEntries(Object.entries(inner).filter(([name]) => kept.has(name)));
}

function selection(request: GraphRequest, shape: Shape, object: Json): readonly string[] {
  const every = Object.keys(object).filter((name) => name !== "@odata.type");
  const select = request.query.get("$select");
  if (select === null || select === "") {
    return shape.defaults !== undefined && request.version === "v1.0" ? shape.defaults : every;
  }
  const names = select.split(",").map((name) => name.trim());
  if (names.includes("*")) return every;
  return names.flatMap((name) => {
    const actual = every.find((candidate) => candidate.toLowerCase() === name.toLowerCase());
    if (actual !== undefined) return [actual];
    if (shape.mixed) return [];
    throw badRequest(
      `Parsing OData Select and Expand failed: Could not find a property named '${name}' on type '${shape.set}'.`,
    );
  });
}

function checkOptions(request: GraphRequest): void {
  for (const name of request.query.keys()) {
    if (NOT_EMULATED.has(name.toLowerCase())) throw notImplemented(`the query option ${name}`);
    if (name.startsWith("$") && !KNOWN_OPTIONS.has(name.toLowerCase())) {
      throw badRequest(`The query parameter '${name}' is not supported.`);
    }
  }
}

function pageSize(request: GraphRequest): number {
  const top = request.query.get("$top");
  if (top === null) return PAGE_SIZE;
  const size = Number(top);
  if (!Number.isInteger(size) || size < 1 || size > MAX_PAGE_SIZE) {
    throw badRequest(`Invalid page size specified: '${top}'. Must be between 1 and ${MAX_PAGE_SIZE} inclusive.`);
  }
  return size;
}

function isEventual(request: GraphRequest): boolean {
  const header = request.headers.get("ConsistencyLevel") ?? request.query.get("ConsistencyLevel");
  return header?.toLowerCase() === "eventual";
}

function nextLink(request: GraphRequest, last: string): string {
  const query = new URLSearchParams(request.query);
  query.set("$skiptoken", Buffer.from(last).toString("base64url"));
  return `${GRAPH}/${request.version}${request.path}?${query}`;
}

function readToken(token: string): string {
  const id = Buffer.from(token, "base64url").toString("utf8");
  if (!/^[\w.-]+$/.test(id)) throw badRequest("The specified page token value is invalid.");
  return id;
}
