/** One resource to register, complete enough for its provider; nothing in it is real. */
export interface Example {
  /** Type token as the provider's SDK registers it. */
  readonly type: string;
  readonly name: string;
  readonly props: Readonly<Record<string, unknown>>;
  /**
   * Property → name of the example of the same list whose `id` it takes. A dotted path leads into the properties.
   * @example { applicationId: "reports" }
   * @example { "properties.value": "reports-secret" }
   */
  readonly refs?: Readonly<Record<string, string>>;
}

/** An example's properties with a value put in at each path. */
export function withRefs(props: Example["props"], refs: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.entries(refs).reduce((done, [path, value]) => put(done, path.split("."), value), { ...props });
}

function put(
  props: Record<string, unknown>,
  [key = "", ...rest]: readonly string[],
  value: unknown,
): Record<string, unknown> {
  if (rest.length === 0) return { ...props, [key]: value };
  const inner = props[key];
  if (!Array.isArray(inner)) return { ...props, [key]: put({ ...Object(inner) }, rest, value) };
  const [index = "", ...below] = rest;
  const list = inner.map((item: unknown, at) =>
    String(at) !== index ? item : below.length === 0 ? value : put({ ...Object(item) }, below, value),
  );
  return { ...props, [key]: list };
}
