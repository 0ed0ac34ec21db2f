import { type Address, type AddressRange, isInRange, parseAddress, parseRange } from "../addresses.ts";
import { type Answer, either, type Test, without } from "../answer.ts";
import type { CountryNamedLocation, IpNamedLocation, NamedLocation, PolicyConditions } from "../policy.ts";

/** Builds the conditions of a directory's policies on where a sign-in comes from. */
export type LocationConditions = (locations: PolicyConditions["locations"]) => Test | undefined;

/**
 * Where a sign-in comes from (https://learn.microsoft.com/entra/identity/conditional-access/concept-assignment-network):
 * named locations by id, `All` for any address, `AllTrusted` for the locations marked as trusted (MFA's own trusted
 * addresses, which Microsoft advises against, are not known here). A sign-in carries one country, which countries by
 * address and by GPS both ask for. An id that the directory does not know holds no address.
 *
 * @returns a function that makes a policy's condition, undefined where the policy has none
 */
export function locationConditions(named: readonly NamedLocation[]): LocationConditions {
  const read = addressReader();
  const tests = new Map(named.map((location) => [location.id, locationTest(location, read)]));
  const trusted = named.flatMap((location) =>
    location.kind === "ip" && location.isTrusted ? [tests.get(location.id) ?? nowhere] : [],
  );
  const anyOf = (ids: readonly string[]): Test => {
    if (ids.includes("All")) return () => true;
    const list = ids.flatMap((id) => (id === "AllTrusted" ? trusted : [tests.get(id) ?? nowhere]));
    return (facts) => {
      let answer: Answer = false;
      for (const test of list) {
        answer = either(answer, test(facts));
        if (answer === true) return true;
      }
      return answer;
    };
  };
  return (locations) => {
    if (locations === null || locations.includeLocations.length === 0) return undefined;
    const included = anyOf(locations.includeLocations);
    const excluded = anyOf(locations.excludeLocations);
    return (facts) => {
      const isIncluded = included(facts);
      return isIncluded !== false && without(isIncluded, excluded(facts));
    };
  };
}

const nowhere: Test = () => false;

type ReadAddress = (text: string) => Address | undefined;

/** Sign-ins come from few addresses, so those seen are kept, up to a bound. */
function addressReader(): ReadAddress {
  const seen = new Map<string, Address | undefined>();
  return (text) => {
    if (seen.has(text)) return seen.get(text);
    if (seen.size >= 4096) seen.clear();
    const address = parseAddress(text);
    seen.set(text, address);
    return address;
  };
}

function locationTest(location: NamedLocation, read: ReadAddress): Test {
  return location.kind === "ip" ? rangeTest(location, read) : countryTest(location);
}

function rangeTest({ ranges }: IpNamedLocation, read: ReadAddress): Test {
  const parsed = ranges.map(parseRange);
  const readable = parsed.filter((range): range is AddressRange => range !== undefined);
  const otherwise: Answer = readable.length === parsed.length ? false : "invalid";
  return ({ conditions: { ipAddress } }) => {
    if (ipAddress === undefined) return "unknown";
    const address = read(ipAddress);
    if (address === undefined) return "invalid";
    return readable.some((range) => isInRange(address, range)) || otherwise;
  };
}

function countryTest({ countriesAndRegions, includeUnknownCountriesAndRegions }: CountryNamedLocation): Test {
  const countries = new Set(countriesAndRegions);
  return ({ conditions: { country } }) => {
    if (country === undefined) return "unknown";
    return country === null ? includeUnknownCountriesAndRegions : countries.has(country);
  };
}
