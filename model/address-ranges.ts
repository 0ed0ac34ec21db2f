/** A range of IPv4 addresses as numbers: first and last address, both included. */
export interface Range {
  readonly first: number;
  readonly last: number;
}

const OCTET = "(25[0-5]|2[0-4]\\d|1?\\d?\\d)";
const ADDRESS = `(${OCTET}\\.){3}${OCTET}`;

/** An IPv4 address or a range such as 203.0.113.0/24. */
export const ADDRESS_OR_RANGE = new RegExp(`^${ADDRESS}(/(3[0-2]|[12]?\\d))?$`);
/** A range such as 10.139.0.0/16. */
export const RANGE = new RegExp(`^${ADDRESS}/(3[0-2]|[12]?\\d)$`);

/** Ranges that never reach a service on the internet: RFC 1918, shared, loopback and link-local addresses. */
const PRIVATE = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16"];

/** Reads an address or a range. The text must have passed one of the patterns above. */
export function rangeOf(text: string): Range {
  const [address = "", bits = "32"] = text.split("/");
  const number = address.split(".").reduce((sum, octet) => sum * 256 + Number(octet), 0);
  const size = 2 ** (32 - Number(bits));
  const first = Math.floor(number / size) * size;
  return { first, last: first + size - 1 };
}

/** The number behind the slash; 32 for a single address. */
export function prefixLength(text: string): number {
  return Number(text.split("/")[1] ?? 32);
}

/** Whether the address that stands before the slash is the first of its range, as Azure demands of a subnet. */
export function startsItsRange(text: string): boolean {
  return rangeOf(text).first === rangeOf(text.split("/")[0] ?? "").first;
}

export function contains(outer: string, inner: string): boolean {
  const [out, within] = [rangeOf(outer), rangeOf(inner)];
  return out.first <= within.first && within.last <= out.last;
}

export function overlap(left: string, right: string): boolean {
  const [one, other] = [rangeOf(left), rangeOf(right)];
  return one.first <= other.last && other.first <= one.last;
}

/** Whether any of the addresses is one that the internet never sees. */
export function isPrivate(text: string): boolean {
  return PRIVATE.some((range) => overlap(range, text));
}
