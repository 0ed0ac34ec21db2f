/** The values that a route's `:name` segments, and a leading `*name`, took from the path. */
export type PathParams = Readonly<Record<string, string>>;

/** What the route table needs to know of a route. */
export interface RoutePattern {
  readonly method: string;
  /**
   * A path such as `/groups/:id/members/$ref`. Literal segments match in any case, as Microsoft's hosts do. A first
   * segment `*scope` takes everything (also nothing) before the rest, with its slashes.
   */
  readonly path: string;
}

/** The first route that takes the method and path, or undefined, which the hosts answer with 501. */
export function findRoute<R extends RoutePattern>(
  routes: readonly R[],
  method: string,
  path: string,
): { route: R; params: PathParams } | undefined {
  const segments = segmentsOf(path);
  if (segments === undefined) return undefined;
  for (const route of routes) {
    if (route.method !== method) continue;
    const params = matchSegments(route.path.split("/").filter(Boolean), segments);
    if (params !== undefined) return { route, params };
  }
  return undefined;
}

/** The decoded segments of a path; undefined when an escape is broken. */
function segmentsOf(path: string): string[] | undefined {
  try {
    return path
      .split("/")
      .filter(Boolean)
      .map((segment) => decodeURIComponent(segment));
  } catch {
    return undefined;
  }
}

function matchSegments(pattern: readonly string[], path: readonly string[]): PathParams | undefined {
  const [first, ...rest] = pattern;
  if (first?.startsWith("*")) {
    const split = path.length - rest.length;
    if (split < 0) return undefined;
    const params = matchSegments(rest, path.slice(split));
    return params && { ...params, [first.slice(1)]: path.slice(0, split).join("/") };
  }
  if (pattern.length !== path.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, expected] of pattern.entries()) {
    const actual = path[index] ?? "";
    if (expected.startsWith(":")) params[expected.slice(1)] = actual;
    else if (expected.toLowerCase() !== actual.toLowerCase()) return undefined;
  }
  return params;
}
