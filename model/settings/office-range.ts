import { type AddressRange, parseRange } from "../conditional-access/addresses.ts";

/** A range of addresses with the length of its prefix. */
export interface OfficeRange extends AddressRange {
  readonly version: 4 | 6;
  readonly prefix: number;
}

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
].flatMap((text) => parseRange(text) ?? []);

/** Reads a range in CIDR notation, whether or not its address is the first one; undefined for anything else. */
export function parseOfficeRange(text: string): OfficeRange | undefined {
  const range = parseRange(text);
  if (range === undefined) return undefined;
  return { ...range, version: range.network.length === 1 ? 4 : 6, prefix: Number(text.split("/")[1]) };
}

/** The range as Entra writes it: from its first address, IPv6 in lower case and as short as RFC 5952 has it. */
export function rangeText({ version, network, prefix }: OfficeRange): string {
  return `${version === 4 ? textVersion4(network[0] ?? 0) : textVersion6(network)}/${prefix}`;
}

/** Whether no address of the range belongs to a private or otherwise unrouted network. */
export function isPublic(range: OfficeRange): boolean {
  return !NOT_PUBLIC.some((other) => overlap(range, other));
}

/** Two ranges overlap when they agree in the bits that both of them fix. */
function overlap(a: AddressRange, b: AddressRange): boolean {
  if (a.network.length !== b.network.length) return false;
  return a.network.every((word, index) => {
    const common = (a.mask[index] ?? 0) & (b.mask[index] ?? 0);
    return (word & common) === ((b.network[index] ?? 0) & common);
  });
}

function textVersion4(word: number): string {
  return [24, 16, 8, 0].map((shift) => (word >>> shift) & 255).join(".");
}

function textVersion6(words: readonly number[]): string {
  const groups = words.flatMap((word) => [(word >>> 16).toString(16), (word & 0xffff).toString(16)]);
  const text = groups.join(":");
  const runs = [...text.matchAll(/(?<![0-9a-f])0(:0)+(?![0-9a-f])/g)];
  const longest = runs.toSorted((a, b) => b[0].length - a[0].length)[0];
  if (longest === undefined) return text;
  const before = text.slice(0, longest.index).replace(/:$/, "");
  const after = text.slice(longest.index + longest[0].length).replace(/^:/, "");
  return `${before}::${after}`;
}
