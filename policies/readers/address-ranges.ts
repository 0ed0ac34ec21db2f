import { BlockList, isIPv4 } from "node:net";

function parts(range: string): { readonly address: string; readonly bits: number } | undefined {
  const [address = "", bits = "32"] = range.split("/");
  return isIPv4(address) && /^\d{1,2}$/.test(bits) && Number(bits) <= 32 ? { address, bits: Number(bits) } : undefined;
}

/** Whether an IPv4 address or range lies inside another one. What is neither lies nowhere. */
export function liesWithin(inner: string, outer: string): boolean {
  const [small, large] = [parts(inner), parts(outer)];
  if (small === undefined || large === undefined || large.bits > small.bits) return false;
  const list = new BlockList();
  list.addSubnet(large.address, large.bits, "ipv4");
  return list.check(small.address, "ipv4");
}
