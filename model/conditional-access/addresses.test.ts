import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isInRange, parseAddress, parseRange } from "./addresses.ts";

function holds(range: string, address: string): boolean | undefined {
  const [parsedRange, parsedAddress] = [parseRange(range), parseAddress(address)];
  return parsedRange && parsedAddress && isInRange(parsedAddress, parsedRange);
}

describe("isInRange", () => {
  it.each([
    ["198.51.100.0/24", "198.51.100.0", true],
    ["198.51.100.0/24", "198.51.100.255", true],
    ["198.51.100.0/24", "198.51.101.0", false],
    ["198.51.100.77/24", "198.51.100.1", true],
    ["198.51.100.8/31", "198.51.100.9", true],
    ["198.51.100.8/31", "198.51.100.10", false],
    ["198.51.100.8/32", "198.51.100.8", true],
    ["198.51.100.8/32", "198.51.100.9", false],
    ["0.0.0.0/0", "255.255.255.255", true],
    ["255.0.0.0/8", "255.1.2.3", true],
    ["2001:db8:10::/48", "2001:db8:10:ffff::1", true],
    ["2001:db8:10::/48", "2001:db8:11::1", false],
    ["2001:db8::/33", "2001:db8:7fff::", true],
    ["2001:db8::/33", "2001:db8:8000::", false],
    ["2001:DB8::1/128", "2001:db8:0:0:0:0:0:1", true],
    ["::/0", "fe80::1", true],
    ["::/0", "198.51.100.1", false],
    ["0.0.0.0/0", "2001:db8::1", false],
    ["198.51.100.0/24", "::ffff:198.51.100.7", true],
    ["198.51.100.0/24", "::ffff:c633:6407", true],
    ["64:ff9b::/96", "64:ff9b::198.51.100.7", true],
  ])("%s holds %s: %s", (range, address, expected) => {
    expect(holds(range, address)).toBe(expected);
  });

  it("agrees with whole numbers for every IPv4 range", () => {
    const octets = (value: number) => [24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join(".");
    fc.assert(
      fc.property(fc.nat(0xffffffff), fc.nat(0xffffffff), fc.nat(32), (base, address, prefix) => {
        const size = 2 ** (32 - prefix);
        const expected = Math.floor(base / size) === Math.floor(address / size);
        expect(holds(`${octets(base)}/${prefix}`, octets(address))).toBe(expected);
      }),
    );
  });

  it("agrees with big integers for every IPv6 range", () => {
    const groups = (value: bigint) =>
      Array.from({ length: 8 }, (_, index) => ((value >> BigInt(112 - 16 * index)) & 0xffffn).toString(16)).join(":");
    const address = fc.bigInt({ min: 0n, max: 2n ** 128n - 1n });
    fc.assert(
      fc.property(address, fc.nat(128), fc.nat(127), fc.boolean(), (base, prefix, bit, flip) => {
        const other = flip ? base ^ (1n << BigInt(bit)) : base;
        const shift = BigInt(128 - prefix);
        // An address that reads as IPv4 inside IPv6 is compared as IPv4.
        fc.pre(other >> 32n !== 0xffffn);
        expect(holds(`${groups(base)}/${prefix}`, groups(other))).toBe(base >> shift === other >> shift);
      }),
    );
  });
});

describe("parseAddress and parseRange", () => {
  it.each([
    "",
    "1.2.3",
    "1.2.3.256",
    "01.2.3.4",
    "1.2.3.4.5",
    "a.b.c.d",
    "1::2::3",
    "1:2:3:4:5:6:7",
    "1:2:3:4:5:6:7:8:9",
  ])("refuse %j", (text) => {
    expect(parseAddress(text)).toBeUndefined();
    expect(parseRange(`${text}/8`)).toBeUndefined();
  });

  it.each(["1:2:3:4:5:6:7::8", "12345::", "g::", "::1.2.3", "fe80::1%eth0", "1:2:3:4::5:6:7:8"])(
    "refuse %j",
    (text) => {
      expect(parseAddress(text)).toBeUndefined();
    },
  );

  it.each([
    "198.51.100.0",
    "198.51.100.0/33",
    "2001:db8::/129",
    "198.51.100.0/",
    "198.51.100.0/-1",
    "198.51.100.0/8/8",
  ])("refuse the range %j", (text) => {
    expect(parseRange(text)).toBeUndefined();
  });
});
