import { describe, expect, it } from "vitest";
import { isPublic, parseOfficeRange, rangeText } from "./office-range.ts";

function written(text: string): string | undefined {
  const range = parseOfficeRange(text);
  return range && rangeText(range);
}

describe("an address range", () => {
  it.each([
    ["198.51.100.0/24", "198.51.100.0/24"],
    ["198.51.100.77/24", "198.51.100.0/24"],
    ["203.0.113.9/32", "203.0.113.9/32"],
    ["0.0.0.0/0", "0.0.0.0/0"],
    ["2001:DB8:10::/48", "2001:db8:10::/48"],
    ["2001:db8:10:0:0:0:0:1/48", "2001:db8:10::/48"],
    ["2001:db8::1:0:0:1/128", "2001:db8::1:0:0:1/128"],
    ["2001:0:0:1:0:0:0:1/128", "2001:0:0:1::1/128"],
    ["2001:db8:1:2:3:4:5:6/128", "2001:db8:1:2:3:4:5:6/128"],
    ["2001:10:0:1:2:3:4:5/128", "2001:10:0:1:2:3:4:5/128"],
    ["::/0", "::/0"],
    ["::1/128", "::1/128"],
  ])("%s is written %s", (text, expected) => {
    expect(written(text)).toBe(expected);
  });

  it.each([
    "198.51.100.0",
    "198.51.100.0/33",
    "198.51.100/24",
    "198.51.100.256/24",
    "198.51.100.010/24",
    "1.2.3.4/8/8",
    "2001:db8::/129",
    "2001:db8::1::/48",
    "2001:db8/32",
    "1:2:3:4:5:6:7::8:9/64",
    "g::/16",
    "x/1",
  ])("%s is none", (text) => {
    expect(parseOfficeRange(text)).toBeUndefined();
  });

  it.each([
    ["198.51.100.0/24", true],
    ["9.0.0.0/8", true],
    ["10.20.0.0/16", false],
    ["8.0.0.0/6", false],
    ["172.31.255.0/24", false],
    ["172.32.0.0/24", true],
    ["192.168.1.1/32", false],
    ["100.100.0.0/16", false],
    ["0.0.0.0/0", false],
    ["2001:db8::/32", true],
    ["fd12:3456::/32", false],
    ["fe80::1/128", false],
    ["::1/128", false],
    ["f000::/4", false],
  ])("%s is public: %s", (text, expected) => {
    const range = parseOfficeRange(text);
    expect(range && isPublic(range)).toBe(expected);
  });
});
