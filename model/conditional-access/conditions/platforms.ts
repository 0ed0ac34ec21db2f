import { type Test, without } from "../answer.ts";
import type { PolicyConditions } from "../policy.ts";

/**
 * The device's platform (https://learn.microsoft.com/entra/identity/conditional-access/concept-conditional-access-conditions#device-platforms).
 * A platform that Entra does not recognise is matched by `all` only, which is how unsupported ones are blocked.
 *
 * @returns undefined where the policy has no such condition
 */
export function platformCondition(platforms: PolicyConditions["platforms"]): Test | undefined {
  if (platforms === null || platforms.includePlatforms.length === 0) return undefined;
  const included = new Set<string>(platforms.includePlatforms);
  const excluded = new Set<string>(platforms.excludePlatforms);
  return ({ conditions: { devicePlatform } }) => {
    const matches = (names: ReadonlySet<string>) => {
      if (names.size === 0 || names.has("all")) return names.size > 0;
      return devicePlatform === undefined ? "unknown" : devicePlatform !== null && names.has(devicePlatform);
    };
    return without(matches(included), matches(excluded));
  };
}
