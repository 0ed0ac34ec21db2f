import { describe, expect, it } from "vitest";
import { sampleSignIn } from "../../testing/conditional-access.ts";
import type { NamedLocation } from "../policy.ts";
import type { SignInConditions } from "../sign-in.ts";
import { locationConditions } from "./locations.ts";

const ip = (id: string, isTrusted: boolean, ...ranges: string[]): NamedLocation => ({
  kind: "ip",
  id,
  displayName: id,
  isTrusted,
  ranges,
});
const country = (id: string, countriesAndRegions: string[], includeUnknown: boolean): NamedLocation => ({
  kind: "country",
  id,
  displayName: id,
  countriesAndRegions,
  includeUnknownCountriesAndRegions: includeUnknown,
  countryLookupMethod: "clientIpAddress",
});

const named = [
  ip("lisbon", true, "198.51.100.0/24", "2001:db8:10::/48"),
  ip("cafe", false, "192.0.2.0/24"),
  country("home", ["DE", "PT"], false),
  country("anywhere-odd", ["KP"], true),
  ip("broken", false, "198.51.100.0/24", "nonsense"),
];

function answer(include: string[], exclude: string[], from: Partial<SignInConditions>) {
  const { ipAddress: _, country: __, ...rest } = sampleSignIn().conditions;
  const test = locationConditions(named)({ includeLocations: include, excludeLocations: exclude });
  return test?.({ ...sampleSignIn(), conditions: { ...rest, ...from } });
}

describe("locationConditions", () => {
  it("is absent where a policy has no locations", () => {
    expect(locationConditions(named)(null)).toBeUndefined();
    expect(locationConditions(named)({ includeLocations: [], excludeLocations: [] })).toBeUndefined();
  });

  it.each([
    ["lisbon", "198.51.100.7", true],
    ["lisbon", "2001:db8:10::7", true],
    ["lisbon", "203.0.113.1", false],
    ["AllTrusted", "198.51.100.7", true],
    ["AllTrusted", "192.0.2.1", false],
    ["All", "203.0.113.1", true],
    ["deleted", "203.0.113.1", false],
  ])("%s holds %s: %s", (id, ipAddress, expected) => {
    expect(answer([id], [], { ipAddress, country: "DE" })).toBe(expected);
  });

  it.each([
    ["home", "PT", true],
    ["home", "US", false],
    ["home", null, false],
    ["anywhere-odd", null, true],
    ["anywhere-odd", "KP", true],
    ["anywhere-odd", "DE", false],
  ])("%s holds the country %s: %s", (id, from, expected) => {
    expect(answer([id], [], { ipAddress: "203.0.113.1", country: from })).toBe(expected);
  });

  it("lets excluding win", () => {
    expect(answer(["All"], ["home"], { ipAddress: "203.0.113.1", country: "DE" })).toBe(false);
    expect(answer(["All", "lisbon"], ["AllTrusted"], { ipAddress: "198.51.100.7", country: "PT" })).toBe(false);
    expect(answer(["All"], ["home", "lisbon"], { ipAddress: "203.0.113.1", country: "US" })).toBe(true);
    expect(answer(["lisbon"], ["All"], { ipAddress: "198.51.100.7", country: "PT" })).toBe(false);
  });

  it("needs what the locations ask for, and nothing more", () => {
    expect(answer(["All"], [], {})).toBe(true);
    expect(answer(["lisbon"], [], {})).toBe("unknown");
    expect(answer(["home"], [], { ipAddress: "203.0.113.1" })).toBe("unknown");
    expect(answer(["All"], ["home"], { ipAddress: "203.0.113.1" })).toBe("unknown");
    expect(answer(["lisbon", "home"], [], { country: "DE" })).toBe(true);
    expect(answer(["lisbon", "home"], [], { country: "US" })).toBe("unknown");
    expect(answer(["lisbon"], ["home"], { country: "DE" })).toBe(false);
  });

  it("says where an address or a range cannot be read", () => {
    expect(answer(["lisbon"], [], { ipAddress: "somewhere" })).toBe("invalid");
    expect(answer(["All"], [], { ipAddress: "somewhere" })).toBe(true);
    expect(answer(["broken"], [], { ipAddress: "203.0.113.1" })).toBe("invalid");
    expect(answer(["broken"], [], { ipAddress: "198.51.100.1" })).toBe(true);
  });

  it("gives the same answer for an address that it saw before", () => {
    const test = locationConditions(named)({ includeLocations: ["lisbon"], excludeLocations: [] });
    const from = (ipAddress: string) => test?.(sampleSignIn({ ipAddress }));
    const round = () => ["198.51.100.7", "203.0.113.1", "somewhere"].map(from);
    expect(round()).toEqual([true, false, "invalid"]);
    expect(round()).toEqual([true, false, "invalid"]);
  });
});
