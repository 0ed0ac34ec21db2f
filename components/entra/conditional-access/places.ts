import type { AuthenticationStrengthPolicyArgs } from "@pulumi/azuread/authenticationStrengthPolicy.js";
import type { NamedLocationArgs } from "@pulumi/azuread/namedLocation.js";
import type { AuthenticationStrength, NamedLocation } from "../../../model/conditional-access/policy.ts";

/** The inputs of a named location, of either kind. */
export function locationArgs(location: NamedLocation): NamedLocationArgs {
  const { displayName } = location;
  if (location.kind === "ip")
    return { displayName, ip: { ipRanges: [...location.ranges], trusted: location.isTrusted } };
  return {
    displayName,
    country: {
      countriesAndRegions: [...location.countriesAndRegions],
      includeUnknownCountriesAndRegions: location.includeUnknownCountriesAndRegions,
      countryLookupMethod: location.countryLookupMethod,
    },
  };
}

/** The inputs of a strength of the company's own. */
export function strengthArgs({
  displayName,
  allowedCombinations,
}: AuthenticationStrength): AuthenticationStrengthPolicyArgs {
  return {
    displayName,
    description: "Made and changed by Entrada, from the settings",
    allowedCombinations: [...allowedCombinations],
  };
}
