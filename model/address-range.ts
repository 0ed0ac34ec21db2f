/** A range of addresses: the first address as a number, and how many leading bits are fixed. */
export interface AddressRange {
  readonly version: 4 | 6;
  readonly first: bigint;
  readonly prefix: number;
}

const BITS = { 4: 32, 6: 128 } as const;

/** Addresses that the internet does not route, and so Entra never sees (IANA's special-purpose registries). */
const NOT_PUBLIC = [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.168.0.0/16",
  "224.0.0.0/3",
  "::/8",
  "fc00::/7",
  "fe80::/10",
  "ff00::/8",
].map((text) => parseRange(text) as AddressRange);

/** Reads a range in CIDR notation, whether or not its address is the first one; undefined for anything else. */
export function parseRange(text: string): AddressRange | undefined {
  const [address = "", bits = "", ...rest] = text.split("/");
  if (rest.length > 0 || !/^\d{1,3}$/.test(bits)) return undefined;
  const version = address.includes(":") ? 6 : 4;
  const first = version === 6 ? parseVersion6(address) : parseVersion4(address);
  const prefix = Number(bits);
  return first === undefined || prefix > BITS[version] ? undefined : { version, first, prefix };
}

/** The range as Entra writes it: from its first address, IPv6 in lower case and as short as RFC 5952 has it. */
export function rangeText({ version, first, prefix }: AddressRange): string {
  const free = BigInt(BITS[version] - prefix);
  const network = (first >> free) << free;
  return `${version === 4 ? textVersion4(network) : textVersion6(network)}/${prefix}`;
}

/** Whether no address of the range belongs to a private or otherwise unrouted network. */
export function isPublic(range: AddressRange): boolean {
  return !NOT_PUBLIC.some((other) => overlap(range, other));
}

function overlap(a: AddressRange, b: AddressRange): boolean {
  if (a.version !== b.version) return false;
  const free = BigInt(BITS[a.version] - Math.min(a.prefix, b.prefix));
  return a.first >> free === b.first >> free;
}

function parseVersion4(text: string): bigint | undefined {
  const octets = text.split(".");
  if (octets.length !== 4 || !octets.every((octet) => /^(0|[1-9]\d{0,2})$/.test(octet) && Number(octet) < 256)) {
    return undefined;
  }
  return octets.reduce((sum, octet) => sum * 256n + BigInt(octet), 0n);
}

function parseVersion6(text: string): bigint | undefined {
  const halves = text.split("::");
  if (halves.length > 2) return undefined;
  const [head = [], tail = []] = halves.map((half) => (half === "" ? [] : half.split(":")));
  const missing = 8 - head.length - tail.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  const groups = [...head, ...Array<string>(missing).fill("0"), ...tail];
  if (!groups.every((group) => /^[0-9A-Fa-f]{1,4}$/.test(group))) return undefined;
  return groups.reduce((sum, group) => sum * 65_536n + BigInt(`0x${group}`), 0n);
}

function textVersion4(value: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 255n).join(".");
}

function textVersion6(value: bigint): string {
  const groups = Array.from({ length: 8 }, (_, index) => ((value >> BigInt(112 - index * 16)) & 65_535n).toString(16));
  const runs = [...groups.join(":").matchAll(/(?<![0-9a-f])0(:0)+(?![0-9a-f])/g)];
  const longest = runs.toSorted((a, b) => b[0].length - a[0].length)[0];
  if (longest === undefined) return groups.join(":");
  const text = groups.join(":");
  const before = text.slice(0, longest.index).replace(/:$/, "");
  const after = text.slice(longest.index + longest[0].length).replace(/^:/, "");
  return `${before}::${after}`;
}
