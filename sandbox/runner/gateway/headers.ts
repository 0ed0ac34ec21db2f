/** One header line. A list of them keeps order, spelling and repetition, as `Set-Cookie` needs. */
export type Header = readonly [name: string, value: string];

/** What a route's filter does to headers. */
export interface HeaderChange {
  readonly set: readonly Header[];
  readonly add: readonly Header[];
  readonly remove: readonly string[];
}

export const NO_CHANGE: HeaderChange = { set: [], add: [], remove: [] };

/**
 * What ends at each hop (RFC 9110, 7.6.1), what was meant for a proxy (11.7.2), and `Expect`, which the gateway answers
 * itself (10.1.1). Trailers are not passed on, so their announcement is not either.
 */
const HOP_BY_HOP = [
  "connection",
  "keep-alive",
  "proxy-connection",
  "proxy-authenticate",
  "proxy-authorization",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "expect",
];

/** Headers that a client may not take away by naming them in `Connection`: they say where a message goes and where it ends. */
const NEEDED = ["host", "content-length"];

/** Node's raw headers (name, value, name, value, …) as lines. */
export function headersOf(raw: readonly string[]): Header[] {
  const headers: Header[] = [];
  for (let index = 0; index + 1 < raw.length; index += 2) headers.push([raw[index] ?? "", raw[index + 1] ?? ""]);
  return headers;
}

/** Lines as Node takes them without merging or reordering. */
export function rawHeaders(headers: readonly Header[]): string[] {
  return headers.flat();
}

/** What a message carries beyond this hop. */
export function endToEnd(headers: readonly Header[]): Header[] {
  const named = headers
    .filter(([name]) => name.toLowerCase() === "connection")
    .flatMap(([, value]) => value.split(",").map((token) => token.trim().toLowerCase()))
    .filter((name) => !NEEDED.includes(name));
  const ending = new Set([...HOP_BY_HOP, ...named]);
  return headers.filter(([name]) => !ending.has(name.toLowerCase()));
}

/**
 * Adds the address of whoever connected to the end of `X-Forwarded-For`, in one line. That is what Istio's gateway does with
 * `numTrustedProxies: 0`: Envoy with `use_remote_address: true` and `xff_num_trusted_hops: 0` keeps what the client wrote
 * and appends the peer (Envoy's documentation, "HTTP header manipulation", example 1). A tool must believe the last entry only.
 */
export function withForwardedFor(headers: readonly Header[], address: string): Header[] {
  const said = headers.filter(([name]) => isNamed(name, "x-forwarded-for")).map(([, value]) => value);
  const others = headers.filter(([name]) => !isNamed(name, "x-forwarded-for"));
  return [...others, ["X-Forwarded-For", [...said, address].join(",")]];
}

/** The headers after a filter: `set` replaces every line of that name, `add` adds a line, `remove` takes all lines away. */
export function changed(headers: readonly Header[], { set, add, remove }: HeaderChange): Header[] {
  const gone = new Set([...set.map(([name]) => name), ...remove].map((name) => name.toLowerCase()));
  return [...headers.filter(([name]) => !gone.has(name.toLowerCase())), ...set, ...add];
}

function isNamed(name: string, lowerCase: string): boolean {
  return name.toLowerCase() === lowerCase;
}
