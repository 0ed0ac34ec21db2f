/** An address as numbers of 32 bits: one for IPv4, four for IPv6. */
export type Address = readonly number[];

/** Addresses that share their first bits. */
export interface AddressRange {
  readonly network: Address;
  readonly mask: Address;
}

/** Reads an IPv4 or IPv6 address; undefined where the text is none. An IPv4 address inside IPv6 (`::ffff:…`) is the IPv4 one. */
export function parseAddress(text: string): Address | undefined {
  if (!text.includes(":")) return parseV4(text);
  const words = parseV6(text);
  const isMapped = words !== undefined && words[0] === 0 && words[1] === 0 && words[2] === 0xffff;
  return isMapped ? words.slice(3) : words;
}

/** Reads a range in CIDR notation; undefined where the text is none. Bits behind the prefix do not count. */
export function parseRange(text: string): AddressRange | undefined {
  const [, base = "", length = ""] = /^([^/]+)\/(\d{1,3})$/.exec(text) ?? [];
  const address = base.includes(":") ? parseV6(base) : parseV4(base);
  const prefix = Number(length);
  if (address === undefined || prefix > address.length * 32) return undefined;
  const mask = address.map((_, index) => wordMask(prefix - index * 32));
  return { network: address.map((word, index) => (word & (mask[index] ?? 0)) >>> 0), mask };
}

/** Whether an address lies in a range; never for one of the other protocol. */
export function isInRange(address: Address, { network, mask }: AddressRange): boolean {
  if (address.length !== network.length) return false;
  for (let index = 0; index < network.length; index++) {
    if (((address[index] ?? 0) & (mask[index] ?? 0)) >>> 0 !== network[index]) return false;
  }
  return true;
}

function wordMask(bits: number): number {
  if (bits <= 0) return 0;
  return bits >= 32 ? 0xffffffff : (0xffffffff << (32 - bits)) >>> 0;
}

function parseV4(text: string): Address | undefined {
  const parts = text.split(".");
  if (parts.length !== 4 || !parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256))
    return undefined;
  return [parts.reduce((word, part) => word * 256 + Number(part), 0)];
}

function parseV6(text: string): Address | undefined {
  const halves = withoutV4(text)?.split("::") ?? [];
  if (halves.length === 0 || halves.length > 2) return undefined;
  const [head = [], tail = []] = halves.map((half) => (half === "" ? [] : half.split(":")));
  const missing = 8 - head.length - tail.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined;
  const groups = [...head, ...Array.from({ length: missing }, () => "0"), ...tail];
  if (!groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return undefined;
  const numbers = groups.map((group) => Number.parseInt(group, 16));
  return [0, 2, 4, 6].map((index) => (numbers[index] ?? 0) * 0x10000 + (numbers[index + 1] ?? 0));
}

/** The last 32 bits may be written as an IPv4 address. */
function withoutV4(text: string): string | undefined {
  if (!text.includes(".")) return text;
  const at = text.lastIndexOf(":") + 1;
  const [word] = parseV4(text.slice(at)) ?? [];
  if (word === undefined) return undefined;
  return `${text.slice(0, at)}${(word >>> 16).toString(16)}:${(word & 0xffff).toString(16)}`;
}
