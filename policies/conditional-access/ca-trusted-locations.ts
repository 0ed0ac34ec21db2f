import { type Finding, resourceRule } from "../core/rule.ts";
import { elements, value } from "../core/values.ts";
import { type Range, readRange, touchesUnrouted } from "../readers/public-addresses.ts";
import { locationType } from "./types.ts";

/** Fewest leading bits of a trusted range: 65,536 addresses of IPv4; what a provider gives a whole company of IPv6. */
const shortest = { ipv4: 16, ipv6: 32 } as const;

function problem(range: Range | undefined, trusted: boolean): Omit<Finding, "at" | "found"> | undefined {
  if (range === undefined) return { wanted: "an IPv4 or IPv6 range in CIDR notation" };
  const most = shortest[range.family];
  if (trusted && range.bits < most) {
    const fix = "Name the ranges that your own connections come from, or set ip.trusted to false.";
    return { wanted: `a trusted range of /${most} or narrower`, fix };
  }
  return touchesUnrouted(range) ? { wanted: "public addresses" } : undefined;
}

/** A place counts for something only as far as its addresses are the company's own. */
export const caTrustedLocations = resourceRule(
  {
    name: "ca-trusted-locations",
    title: "Trusted places are the company's own addresses",
    what: "A named location's ranges are public, and a trusted one's no wider than /16 (IPv4) or /32 (IPv6).",
    why: "Policies ask less of who comes from a trusted place: with 0.0.0.0/0 that is everybody, with a /8 a whole provider's customers. Entra sees public addresses alone, so a private range matches nobody and the policy is not what it seems.",
    fix: "Name the public ranges that the office's sign-ins come from, IPv4 and IPv6.",
    severity: "high",
    url: "https://learn.microsoft.com/entra/identity/conditional-access/concept-assignment-network",
    mappings: [{ framework: "cis-m365", id: "5.2.2.14" }],
  },
  {
    types: [locationType],
    check({ props }, report) {
      const trusted = value(props, "ip.trusted") === true;
      for (const { path, item } of elements(props, "ip.ipRanges")) {
        if (item.kind !== "value") continue;
        const found = problem(readRange(String(item.value)), trusted);
        if (found) report({ at: path, found: JSON.stringify(item.value), ...found });
      }
    },
  },
);
