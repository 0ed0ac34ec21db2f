import { BlockList } from "node:net";

/** A range of IPv4 addresses, as the first and the last number. */
function numbers(range: string): { first: number; last: number } {
  const [address = "", bits = "32"] = range.split("/");
  const number = address.split(".").reduce((sum, octet) => sum * 256 + Number(octet), 0);
  const size = 2 ** (32 - Number(bits));
  const first = Math.floor(number / size) * size;
  return { first, last: first + size - 1 };
}

export const RANGE = /^(\d{1,3}\.){3}\d{1,3}\/([0-9]|[12][0-9]|3[0-2])$/;

export function rangeContains(outer: string, inner: string): boolean {
  const [out, within] = [numbers(outer), numbers(inner)];
  return out.first <= within.first && within.last <= out.last;
}

export function rangesOverlap(left: string, right: string): boolean {
  const [one, other] = [numbers(left), numbers(right)];
  return one.first <= other.last && other.first <= one.last;
}

/** Whether an address stands in a list of addresses and ranges. */
export function isListed(address: string, list: readonly string[]): boolean {
  const listed = new BlockList();
  for (const entry of list) {
    const [start = "", bits] = entry.split("/");
    if (bits === undefined) listed.addAddress(start);
    else listed.addSubnet(start, Number(bits));
  }
  return listed.check(address);
}
