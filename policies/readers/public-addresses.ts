import { BlockList, isIP } from "node:net";

/**
 * Networks that the internet does not route (IANA's special-purpose registries). A service outside sees no address of theirs:
 * behind every private address stands a public one.
 */
const unrouted: readonly (readonly [string, number])[] = [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.168.0.0", 16],
  ["224.0.0.0", 3],
  ["::", 8],
  ["fc00::", 7],
  ["fe80::", 10],
  ["ff00::", 8],
];

/** A range in CIDR notation, taken apart. */
export interface Range {
  readonly address: string;
  readonly family: "ipv4" | "ipv6";
  readonly bits: number;
}

/** The parts of a range in CIDR notation; undefined for anything else. */
export function readRange(text: string): Range | undefined {
  const [, address = "", length = ""] = /^([^/]+)\/(\d{1,3})$/.exec(text) ?? [];
  const version = isIP(address);
  const bits = Number(length);
  if (version === 0 || bits > (version === 4 ? 32 : 128)) return undefined;
  return { address, family: version === 4 ? "ipv4" : "ipv6", bits };
}

/** Whether some address of a range belongs to a network that the internet does not route. */
export function touchesUnrouted({ address, family, bits }: Range): boolean {
  return unrouted.some(([network, length]) => {
    if ((isIP(network) === 4 ? "ipv4" : "ipv6") !== family) return false;
    // Two ranges overlap when the wider one holds the other's address.
    const list = new BlockList();
    list.addSubnet(bits < length ? address : network, Math.min(bits, length), family);
    return list.check(bits < length ? network : address, family);
  });
}
