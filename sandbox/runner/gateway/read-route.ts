import { validateHeaderName, validateHeaderValue } from "node:http";
import { z } from "zod";
import type { KubernetesObject } from "../../cluster/client.ts";
import { type Header, type HeaderChange, NO_CHANGE } from "./headers.ts";

/** Where requests go: a Service of the route's own namespace. */
export interface Backend {
  readonly namespace: string;
  readonly service: string;
  readonly port: number;
  /** How long the whole answer may take, in milliseconds. Undefined: as long as it likes. */
  readonly timeoutMs: number | undefined;
}

/** A `RequestRedirect` filter. What is not given is the request's own. */
export interface Redirect {
  readonly scheme?: "http" | "https" | undefined;
  readonly hostname?: string | undefined;
  readonly port?: number | undefined;
  readonly statusCode: number;
  readonly path?: { readonly full: string } | { readonly prefix: string } | undefined;
}

export type Action =
  | { readonly kind: "forward"; readonly backend: Backend }
  | { readonly kind: "redirect"; readonly redirect: Redirect }
  /** The rule asks for what this gateway does not have. Its requests are refused, never passed on without it. */
  | { readonly kind: "refuse"; readonly why: string };

/** What a request's path has to be. `Any` is a match that cannot be judged here, and is always refused. */
export interface PathMatch {
  readonly type: "Exact" | "PathPrefix" | "Any";
  readonly value: string;
}

export interface Rule {
  readonly paths: readonly PathMatch[];
  readonly request: HeaderChange;
  readonly response: HeaderChange;
  readonly action: Action;
}

/** An HTTPRoute as the gateway understands it. */
export interface FollowedRoute {
  /** `namespace/name`. */
  readonly name: string;
  readonly created: string;
  /** Lower case; `*.suffix` for every name below the suffix; `*` for a route without host names. */
  readonly hostnames: readonly string[];
  readonly rules: readonly Rule[];
}

/** Gateway API durations (GEP-2257): `120s`, `1m30s`, `500ms`; zero is no limit. */
const duration = z
  .string()
  .regex(/^(\d{1,5}(h|m|s|ms)){1,4}$/, "is no duration")
  .transform((text) => {
    const units = { h: 3_600_000, m: 60_000, s: 1000, ms: 1 } as const;
    const parts = [...text.matchAll(/(\d+)(ms|h|m|s)/g)];
    return parts.reduce((sum, [, count, unit]) => sum + Number(count) * units[unit as keyof typeof units], 0);
  });

/** Headers that say where a message goes and where it ends: no filter of this gateway changes them, as none of Envoy's does. */
const FRAMING = ["host", "connection", "content-length", "transfer-encoding", "upgrade", "keep-alive", "te", "trailer"];

const header = z
  .strictObject({ name: z.string(), value: z.string() })
  .transform(({ name, value }): Header => [name, value]);
const headerChange = z
  .strictObject({
    set: z.array(header).default([]),
    add: z.array(header).default([]),
    remove: z.array(z.string()).default([]),
  })
  .superRefine(({ set, add, remove }, context) => {
    const refuse = (message: string) => context.addIssue({ code: "custom", message });
    const names = [...set.map(([name]) => name), ...add.map(([name]) => name), ...remove];
    const seen = new Set<string>();
    for (const name of names.map((each) => each.toLowerCase())) {
      if (FRAMING.includes(name)) refuse(`${name} cannot be changed`);
      // The Gateway API: "Only one action for a given header name is permitted."
      if (seen.has(name)) refuse(`${name} is changed twice`);
      seen.add(name);
    }
    for (const [name, value] of [...set, ...add, ...remove.map((each): Header => [each, ""])])
      try {
        validateHeaderName(name);
        validateHeaderValue(name, value);
      } catch {
        refuse(`${JSON.stringify(name)} has a name or value that HTTP does not allow`);
      }
  });

const pathModifier = z.discriminatedUnion("type", [
  z
    .strictObject({ type: z.literal("ReplaceFullPath"), replaceFullPath: z.string() })
    .transform(({ replaceFullPath }) => ({ full: replaceFullPath })),
  z
    .strictObject({ type: z.literal("ReplacePrefixMatch"), replacePrefixMatch: z.string() })
    .transform(({ replacePrefixMatch }) => ({ prefix: replacePrefixMatch })),
]);
const requestRedirect = z.strictObject({
  scheme: z.enum(["http", "https"]).optional(),
  hostname: z.string().optional(),
  port: z.int().optional(),
  statusCode: z.union([301, 302, 303, 307, 308].map((code) => z.literal(code))).default(302),
  path: pathModifier.optional(),
});

const filter = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("RequestHeaderModifier"), requestHeaderModifier: headerChange }),
  z.strictObject({ type: z.literal("ResponseHeaderModifier"), responseHeaderModifier: headerChange }),
  z.strictObject({ type: z.literal("RequestRedirect"), requestRedirect }),
]);

const path = z.strictObject({
  type: z.enum(["Exact", "PathPrefix"]).default("PathPrefix"),
  value: z.string().startsWith("/").default("/"),
});

const backendRef = z.strictObject({
  group: z.literal("").default(""),
  kind: z.literal("Service").default("Service"),
  name: z.string(),
  namespace: z.string().optional(),
  port: z.int(),
  weight: z.int().default(1),
});

/**
 * Strict objects: a field that is not here (a header match, a retry, what a later version brings) makes the rule refused,
 * because a request that should have met it must not pass without it.
 */
const rule = z.strictObject({
  name: z.string().optional(),
  matches: z.array(z.strictObject({ path: path.prefault({}) })).prefault([{}]),
  filters: z.array(filter).default([]),
  backendRefs: z.array(backendRef).default([]),
  timeouts: z.strictObject({ request: duration.optional(), backendRequest: duration.optional() }).default({}),
});
type ReadRule = z.output<typeof rule>;

interface Spec {
  readonly parentRefs?: readonly { readonly kind?: string }[];
  readonly hostnames?: readonly string[];
  readonly rules?: readonly unknown[];
}

/** Reads an HTTPRoute. Undefined when no Gateway is its parent: it is a mesh's then, and none of a gateway's. */
export function readRoute({ metadata, ...object }: KubernetesObject): FollowedRoute | undefined {
  const { parentRefs = [], hostnames = [], rules = [{}] } = (object.spec ?? {}) as Spec;
  if (!parentRefs.some(({ kind = "Gateway" }) => kind === "Gateway")) return undefined;
  const namespace = metadata?.namespace ?? "";
  return {
    name: `${namespace}/${metadata?.name}`,
    created: String(metadata?.creationTimestamp ?? ""),
    hostnames: hostnames.length === 0 ? ["*"] : hostnames.map((host) => host.toLowerCase()),
    rules: rules.map((each) => readRule(each, namespace)),
  };
}

function readRule(given: unknown, namespace: string): Rule {
  const read = rule.safeParse(given);
  if (!read.success) {
    const why = read.error.issues.map(({ path, message }) => `${path.join(".") || "rule"}: ${message}`).join("; ");
    return { paths: refusedPaths(given), request: NO_CHANGE, response: NO_CHANGE, action: { kind: "refuse", why } };
  }
  const changes = { request: NO_CHANGE, response: NO_CHANGE };
  for (const each of read.data.filters) {
    if (each.type === "RequestHeaderModifier") changes.request = each.requestHeaderModifier;
    if (each.type === "ResponseHeaderModifier") changes.response = each.responseHeaderModifier;
  }
  return { ...changes, paths: read.data.matches.map(({ path }) => path), action: actionOf(read.data, namespace) };
}

function actionOf({ filters, backendRefs, timeouts, matches }: ReadRule, namespace: string): Action {
  const refuse = (why: string): Action => ({ kind: "refuse", why });
  const types = filters.map(({ type }) => type);
  if (new Set(types).size < types.length) return refuse("a type of filter is there twice");
  const redirect = filters.find((each) => each.type === "RequestRedirect")?.requestRedirect;
  if (redirect !== undefined) {
    if (backendRefs.length > 0) return refuse("a redirect has backends");
    if (redirect.path && "prefix" in redirect.path && matches.some(({ path }) => path.type !== "PathPrefix"))
      return refuse("ReplacePrefixMatch needs a PathPrefix match");
    return { kind: "redirect", redirect };
  }
  const [backend, ...others] = backendRefs.filter(({ weight }) => weight > 0);
  if (backend === undefined) return refuse("no backend has a weight above 0");
  if (others.length > 0) return refuse("several backends, and this gateway does not share requests out");
  if (backend.namespace !== undefined && backend.namespace !== namespace)
    return refuse(`a backend in another namespace, ${backend.namespace}`);
  const limits = [timeouts.request, timeouts.backendRequest].filter((limit) => limit !== undefined && limit > 0);
  return {
    kind: "forward",
    backend: {
      namespace,
      service: backend.name,
      port: backend.port,
      timeoutMs: limits.length === 0 ? undefined : Math.min(...(limits as number[])),
    },
  };
}

/** Where a refused rule would have taken requests; everywhere if that cannot be read either. */
function refusedPaths(given: unknown): readonly PathMatch[] {
  const matches = z.object({ matches: z.array(z.object({ path: path.prefault({}) })).prefault([{}]) }).safeParse(given);
  return matches.success ? matches.data.matches.map((match) => match.path) : [{ type: "Any", value: "" }];
}
